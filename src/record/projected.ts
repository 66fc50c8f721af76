import type Database from 'better-sqlite3';
import { eventColumns, type EventRow } from './row.ts';

type Sqlite = Database.Database;

/** What a row of every table that is made from events has. */
export interface ProjectedRow {
	/** Newest event that made it what it is. */
	readonly lastSeq: number;
}

/** Values of the primary key, in its order. */
export type RowKey = readonly string[];

/** A table that is made from events. Writing, verifying and making it anew all go through `project`. */
export interface ProjectionSpec<Row extends ProjectedRow> {
	readonly table: string;
	/** For messages: `list of runs`. */
	readonly title: string;
	/** Version of the tables that brought it. */
	readonly sinceVersion: number;
	/** Every field of the row. Its column has the same name, written as `run_id` for `runId`. */
	readonly columns: readonly (keyof Row & string)[];
	readonly key: readonly (keyof Row & string)[];
	/** Columns that may change once the row is there. */
	readonly changing: readonly (keyof Row & string)[];
	/** Kinds of events that it is made from; every event of a run where absent. */
	readonly kinds?: readonly string[];
	/** Whose row an event belongs to; undefined where it belongs to none. @throws SyntaxError where the event is no JSON */
	keyOf(event: EventRow): RowKey | undefined;
	/** The row after one more of its events; undefined where there is none and this event does not begin one. */
	project(row: Row | undefined, event: EventRow): Row | undefined;
}

const columnOf = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Every row, under the names of {@link ProjectionSpec}. */
export const selectOf = <Row extends ProjectedRow>({ table, columns }: ProjectionSpec<Row>): string => `SELECT ${columns.map((name) => `${columnOf(name)} AS ${name}`).join(', ')} FROM ${table}`;

const concerns = <Row extends ProjectedRow>({ kinds }: ProjectionSpec<Row>, event: EventRow): boolean => (kinds === undefined ? event.runId !== null : kinds.includes(event.kind));

/** Brings the table up to date with one more event, within a transaction of the caller. */
export const prepareProjecting = <Row extends ProjectedRow>(sqlite: Sqlite, spec: ProjectionSpec<Row>): ((event: EventRow) => void) => {
	const { table, columns, key, changing } = spec;
	const keyColumns = key.map(columnOf);
	const set = changing.map((name) => `${columnOf(name)} = excluded.${columnOf(name)}`);
	const prepare = () => ({
		of: sqlite.prepare<string[], Row>(`${selectOf(spec)} WHERE ${keyColumns.map((column) => `${column} = ?`).join(' AND ')}`),
		put: sqlite.prepare<Row>(
			`INSERT INTO ${table} (${columns.map(columnOf).join(', ')}) VALUES (${columns.map((name) => `@${name}`).join(', ')}) ON CONFLICT (${keyColumns.join(', ')}) DO UPDATE SET ${set.join(', ')}`,
		),
	});
	// With the first event: a journal that is only read may not have the table.
	let statements: ReturnType<typeof prepare> | undefined;
	return (event) => {
		if (!concerns(spec, event)) return;
		const values = spec.keyOf(event);
		if (values === undefined) return;
		statements ??= prepare();
		const row = spec.project(statements.of.get(...values), event);
		if (row !== undefined) statements.put.run(row);
	};
};

/** The same in memory: what the table should be. */
export class Replay<Row extends ProjectedRow> {
	readonly spec: ProjectionSpec<Row>;
	readonly #rows = new Map<string, Row>();

	constructor(spec: ProjectionSpec<Row>) {
		this.spec = spec;
	}

	get rows(): ReadonlyMap<string, Row> {
		return this.#rows;
	}

	/** Under which a row stands in `rows`. */
	nameOf(row: Row): string {
		return JSON.stringify(this.spec.key.map((name) => row[name]));
	}

	follow(event: EventRow): void {
		if (!concerns(this.spec, event)) return;
		const key = this.spec.keyOf(event);
		if (key === undefined) return;
		const name = JSON.stringify(key);
		const row = this.spec.project(this.#rows.get(name), event);
		if (row !== undefined) this.#rows.set(name, row);
	}
}

/** Events of some kinds, oldest first; reads the whole record. */
export const eventsOfKinds = (sqlite: Sqlite, kinds: readonly string[]): readonly EventRow[] =>
	sqlite.prepare<string[], EventRow>(`SELECT ${eventColumns} FROM events WHERE kind IN (${kinds.map(() => '?').join(', ')}) ORDER BY seq`).all(...kinds);

/** What the table would be, from the events alone: for a journal of an earlier version that is only read. */
export const replayed = <Row extends ProjectedRow>(sqlite: Sqlite, spec: ProjectionSpec<Row>): readonly Row[] => {
	const replay = new Replay(spec);
	for (const event of eventsOfKinds(sqlite, spec.kinds ?? [])) replay.follow(event);
	return [...replay.rows.values()];
};
