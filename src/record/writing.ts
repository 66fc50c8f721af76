import type { JournalDatabase } from './database.ts';
import { prepareProjections } from './projections.ts';
import { chainHash, eventColumns, type EventRow, type EventText } from './row.ts';
import { probeBytes } from './schema.ts';
import { damaged } from './trouble.ts';

/** What writes to the record; each within a transaction of the caller. */
export interface Writing {
	/** Adds events at the end, with what follows from them. @param at epoch ms */
	add(texts: readonly EventText[], at: number): readonly EventRow[];
	/** Writes something that is no event. */
	probe(): void;
}

/** @param path of the journal, for messages */
export const prepareWriting = ({ sqlite }: JournalDatabase, path: string): Writing => {
	const last = sqlite.prepare<[], EventRow>(`SELECT ${eventColumns} FROM events ORDER BY seq DESC LIMIT 1`);
	const head = sqlite.prepare<[], { readonly seq: number; readonly hash: string }>('SELECT seq, hash FROM head');
	const insert = sqlite.prepare<EventRow>(
		'INSERT INTO events (seq, at, run_id, incident_id, actor, kind, data, hash) VALUES (@seq, @at, @runId, @incidentId, @actor, @kind, @data, @hash)',
	);
	const setHead = sqlite.prepare<[number, string]>('UPDATE head SET seq = ?, hash = ?');
	const project = prepareProjections(sqlite);
	const fillRoom = sqlite.prepare<[number]>('UPDATE room SET bytes = randomblob(?)');

	const end = (): { readonly seq: number; readonly hash: string } => {
		const known = head.get();
		const newest = last.get();
		if (known === undefined) throw damaged(path, 'it does not say which event is its newest');
		if ((newest?.seq ?? 0) !== known.seq || (newest !== undefined && newest.hash !== known.hash)) {
			throw damaged(path, `its newest event should be ${known.seq}, and is ${newest?.seq ?? 0}${newest?.seq === known.seq ? ' with another hash' : ''}`);
		}
		return known;
	};

	return {
		add(texts, at) {
			let { seq, hash } = end();
			const rows = texts.map((text): EventRow => {
				seq += 1;
				hash = chainHash(hash, seq, at, text);
				const row: EventRow = { ...text, seq, at, hash };
				insert.run(row);
				return row;
			});
			for (const row of rows) project(row);
			setHead.run(seq, hash);
			return rows;
		},
		probe() {
			end();
			fillRoom.run(probeBytes);
		},
	};
};
