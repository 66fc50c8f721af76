import type { RolloutRecord } from '../domain/journal.ts';
import type { RolloutOutcome } from '../domain/rollout.ts';
import type { RunEvent } from '../domain/run/event.ts';
import type { ProjectionSpec } from './projected.ts';
import type { EventRow } from './row.ts';
import { storedJson } from './storedJson.ts';

/** One row of `rollouts`. Plan and act are in the events that `begunSeq` and `actSeq` name. */
export interface RolloutRow {
	readonly planId: string;
	readonly service: string;
	readonly runId: string;
	/** When it was begun first. */
	readonly begunAt: number;
	/** When it was begun last: a move that is taken up again, or back, is the newest. */
	readonly begunSeq: number;
	readonly actSeq: number | null;
	readonly freshId: string | null;
	readonly undoing: number;
	readonly ended: RolloutOutcome['end'] | null;
	readonly words: string | null;
	readonly retired: number;
	readonly lastSeq: number;
}

type Begun = Extract<RunEvent, { kind: 'rollout_begun' }>;
type Act = Extract<RunEvent, { kind: 'rollout_act' }>;
type Ended = Extract<RunEvent, { kind: 'rollout_ended' }>;

const begunRow = (row: RolloutRow | undefined, { seq, at, runId, data }: EventRow): RolloutRow | undefined => {
	if (runId === null) return row;
	const { plan, service, undoing } = storedJson<Begun>(data);
	return {
		planId: plan.id.toWellFormed(),
		service: service.toWellFormed(),
		runId,
		begunAt: row?.begunAt ?? at,
		begunSeq: seq,
		actSeq: row?.actSeq ?? null,
		freshId: row?.freshId ?? null,
		undoing: undoing ? 1 : 0,
		// It is under way again: how it ended before says nothing any more.
		ended: null,
		words: null,
		retired: row?.retired ?? 0,
		lastSeq: seq,
	};
};

const rowAfter = (row: RolloutRow | undefined, event: EventRow): RolloutRow | undefined => {
	if (event.kind === 'rollout_begun') return begunRow(row, event);
	if (row === undefined) return undefined;
	const lastSeq = event.seq;
	switch (event.kind) {
		case 'rollout_act': {
			const { stage, undoing, freshId } = storedJson<Act>(event.data);
			return { ...row, undoing: undoing ? 1 : 0, ...(stage === 'begins' ? { actSeq: event.seq } : {}), freshId: freshId?.toWellFormed() ?? row.freshId, lastSeq };
		}
		case 'rollout_ended': {
			const { end, words, undoing, freshId } = storedJson<Ended>(event.data);
			return { ...row, undoing: undoing ? 1 : 0, ended: end, words: words.toWellFormed(), freshId: freshId?.toWellFormed() ?? row.freshId, lastSeq };
		}
		case 'rollout_retired':
			return { ...row, retired: 1, lastSeq };
	}
	return row;
};

export const rolloutProjection: ProjectionSpec<RolloutRow> = {
	table: 'rollouts',
	title: 'list of moves',
	sinceVersion: 2,
	columns: ['planId', 'service', 'runId', 'begunAt', 'begunSeq', 'actSeq', 'freshId', 'undoing', 'ended', 'words', 'retired', 'lastSeq'],
	key: ['planId'],
	changing: ['service', 'runId', 'begunSeq', 'actSeq', 'freshId', 'undoing', 'ended', 'words', 'retired', 'lastSeq'],
	kinds: ['rollout_begun', 'rollout_act', 'rollout_ended', 'rollout_retired'],
	keyOf: ({ kind, data }) => [(kind === 'rollout_begun' ? storedJson<Begun>(data).plan.id : storedJson<Act>(data).planId).toWellFormed()],
	project: rowAfter,
};

/** @param dataOf the stored text of an event @param engineOf address of the engine that a run was started on */
export const rolloutRecordOf = (row: RolloutRow, dataOf: (seq: number) => string, engineOf: (runId: string) => string | undefined): RolloutRecord => {
	const engine = engineOf(row.runId);
	return {
		planId: row.planId,
		service: row.service,
		...(engine === undefined ? {} : { engine }),
		runId: row.runId,
		state: { plan: storedJson<Begun>(dataOf(row.begunSeq)).plan, ...(row.freshId === null ? {} : { freshId: row.freshId }) },
		begunAt: row.begunAt,
		...(row.actSeq === null ? {} : { act: storedJson<Act>(dataOf(row.actSeq)).act }),
		undoing: row.undoing === 1,
		...(row.ended === null ? {} : { end: row.ended }),
		...(row.words === null ? {} : { words: row.words }),
		retired: row.retired === 1,
	};
};
