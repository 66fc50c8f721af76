import type { SeenProcess } from './processTable.ts';
import type { ProcessIdentity } from './records.ts';

export const sameProcess = (a: ProcessIdentity, b: ProcessIdentity): boolean => a.pid === b.pid && a.start === b.start;

/**
 * Those of the processes that belong to a command: itself, its session and group, the marked ones, those known from
 * an earlier look, and their children. A process that clears its environment, opens a session of its own and is
 * left by its parent before anybody looks belongs to nobody.
 * @param processes all that started when the command did, or later
 */
export const familyOf = (processes: readonly SeenProcess[], root: ProcessIdentity, known: readonly ProcessIdentity[] = []): readonly SeenProcess[] => {
	const members = new Set<number>();
	for (const seen of processes) {
		const own = seen.marked || seen.session === root.pid || seen.group === root.pid || sameProcess(seen, root) || known.some((each) => sameProcess(seen, each));
		if (own) members.add(seen.pid);
	}
	for (let grew = true; grew; ) {
		grew = false;
		for (const seen of processes) {
			if (!members.has(seen.pid) && members.has(seen.parent)) {
				members.add(seen.pid);
				grew = true;
			}
		}
	}
	return processes.filter((seen) => members.has(seen.pid) && !seen.zombie);
};

/** As people are told of it. */
export const nameOf = (seen: SeenProcess): string => `${seen.pid} ${seen.name}`;
