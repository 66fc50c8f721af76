import type { Actor, RunSummary } from '../domain/journal.ts';
import type { RunEvent } from '../domain/run/event.ts';
import type { ProjectionSpec } from './projected.ts';
import type { EventRow } from './row.ts';
import { storedJson } from './storedJson.ts';

/** One row of `runs`. */
export interface RunRow {
	readonly runId: string;
	readonly playbookId: string;
	readonly title: string;
	readonly service: string | null;
	readonly engine: string;
	readonly startedAt: number;
	readonly endedAt: number | null;
	readonly outcome: string | null;
	readonly startedBy: string;
	readonly parentRunId: string | null;
	readonly dryRun: number;
	readonly firstSeq: number;
	readonly lastSeq: number;
}

type Started = Extract<RunEvent, { kind: 'run_started' }>;
type Ended = Extract<RunEvent, { kind: 'run_ended' }>;

/** @returns undefined where the run has not been started in this journal */
const projectFirstEnd = (row: RunRow | undefined, event: EventRow): RunRow | undefined => {
	if (row === undefined) return event.kind === 'run_started' && event.runId !== null ? startedRow(event.runId, event) : undefined;
	if (event.kind !== 'run_ended' || row.endedAt !== null) return { ...row, lastSeq: event.seq };
	const { outcome } = storedJson<Ended>(event.data);
	return { ...row, endedAt: event.at, outcome, lastSeq: event.seq };
};

/** A run within a run is open again where it is taken back with the outer one: how that ends is how it ended. */
const projectRun = (row: RunRow | undefined, event: EventRow): RunRow | undefined => {
	const opened = row !== undefined && row.parentRunId !== null && event.kind === 'rollback_started' ? { ...row, endedAt: null, outcome: null } : row;
	return projectFirstEnd(opened, event);
};

const startedRow = (runId: string, { seq, at, actor, data }: EventRow): RunRow => {
	const { playbookId, title, service, engine, parent, dryRun } = storedJson<Started>(data);
	return {
		runId,
		// As SQLite will give them back.
		playbookId: playbookId.toWellFormed(),
		title: title.toWellFormed(),
		service: service?.toWellFormed() ?? null,
		engine: engine.name.toWellFormed(),
		startedAt: at,
		endedAt: null,
		outcome: null,
		startedBy: actor,
		parentRunId: parent?.runId.toWellFormed() ?? null,
		dryRun: dryRun ? 1 : 0,
		firstSeq: seq,
		lastSeq: seq,
	};
};

export const runProjection: ProjectionSpec<RunRow> = {
	table: 'runs',
	title: 'list of runs',
	sinceVersion: 1,
	columns: ['runId', 'playbookId', 'title', 'service', 'engine', 'startedAt', 'endedAt', 'outcome', 'startedBy', 'parentRunId', 'dryRun', 'firstSeq', 'lastSeq'],
	key: ['runId'],
	changing: ['endedAt', 'outcome', 'lastSeq'],
	keyOf: ({ runId }) => (runId === null ? undefined : [runId]),
	project: projectRun,
};

/** As it was before version 3: the first end of a run counted. For verifying what an earlier sitrep has written. */
export const earlierRunProjection: ProjectionSpec<RunRow> = { ...runProjection, project: projectFirstEnd };

/** Version of the tables since which a run that is taken back is listed as that. */
export const lastEndSinceVersion = 3;

export const summaryOf = (row: RunRow): RunSummary => ({
	runId: row.runId,
	playbookId: row.playbookId,
	title: row.title,
	...(row.service === null ? {} : { service: row.service }),
	engine: row.engine,
	startedAt: row.startedAt,
	...(row.endedAt === null ? {} : { endedAt: row.endedAt }),
	...(row.outcome === null ? {} : { outcome: row.outcome }),
	startedBy: storedJson<Actor>(row.startedBy),
	...(row.parentRunId === null ? {} : { parentRunId: row.parentRunId }),
	dryRun: row.dryRun === 1,
	lastSeq: row.lastSeq,
});
