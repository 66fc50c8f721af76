import { execFileSync } from 'node:child_process';
import type { ProcessTable, SeenProcess } from './processTable.ts';

/** A look at the process table must not hang what waits for it. */
const timeoutMs = 5000;
const columns = ['-o', 'pid=,ppid=,pgid=,stat=,lstart=,comm='];
/** pid, parent, group, state, start as `Mon Jan  2 15:04:05 2006`, name. */
const row = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\w{3}\s+\w{3}\s+\d+\s+[\d:]+\s+\d{4})\s+(.*)$/;

const run = (program: string, argv: readonly string[]): string => {
	try {
		return execFileSync(program, argv, { encoding: 'utf8', timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024, stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' } });
	} catch {
		// `ps -p` of a process that is gone ends with 1.
		return '';
	}
};

/** Rows of `ps` with the columns above. `start` is epoch seconds; the session is taken to be the group, for not every ps tells it. */
export const parseRows = (text: string): readonly SeenProcess[] =>
	text.split('\n').flatMap((line) => {
		const [, pid, parent, group, state, start, name] = row.exec(line) ?? [];
		if (pid === undefined || start === undefined || name === undefined) return [];
		const seconds = Date.parse(`${start} UTC`) / 1000;
		return [{ pid: Number(pid), parent: Number(parent), group: Number(group), session: Number(group), start: seconds, name: name.split('/').at(-1) ?? name, zombie: state?.startsWith('Z') === true, marked: false }];
	});

/** Through `ps`, where there is no procfs. */
export const psTable = (): ProcessTable => ({
	bootId: () => run('sysctl', ['-n', 'kern.boottime']).trim() || 'unknown',
	look: (pid) => parseRows(run('ps', [...columns, '-p', String(pid)]))[0],
	all(mark, since) {
		// BSD's `e` adds the environment to the command, of one's own processes.
		const marked = new Set(
			run('ps', ['axeww', '-o', 'pid=,command='])
				.split('\n')
				.filter((line) => line.includes(mark))
				.map((line) => Number.parseInt(line, 10)),
		);
		return parseRows(run('ps', ['-A', ...columns]))
			.filter((seen) => seen.start >= since)
			.map((seen) => (marked.has(seen.pid) ? { ...seen, marked: true } : seen));
	},
});
