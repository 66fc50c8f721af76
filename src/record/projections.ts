import type Database from 'better-sqlite3';
import { eventsOfKinds, prepareProjecting } from './projected.ts';
import { runProjection } from './projection.ts';
import { rolloutProjection } from './rolloutProjection.ts';
import { eventColumns, type EventRow } from './row.ts';
import { versionProjection } from './versionProjection.ts';

/** Brings every table that is made from events up to date with one more, within a transaction of the caller. */
export const prepareProjections = (sqlite: Database.Database): ((event: EventRow) => void) => {
	const each = [prepareProjecting(sqlite, runProjection), prepareProjecting(sqlite, versionProjection), prepareProjecting(sqlite, rolloutProjection)];
	return (event) => {
		for (const project of each) project(event);
	};
};

/** Fills the tables that version 2 brought from the events that are there. */
const fillSecond = (sqlite: Database.Database): void => {
	const projections = [prepareProjecting(sqlite, versionProjection), prepareProjecting(sqlite, rolloutProjection)];
	const kinds = [...(versionProjection.kinds ?? []), ...(rolloutProjection.kinds ?? [])];
	for (const event of eventsOfKinds(sqlite, kinds)) for (const project of projections) project(event);
};

/** Makes the rows of runs anew that were taken back within another one. */
const fillThird = (sqlite: Database.Database): void => {
	const project = prepareProjecting(sqlite, runProjection);
	const takenBack = sqlite
		.prepare<[], string>("SELECT run_id FROM runs WHERE parent_run_id IS NOT NULL AND EXISTS (SELECT 1 FROM events WHERE events.run_id = runs.run_id AND kind = 'rollback_started')")
		.pluck()
		.all();
	const remove = sqlite.prepare<[string]>('DELETE FROM runs WHERE run_id = ?');
	const events = sqlite.prepare<[string], EventRow>(`SELECT ${eventColumns} FROM events WHERE run_id = ? ORDER BY seq`);
	for (const runId of takenBack) {
		remove.run(runId);
		for (const event of events.all(runId)) project(event);
	}
};

/** What brings the rows up to each version from the one before it, from version 1 on. */
export const fills: readonly ((sqlite: Database.Database) => void)[] = [() => undefined, fillSecond, fillThird];
