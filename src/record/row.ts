import { hash } from 'node:crypto';
import { JournalError, type Actor, type JournalEvent, type NewJournalEvent } from '../domain/journal.ts';
import { storedJson } from './storedJson.ts';

/** Longest event, characters of its JSON. A playbook's text is the largest thing in one. */
export const maxDataLength = 4 * 1024 * 1024;

/** What comes before the first event. */
export const genesisHash = '0'.repeat(64);

/** An event as text, before it has its place. */
export interface EventText {
	readonly runId: string | null;
	readonly incidentId: string | null;
	readonly actor: string;
	readonly kind: string;
	readonly data: string;
}

/** An event as it is stored: one row of `events`. */
export interface EventRow extends EventText {
	readonly seq: number;
	/** Epoch ms. */
	readonly at: number;
	readonly hash: string;
}

/** Columns of `events` under the names of {@link EventRow}. */
export const eventColumns = 'seq, at, run_id AS runId, incident_id AS incidentId, actor, kind, data, hash';

export const actorText = ({ user, person, host, session }: Actor): string => JSON.stringify({ user, person, host, session });

/**
 * @param path of the journal, for the message
 * @throws JournalError where it is no JSON or too long: nothing of it can be recorded
 */
export const eventText = ({ actor, runId, incidentId, event }: NewJournalEvent, path: string): EventText => {
	const { kind, ...rest } = event;
	let data: string;
	try {
		data = JSON.stringify(rest);
	} catch (error) {
		throw new JournalError('broken', `an event "${kind}" cannot be recorded in ${path}: it is no JSON`, { advice: 'This is a defect of sitrep: please report it.', cause: error });
	}
	if (data.length > maxDataLength) {
		throw new JournalError('broken', `an event "${kind}" cannot be recorded in ${path}: it has ${data.length} characters, the most is ${maxDataLength}`, {
			advice: 'Make the playbook or the value it keeps smaller.',
		});
	}
	// SQLite stores UTF-8, which has no lone surrogates: the hash must be over what is stored.
	return { runId: runId?.toWellFormed() ?? null, incidentId: incidentId?.toWellFormed() ?? null, actor: actorText(actor), kind, data };
};

/**
 * SHA-256, hex, over the previous hash (64 hex digits) and the UTF-8 of `[seq,at,runId,incidentId,actor,kind,data]` as JSON without blanks,
 * `actor` and `data` being the stored texts. Any JSON tool and `sha256sum` can check it.
 */
export const chainHash = (previous: string, seq: number, at: number, text: EventText): string =>
	hash('sha256', previous + JSON.stringify([seq, at, text.runId, text.incidentId, text.actor, text.kind, text.data]), 'hex');

/** @throws SyntaxError where what is stored is no JSON */
export const eventOf = (row: EventRow): JournalEvent => ({
	seq: row.seq,
	at: row.at,
	actor: storedJson<Actor>(row.actor),
	...(row.runId === null ? {} : { runId: row.runId }),
	...(row.incidentId === null ? {} : { incidentId: row.incidentId }),
	event: Object.assign(storedJson<JournalEvent['event']>(row.data), { kind: row.kind }),
	hash: row.hash,
});
