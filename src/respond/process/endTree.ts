import type { SeenProcess } from './processTable.ts';

/** A killed process is gone at once, unless it waits on a disk or is frozen. */
const goneMs = 2000;
const lookMs = 50;

/** The processes of a command, as they can be seen and signalled. */
export interface Tree {
	/** Those that live. @param known found earlier, whose parent may have ended since */
	alive(known: readonly SeenProcess[]): readonly SeenProcess[];
	readonly group: number;
	/** To the command's group as one, which no child escapes by being born meanwhile. */
	signalGroup(signal: NodeJS.Signals): void;
	/** @returns false where it is not permitted */
	signal(target: SeenProcess, signal: NodeJS.Signals): boolean;
	/** Monotonic, ms. */
	now(): number;
	sleep(ms: number): Promise<void>;
}

export interface TreeEnd {
	readonly survivors: readonly SeenProcess[];
	/** Of the survivors, those that may not be signalled. */
	readonly forbidden: readonly SeenProcess[];
}

/** TERM to all, grace, KILL to what is left, then a look whether all are gone. */
export const endTree = async (tree: Tree, graceMs: number): Promise<TreeEnd> => {
	const known = new Map<string, SeenProcess>();
	const key = (seen: SeenProcess): string => `${seen.pid}:${seen.start}`;
	const look = (): readonly SeenProcess[] => {
		const alive = tree.alive([...known.values()]);
		for (const seen of alive) known.set(key(seen), seen);
		return alive;
	};
	for (const [signal, patience] of [
		['SIGTERM', graceMs],
		['SIGKILL', goneMs],
	] as const) {
		const until = tree.now() + patience;
		const signalled = new Set<string>();
		let first = true;
		let alive = look();
		const inGroup = alive.filter((seen) => seen.group === tree.group);
		if (inGroup.length > 0) {
			tree.signalGroup(signal);
			// A stopped process sees TERM only once it goes on.
			if (signal === 'SIGTERM') tree.signalGroup('SIGCONT');
		}
		// Once is enough: many a program takes a second TERM for impatience.
		for (const seen of inGroup) signalled.add(key(seen));
		while (alive.length > 0) {
			for (const seen of alive.filter((each) => !signalled.has(key(each)))) {
				signalled.add(key(seen));
				// What starts after the TERM may be what its handler needs to tidy up: it has until the KILL.
				if (signal === 'SIGTERM' && !first) continue;
				tree.signal(seen, signal);
				if (signal === 'SIGTERM') tree.signal(seen, 'SIGCONT');
			}
			first = false;
			if (tree.now() >= until) break;
			await tree.sleep(Math.min(lookMs, Math.max(1, until - tree.now())));
			alive = look();
		}
		if (alive.length === 0) return { survivors: [], forbidden: [] };
	}
	const survivors = look();
	return { survivors, forbidden: survivors.filter((seen) => !tree.signal(seen, 'SIGKILL')) };
};
