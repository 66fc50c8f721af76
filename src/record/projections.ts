import type Database from 'better-sqlite3';
import { eventsOfKinds, prepareProjecting } from './projected.ts';
import { runProjection } from './projection.ts';
import { rolloutProjection } from './rolloutProjection.ts';
import type { EventRow } from './row.ts';
import { versionProjection } from './versionProjection.ts';

/** Brings every table that is made from events up to date with one more, within a transaction of the caller. */
export const prepareProjections = (sqlite: Database.Database): ((event: EventRow) => void) => {
	const each = [prepareProjecting(sqlite, runProjection), prepareProjecting(sqlite, versionProjection), prepareProjecting(sqlite, rolloutProjection)];
	return (event) => {
		for (const project of each) project(event);
	};
};

/** Fills the tables that version 2 brought from the events that are there. */
export const fillSecond = (sqlite: Database.Database): void => {
	const projections = [prepareProjecting(sqlite, versionProjection), prepareProjecting(sqlite, rolloutProjection)];
	const kinds = [...(versionProjection.kinds ?? []), ...(rolloutProjection.kinds ?? [])];
	for (const event of eventsOfKinds(sqlite, kinds)) for (const project of projections) project(event);
};
