import type { LogEntry, Page, Position } from './entry.ts';
import type { Unit } from './foldWalk.ts';
import { afterAll, type Place } from './walk.ts';

/** What paging needs of a view. */
export interface PageSource {
	/** Units beyond the one at `from`, in either direction. */
	walk(from: Place, direction: 1 | -1): { next(): Unit | undefined; readonly spent: boolean };
	/** The unit at a position, else the next below, else the last above. */
	unitAt(position: Position): Unit | undefined;
	entryOf(unit: Unit): LogEntry;
	/** Lines given up since a position was taken, from its own on. */
	skippedBefore(position: Position): number;
}

type CostOf = (entry: LogEntry) => number;

const empty = (searching: boolean, skippedBefore = 0): Page => ({
	entries: [],
	topRow: 0,
	first: undefined,
	last: undefined,
	atTop: true,
	atTail: true,
	skippedBefore,
	searching,
});

/** The page that ends with the newest entry. */
export const pageToTail = (source: PageSource, rows: number, costOf: CostOf, skippedBefore = 0): Page => {
	const walk = source.walk(afterAll, -1);
	const entries: LogEntry[] = [];
	let used = 0;
	let above: Unit | undefined = walk.next();
	while (above !== undefined && used < rows) {
		const entry = source.entryOf(above);
		entries.push(entry);
		used += Math.max(1, costOf(entry));
		above = walk.next();
	}
	entries.reverse();
	const first = entries[0];
	if (first === undefined) return empty(walk.spent, skippedBefore);
	const topRow = Math.max(0, used - rows);
	return {
		entries,
		topRow,
		first: { ...first.position, row: topRow },
		last: entries.at(-1)?.position,
		atTop: topRow === 0 && above === undefined && !walk.spent,
		atTail: true,
		skippedBefore,
		searching: walk.spent && used < rows,
	};
};

/** The page that begins at `anchor`; the page to the tail where there is not enough below it. */
export const pageFrom = (source: PageSource, anchor: Position, rows: number, costOf: CostOf): Page => {
	const skippedBefore = source.skippedBefore(anchor);
	const unit = source.unitAt(anchor);
	if (unit === undefined) return pageToTail(source, rows, costOf, skippedBefore);
	const first = source.entryOf(unit);
	const isSame = unit.place.seq === anchor.seq && unit.place.ring === anchor.ring;
	const topRow = isSame ? Math.min(anchor.row, Math.max(1, costOf(first)) - 1) : 0;
	const walk = source.walk(unit.place, 1);
	const entries = [first];
	let used = Math.max(1, costOf(first)) - topRow;
	let below: Unit | undefined = walk.next();
	while (below !== undefined && used < rows) {
		const entry = source.entryOf(below);
		entries.push(entry);
		used += Math.max(1, costOf(entry));
		below = walk.next();
	}
	if (used < rows && !walk.spent) return pageToTail(source, rows, costOf, skippedBefore);
	return {
		entries,
		topRow,
		first: { ...first.position, row: topRow },
		last: entries.at(-1)?.position,
		atTop: topRow === 0 && source.walk(unit.place, -1).next() === undefined,
		atTail: below === undefined && used <= rows && !walk.spent,
		skippedBefore,
		searching: walk.spent && used < rows,
	};
};
