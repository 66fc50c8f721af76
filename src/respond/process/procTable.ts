import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import type { ProcessTable, SeenProcess } from './processTable.ts';

const read = (path: string): string | undefined => {
	try {
		return readFileSync(path, 'latin1');
	} catch {
		// Ended meanwhile, or somebody else's.
		return undefined;
	}
};

/** A line of stat is shorter than this by far. One buffer for all: there are hundreds of them to read in a row. */
const buffer = Buffer.alloc(4096);

const readLine = (path: string): string | undefined => {
	let fd: number;
	try {
		fd = openSync(path, 'r');
	} catch {
		return undefined;
	}
	try {
		return buffer.toString('latin1', 0, readSync(fd, buffer));
	} catch {
		return undefined;
	} finally {
		closeSync(fd);
	}
};

/** proc(5), `/proc/pid/stat`. The name in parentheses may hold blanks and parentheses itself: the fields begin after the last one. */
const parse = (pid: number, stat: string): SeenProcess => {
	const open = stat.indexOf('(');
	const close = stat.lastIndexOf(')');
	const fields = stat.slice(close + 2).split(' ');
	return {
		pid,
		parent: Number(fields[1]),
		group: Number(fields[2]),
		session: Number(fields[3]),
		start: Number(fields[19]),
		name: stat.slice(open + 1, close),
		zombie: fields[0] === 'Z' || fields[0] === 'X',
		marked: false,
	};
};

/** Linux. `start` is in clock ticks since the machine's start. @param root where procfs is mounted */
export const procTable = (root: string): ProcessTable => {
	const look = (pid: number): SeenProcess | undefined => {
		const stat = readLine(`${root}/${pid}/stat`);
		return stat === undefined ? undefined : parse(pid, stat);
	};
	return {
		bootId: () => (read(`${root}/sys/kernel/random/boot_id`) ?? 'unknown').trim(),
		look,
		all: (mark, since) =>
			readdirSync(root)
				.filter((name) => /^\d+$/.test(name))
				.map((name) => look(Number(name)))
				.filter((seen) => seen !== undefined)
				.filter((seen) => seen.start >= since)
				.map((seen) => (read(`${root}/${seen.pid}/environ`)?.includes(mark) === true ? { ...seen, marked: true } : seen)),
	};
};
