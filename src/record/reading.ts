import type { RolloutRecord, RunSummary, VersionRecord } from '../domain/journal.ts';
import type { JournalDatabase } from './database.ts';
import { replayed, selectOf } from './projected.ts';
import { runProjection, type RunRow, summaryOf } from './projection.ts';
import { rolloutProjection, rolloutRecordOf, type RolloutRow } from './rolloutProjection.ts';
import { eventColumns, type EventRow } from './row.ts';
import { versionProjection, versionRecordOf, type VersionRow } from './versionProjection.ts';

export interface RunFilter {
	readonly unfinished?: boolean;
	readonly service?: string;
	readonly limit?: number;
}

export interface RolloutFilter {
	readonly service?: string;
	/** Address; a move whose engine is not known is on every one. */
	readonly engine?: string;
	readonly planId?: string;
	readonly unended?: boolean;
	readonly limit?: number;
}

export interface Reading {
	/** Events of a run after `afterSeq`, oldest first, at most `limit`. */
	run(runId: string, afterSeq: number, limit: number): readonly EventRow[];
	/** All events after `afterSeq`, oldest first, at most `limit`. */
	all(afterSeq: number, limit: number): readonly EventRow[];
	/** Newest first. */
	runs(filter: RunFilter): readonly RunSummary[];
	/** Newest seen first. */
	versions(service: string, engine: string): readonly VersionRecord[];
	/** Newest begun first. */
	rollouts(filter: RolloutFilter): readonly RolloutRecord[];
	/** Changes whenever another connection has written. */
	version(): number;
}

/** What asks for versions and moves; made when first asked for. */
interface Asking {
	versions(service: string, engine: string): readonly VersionRow[];
	rollouts(filter: RolloutFilter): readonly RolloutRow[];
}

/** A move is on the engine that its newest run was started on. */
const engineOfMove = "(SELECT json_extract(data, '$.engine.address') FROM events WHERE kind = 'run_started' AND seq = (SELECT first_seq FROM runs WHERE runs.run_id = rollouts.run_id))";

const askTables = (sqlite: JournalDatabase['sqlite']): Asking => {
	const versions = sqlite.prepare<[string, string], VersionRow>(`${selectOf(versionProjection)} WHERE service = ? AND engine = ? ORDER BY last_seq DESC`);
	return {
		versions: (service, engine) => versions.all(service, engine),
		rollouts({ service, engine, planId, unended, limit }) {
			const wanted = [
				...(unended === undefined ? [] : [`ended IS ${unended ? '' : 'NOT '}NULL`]),
				...(service === undefined ? [] : ['service = @service']),
				...(planId === undefined ? [] : ['plan_id = @planId']),
				...(engine === undefined ? [] : [`coalesce(${engineOfMove}, @engine) = @engine`]),
			];
			const where = wanted.length === 0 ? '' : `WHERE ${wanted.join(' AND ')}`;
			const rows = sqlite.prepare<{ service: string | null; engine: string | null; planId: string | null; limit: number }, RolloutRow>(`${selectOf(rolloutProjection)} ${where} ORDER BY begun_seq DESC LIMIT @limit`);
			return rows.all({ service: service ?? null, engine: engine ?? null, planId: planId ?? null, limit: limit ?? -1 });
		},
	};
};

/** A journal of an earlier version that is only read does not have the tables: there they are made from its events each time. */
const askEvents = (sqlite: JournalDatabase['sqlite'], engineOf: (runId: string) => string | undefined): Asking => ({
	versions: (service, engine) =>
		replayed(sqlite, versionProjection)
			.filter((row) => row.service === service && row.engine === engine)
			.toSorted((a, b) => b.lastSeq - a.lastSeq),
	rollouts({ service, engine, planId, unended, limit }) {
		const rows = replayed(sqlite, rolloutProjection).filter(
			(row) => (service === undefined || row.service === service) && (planId === undefined || row.planId === planId) && (unended === undefined || unended === (row.ended === null)) && (engine === undefined || (engineOf(row.runId) ?? engine) === engine),
		);
		return rows.toSorted((a, b) => b.begunSeq - a.begunSeq).slice(0, limit);
	},
});

export const prepareReading = ({ sqlite, version }: JournalDatabase): Reading => {
	// The index is named: the planner must not choose the way through all events for a run with many.
	const run = sqlite.prepare<[string, number, number], EventRow>(`SELECT ${eventColumns} FROM events INDEXED BY events_of_run WHERE run_id = ? AND seq > ? ORDER BY seq LIMIT ?`);
	const all = sqlite.prepare<[number, number], EventRow>(`SELECT ${eventColumns} FROM events WHERE seq > ? ORDER BY seq LIMIT ?`);
	const started = sqlite.prepare<[string], string | null>("SELECT json_extract(data, '$.engine.address') FROM events WHERE kind = 'run_started' AND seq = (SELECT first_seq FROM runs WHERE run_id = ?)").pluck();
	const engineOf = (runId: string): string | undefined => started.get(runId) ?? undefined;
	let known: Asking | undefined;
	const asking = (): Asking => (known ??= version < versionProjection.sinceVersion ? askEvents(sqlite, engineOf) : askTables(sqlite));
	const data = sqlite.prepare<[number], string>('SELECT data FROM events WHERE seq = ?').pluck();
	// An event that is gone makes its plan unreadable: parsing nothing says so.
	const dataOf = (seq: number): string => data.get(seq) ?? '';
	return {
		run: (runId, afterSeq, limit) => run.all(runId, afterSeq, limit),
		all: (afterSeq, limit) => all.all(afterSeq, limit),
		runs({ unfinished, service, limit }) {
			const wanted = [...(unfinished === undefined ? [] : [`ended_at IS ${unfinished ? '' : 'NOT '}NULL`]), ...(service === undefined ? [] : ['service = @service'])];
			const where = wanted.length === 0 ? '' : `WHERE ${wanted.join(' AND ')}`;
			const rows = sqlite.prepare<{ service: string | null; limit: number }, RunRow>(`${selectOf(runProjection)} ${where} ORDER BY first_seq DESC LIMIT @limit`);
			return rows.all({ service: service ?? null, limit: limit ?? -1 }).map(summaryOf);
		},
		versions: (service, engine) => asking().versions(service, engine).map(versionRecordOf),
		rollouts: (filter) => asking().rollouts(filter).map((row) => rolloutRecordOf(row, dataOf, engineOf)),
		version: () => Number(sqlite.pragma('data_version', { simple: true })),
	};
};
