import type { ServiceRow } from '../../src/console/view.ts';
import { inTens } from '../../src/domain/duration.ts';
import { count, figure, shortBytes, shortDuration } from './words.ts';

/** One column of figures in the services pane. */
export interface Column {
	readonly title: string;
	readonly width: number;
	readonly side: 'left' | 'right';
	/** `undefined` where there is no figure; never shown as 0. */
	readonly text: (row: ServiceRow) => string | undefined;
	/** Whether it is a reading that grows old, marked `?` when stale. */
	readonly ages: boolean;
	/** Whether the figure deserves weight. */
	readonly loud: (row: ServiceRow) => boolean;
	/** Lower ones get room first. */
	readonly rank: number;
}

const quiet = (): boolean => false;
const optional = (value: number | undefined, say: (value: number) => string): string | undefined => (value === undefined ? undefined : say(value));
/** No dash for an empty text: what is not known is left blank. */
const text = (value: string): string | undefined => (value === '' ? undefined : value);

/** In the order in which they are drawn. */
const all: readonly Column[] = [
	{ title: 'cpu %', width: 5, side: 'right', text: (row) => optional(row.cpuPercent, figure), ages: true, loud: quiet, rank: 0 },
	{ title: 'mem %', width: 5, side: 'right', text: (row) => optional(row.memoryPercent, figure), ages: true, loud: quiet, rank: 1 },
	{ title: 'memory', width: 6, side: 'right', text: (row) => optional(row.memoryBytes, shortBytes), ages: true, loud: quiet, rank: 5 },
	{ title: 'err/min', width: 7, side: 'right', text: (row) => optional(row.errorsPerMinute, count), ages: true, loud: (row) => (row.errorsPerMinute ?? 0) > 0, rank: 2 },
	{ title: 'restarts', width: 8, side: 'right', text: (row) => optional(row.restarts, count), ages: false, loud: (row) => (row.restarts ?? 0) > 0, rank: 3 },
	{ title: 'up', width: 5, side: 'right', text: (row) => optional(row.uptimeMs, (ms) => shortDuration(inTens(ms))), ages: false, loud: quiet, rank: 4 },
	{ title: 'rx/s', width: 6, side: 'right', text: (row) => optional(row.rxBytesPerSecond, shortBytes), ages: true, loud: quiet, rank: 8 },
	{ title: 'tx/s', width: 6, side: 'right', text: (row) => optional(row.txBytesPerSecond, shortBytes), ages: true, loud: quiet, rank: 9 },
	{ title: 'image', width: 28, side: 'left', text: (row) => text(row.image), ages: false, loud: quiet, rank: 6 },
	{ title: 'ports', width: 18, side: 'left', text: (row) => text(row.ports), ages: false, loud: quiet, rank: 7 },
];

/** The reason in words keeps at least so many cells, more where the pane is wide. */
const reasonWidth = (room: number): number => (room < 80 ? 34 : 46);

/** Cells that columns take, with the space before each. */
export const columnsWidth = (columns: readonly Column[]): number => columns.reduce((sum, column) => sum + column.width + 1, 0);

/**
 * The columns that fit.
 * @param room cells behind the name; the reason and the columns share them
 */
export const chooseColumns = (room: number): readonly Column[] => {
	const chosen = new Set<Column>();
	let left = room - reasonWidth(room);
	for (const column of all.toSorted((a, b) => a.rank - b.rank)) {
		if (column.width + 1 > left) break;
		chosen.add(column);
		left -= column.width + 1;
	}
	return all.filter((column) => chosen.has(column));
};
