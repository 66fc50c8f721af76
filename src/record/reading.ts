import type { RunSummary } from '../domain/journal.ts';
import type { JournalDatabase } from './database.ts';
import { runColumns, type RunRow, summaryOf } from './projection.ts';
import { eventColumns, type EventRow } from './row.ts';

export interface RunFilter {
	readonly unfinished?: boolean;
	readonly service?: string;
	readonly limit?: number;
}

export interface Reading {
	/** Events of a run after `afterSeq`, oldest first, at most `limit`. */
	run(runId: string, afterSeq: number, limit: number): readonly EventRow[];
	/** All events after `afterSeq`, oldest first, at most `limit`. */
	all(afterSeq: number, limit: number): readonly EventRow[];
	/** Newest first. */
	runs(filter: RunFilter): readonly RunSummary[];
	/** Changes whenever another connection has written. */
	version(): number;
}

export const prepareReading = ({ sqlite }: JournalDatabase): Reading => {
	// The index is named: the planner must not choose the way through all events for a run with many.
	const run = sqlite.prepare<[string, number, number], EventRow>(`SELECT ${eventColumns} FROM events INDEXED BY events_of_run WHERE run_id = ? AND seq > ? ORDER BY seq LIMIT ?`);
	const all = sqlite.prepare<[number, number], EventRow>(`SELECT ${eventColumns} FROM events WHERE seq > ? ORDER BY seq LIMIT ?`);
	return {
		run: (runId, afterSeq, limit) => run.all(runId, afterSeq, limit),
		all: (afterSeq, limit) => all.all(afterSeq, limit),
		runs({ unfinished, service, limit }) {
			const wanted = [...(unfinished === undefined ? [] : [`ended_at IS ${unfinished ? '' : 'NOT '}NULL`]), ...(service === undefined ? [] : ['service = @service'])];
			const where = wanted.length === 0 ? '' : `WHERE ${wanted.join(' AND ')}`;
			const rows = sqlite.prepare<{ service: string | null; limit: number }, RunRow>(`SELECT ${runColumns} FROM runs ${where} ORDER BY first_seq DESC LIMIT @limit`);
			return rows.all({ service: service ?? null, limit: limit ?? -1 }).map(summaryOf);
		},
		version: () => Number(sqlite.pragma('data_version', { simple: true })),
	};
};
