/** Rows of each table. */
export type RowCounts = Readonly<Record<string, number>>;

/** Tables that a value names at most: what is registered has a bound. The others are counted. */
export const maxTables = 100;

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** How many rows were lost or won by table, where any were: `items 51 -> 50`. */
export const countChanges = (before: RowCounts, after: RowCounts): readonly string[] =>
	[...new Set([...Object.keys(before), ...Object.keys(after)])]
		.filter((table) => before[table] !== after[table])
		.toSorted((a, b) => a.localeCompare(b))
		.map((table) => `${table} ${before[table] ?? 'absent'} -> ${after[table] ?? 'absent'}`);

export const rowsOf = (counts: RowCounts): number => Object.values(counts).reduce((sum, count) => sum + count, 0);

export const countWords = (counts: RowCounts): string => `${plural(Object.keys(counts).length, 'table')}, ${plural(rowsOf(counts), 'row')}`;

/** The first tables by name, and how many there are beyond them. */
export const boundCounts = (counts: RowCounts): { readonly tables: RowCounts; readonly moreTables: number } => {
	const entries = Object.entries(counts);
	return { tables: entries.length <= maxTables ? counts : Object.fromEntries(entries.slice(0, maxTables)), moreTables: Math.max(0, entries.length - maxTables) };
};
