import { parseStat, type Process } from './processes.ts';
import type { Reach } from './reach.ts';

/** Runs a small command inside the container and returns its standard output; `undefined` where it could not be run. */
export type RunInside = (argv: readonly string[], user: string | undefined) => Promise<string | undefined>;

/**
 * Shell words only (`read`, `case`, `echo`, `kill` are built in everywhere), so that an image needs a shell and nothing else.
 * One line a process: `+` where its environment has the mark, then its stat line.
 */
const scanScript = `
for d in /proc/[0-9]*; do
	m=-
	while IFS= read -r l || [ -n "$l" ]; do
		case $l in *"$1"*) m=+; break;; esac
	done 2>/dev/null < "$d/environ"
	IFS= read -r s 2>/dev/null < "$d/stat" && echo "$m $s"
done
exit 0`;

const killScript = 's=$1; shift; for p; do kill -s "$s" "$p" 2>/dev/null; done; exit 0';

/** Where images keep a shell, the usual place first. */
const shells: readonly (readonly string[])[] = [['sh'], ['/bin/busybox', 'sh'], ['/busybox/sh'], ['bash']];

/**
 * Through a second command inside the container: works wherever the engine is, and needs a shell in the image.
 * @param user whom the command ran as: only the same user may read its processes' environment
 */
export function createInsideReach(run: RunInside, mark: string, user: string | undefined): Reach {
	let shell: readonly string[] | undefined;

	const inShell = async (script: string, words: readonly string[], as: string | undefined): Promise<string | undefined> => {
		for (const candidate of shell === undefined ? shells : [shell]) {
			const output = await run([...candidate, '-c', script, 'sitrep', ...words], as);
			if (output !== undefined) {
				shell = candidate;
				return output;
			}
		}
		return undefined;
	};

	return {
		side: 'inside',
		scan: async () => parseScan(await inShell(scanScript, [mark], user)),
		kill: async (processes, signal) => {
			const words = [signal.slice('SIG'.length), ...processes.map((process) => String(process.pid))];
			await inShell(killScript, words, user);
			// What changed its user since is left to root.
			if (signal === 'SIGKILL') {
				await inShell(killScript, words, '0');
			}
		},
	};
}

export function parseScan(output: string | undefined): readonly Process[] | undefined {
	if (output === undefined) {
		return undefined;
	}
	const processes: Process[] = [];
	for (const line of output.split('\n')) {
		const process = parseStat(line.slice(2), line.startsWith('+'));
		if (process !== undefined) {
			processes.push(process);
		}
	}
	return processes.length === 0 ? undefined : processes;
}
