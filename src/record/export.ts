import type { Journal, JournalEvent } from '../domain/journal.ts';

/** Events read at a time. */
const page = 1000;

/**
 * One event as a line of JSON: `{seq, at, time, runId?, incidentId?, actor, kind, data, hash}`, `at` in epoch ms and `time` the same in
 * ISO 8601. The chain can be checked from the lines alone: see `chainHash`.
 */
export const exportLine = ({ seq, at, runId, incidentId, actor, event, hash }: JournalEvent): string => {
	const { kind, ...data } = event;
	return JSON.stringify({ seq, at, time: new Date(at).toISOString(), runId, incidentId, actor, kind, data, hash });
};

/**
 * The events as lines, oldest first. No secret can be among them: none is in an event.
 * @throws JournalError
 */
export async function* exportJournal(journal: Pick<Journal, 'read' | 'readRun'>, filter: { readonly runId?: string } = {}): AsyncIterable<string> {
	if (filter.runId !== undefined) {
		for (const event of await journal.readRun(filter.runId)) yield exportLine(event);
		return;
	}
	for (let after = 0; ; ) {
		const events = await journal.read(after, page);
		for (const event of events) yield exportLine(event);
		if (events.length < page) return;
		after = events.at(-1)?.seq ?? after;
	}
}
