import { maxTables, plural, type RowCounts } from './counts.ts';

/** What a restore would do to one table. */
export interface TableLoss {
	readonly table: string;
	/** Rows there now. Absent: there is no such table now. */
	readonly now?: number;
	/** Rows in the backup. Absent: the backup has no such table. */
	readonly backup?: number;
	/** Rows as they are now that the backup has not: written or changed after it. They are lost. */
	readonly lost: number;
	/** How many of the lost ones stand in the backup as they were before a change. Absent where this is not told apart. */
	readonly changed?: number;
	/** Rows of the backup that are not there now as they were: deleted or changed after it. They come back. */
	readonly back: number;
	/** False where the rows could only be counted, not compared: `lost` is then the least it can be. */
	readonly compared: boolean;
}

/** What a restore would lose, counted and named by table. */
export interface Loss {
	readonly rows: number;
	/** True where every table was compared row by row. */
	readonly exact: boolean;
	/** Tables of which rows are lost or come back, the heaviest loss first, at most 100. */
	readonly tables: readonly TableLoss[];
	readonly moreTables: number;
	/** One line. */
	readonly words: string;
}

const lostWords = ({ table, now, backup, lost, changed, compared }: TableLoss): string => {
	if (backup === undefined) return `the whole table ${table} with ${plural(now ?? lost, 'row')}`;
	const least = compared ? '' : 'at least ';
	if (changed === undefined) return `${least}${plural(lost, 'row')} of ${table} written${compared ? ' or changed' : ''} after the backup`;
	const written = lost - changed;
	const parts = [...(written > 0 ? [`${plural(written, 'row')} of ${table} written after the backup`] : []), ...(changed > 0 ? [`the newer state of ${plural(changed, 'row')} of ${table}`] : [])];
	return `${least}${parts.join(' and ')}`;
};

const backWords = ({ table, now, back, changed = 0 }: TableLoss): string =>
	now === undefined ? `the table ${table} with ${plural(back, 'row')} comes back` : `${plural(back - changed, 'row')} of ${table} ${back - changed === 1 ? 'comes' : 'come'} back`;

/** So many tables are named in one line. */
const named = 5;

const list = (parts: readonly string[], of: string): string => (parts.length <= named ? parts.join(', ') : `${parts.slice(0, named).join(', ')} and of ${parts.length - named} more ${of}`);

export const isTouched = (each: TableLoss): boolean => each.lost > 0 || each.back > 0 || each.now === undefined || each.backup === undefined || !each.compared;

/** Adds the tables up. Tables of which nothing is lost and nothing comes back are left out. */
export const lossOf = (all: readonly TableLoss[]): Loss => {
	const touched = all.filter(isTouched).toSorted((a, b) => b.lost - a.lost || a.table.localeCompare(b.table));
	const losing = touched.filter((each) => each.lost > 0);
	const coming = touched.filter((each) => each.back > (each.changed ?? 0));
	const rows = losing.reduce((sum, each) => sum + each.lost, 0);
	const exact = all.every((each) => each.compared);
	const nothing = exact ? 'no row is lost' : 'no row is lost as far as counts tell; tables were too large to compare';
	const words = [losing.length === 0 ? nothing : `lost: ${list(losing.map(lostWords), 'tables')}`, ...(coming.length === 0 ? [] : [list(coming.map(backWords), 'tables')])].join('; ');
	return { rows, exact, tables: touched.slice(0, maxTables), moreTables: Math.max(0, touched.length - maxTables), words };
};

/** What counts alone tell: where there are more rows now than in the backup, at least the difference is lost. */
export const lossByCounts = (table: string, now: number | undefined, backup: number | undefined): TableLoss => ({
	table,
	...(now === undefined ? {} : { now }),
	...(backup === undefined ? {} : { backup }),
	lost: Math.max(0, (now ?? 0) - (backup ?? 0)),
	back: Math.max(0, (backup ?? 0) - (now ?? 0)),
	compared: now === undefined || backup === undefined || now === 0 || backup === 0,
});

export const tablesOf = (now: RowCounts, backup: RowCounts): readonly string[] => [...new Set([...Object.keys(now), ...Object.keys(backup)])].toSorted((a, b) => a.localeCompare(b));
