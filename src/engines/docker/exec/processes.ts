/** One process of a container, as far as ending a command needs to know it. */
export interface Process {
	/** As whoever scanned sees it: on the host, or inside the container. */
	readonly pid: number;
	/** The same inside the container. */
	readonly innerPid: number;
	readonly parent: number;
	readonly session: number;
	/** Ticks since boot at which it started: tells a pid that was given out anew. */
	readonly startTime: number;
	/** Dead already, only not yet collected by its parent. */
	readonly zombie: boolean;
	/** Its environment carries the command's mark. */
	readonly marked: boolean;
}

/**
 * Reads a line of /proc/<pid>/stat; `undefined` for anything else. The name stands in brackets and may hold
 * brackets and spaces itself, so fields are counted from the last closing one.
 */
export function parseStat(line: string, marked: boolean, innerPid?: number): Process | undefined {
	const pid = Number.parseInt(line, 10);
	const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
	const [state, parent, , session] = fields;
	const startTime = fields[19];
	if (Number.isNaN(pid) || parent === undefined || session === undefined || startTime === undefined || !line.includes(')')) {
		return undefined;
	}
	return {
		pid,
		innerPid: innerPid ?? pid,
		parent: Number(parent),
		session: Number(session),
		startTime: Number(startTime),
		zombie: state === 'Z' || state === 'X',
		marked,
	};
}

/**
 * A command and everything it started that still lives: what carries its mark, what is in the session of its first
 * process, what descends from any of those, and what was found to be one of them before.
 * @param root pid of the command itself, where known
 * @param before processes found earlier, whose parent may have ended since
 */
export function family(processes: readonly Process[], root: number | undefined, before: readonly Process[]): readonly Process[] {
	const known = new Set(before.map(identity));
	const sessions = new Set(root === undefined ? [] : [root]);
	for (const process of [...before, ...processes]) {
		// A session of which a marked process is the leader belongs to the command as a whole.
		if (process.marked && process.session === process.pid) {
			sessions.add(process.session);
		}
	}
	const members = new Map<number, Process>();
	for (const process of processes) {
		const own = process.marked || process.pid === root || sessions.has(process.session) || known.has(identity(process));
		if (own && process.innerPid !== 1) {
			members.set(process.pid, process);
		}
	}
	for (let grew = true; grew; ) {
		grew = false;
		for (const process of processes) {
			if (!members.has(process.pid) && members.has(process.parent) && process.innerPid !== 1) {
				members.set(process.pid, process);
				grew = true;
			}
		}
	}
	return [...members.values()].filter((process) => !process.zombie);
}

function identity(process: Process): string {
	return `${process.pid}:${process.startTime}`;
}
