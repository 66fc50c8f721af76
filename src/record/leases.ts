import type { Actor, Lease } from '../domain/journal.ts';
import type { JournalDatabase } from './database.ts';
import { actorText } from './row.ts';
import { type ProcessPort, sessionLives } from './session.ts';
import { storedJson } from './storedJson.ts';

/** A holder that gave no sign for so long counts as gone, ms: three missed heartbeats of 5 s. */
export const silentMs = 15_000;

interface LeaseRow {
	readonly service: string;
	readonly runId: string;
	readonly holder: string;
	readonly session: string;
	readonly heartbeatAt: number;
}

const columns = 'service, run_id AS runId, holder, session, heartbeat_at AS heartbeatAt';

/** What is done with leases; each within a transaction of the caller. */
export interface Leases {
	of(service: string): Lease | undefined;
	all(): readonly Lease[];
	/** Whether the run that has the lease is over: then it holds nothing any more. */
	isSpent(lease: Lease): boolean;
	/** Gives it, whoever had it. */
	give(service: string, runId: string, holder: Actor): Lease;
	/** @returns false where it is not the holder's any more */
	keep(service: string, runId: string, holder: Actor): boolean;
	drop(service: string, runId: string, holder: Actor): void;
}

/** @param now epoch ms */
export const prepareLeases = ({ sqlite }: JournalDatabase, now: () => number, processes: ProcessPort): Leases => {
	const one = sqlite.prepare<[string], LeaseRow>(`SELECT ${columns} FROM leases WHERE service = ?`);
	const all = sqlite.prepare<[], LeaseRow>(`SELECT ${columns} FROM leases ORDER BY service`);
	const over = sqlite.prepare<[string], number>('SELECT 1 FROM runs WHERE run_id = ? AND ended_at IS NOT NULL').pluck();
	const put = sqlite.prepare<[string, string, string, string, number]>(
		'INSERT INTO leases (service, run_id, holder, session, heartbeat_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (service) DO UPDATE SET run_id = excluded.run_id, holder = excluded.holder, session = excluded.session, heartbeat_at = excluded.heartbeat_at',
	);
	const beat = sqlite.prepare<[number, string, string, string]>('UPDATE leases SET heartbeat_at = ? WHERE service = ? AND run_id = ? AND session = ?');
	const drop = sqlite.prepare<[string, string, string]>('DELETE FROM leases WHERE service = ? AND run_id = ? AND session = ?');
	const leaseOf = (row: LeaseRow): Lease => ({
		service: row.service,
		runId: row.runId,
		holder: storedJson<Actor>(row.holder),
		heartbeatAt: row.heartbeatAt,
		alive: now() - row.heartbeatAt <= silentMs && sessionLives(row.session, processes) !== false,
	});
	const of = (service: string): Lease | undefined => {
		const row = one.get(service);
		return row === undefined ? undefined : leaseOf(row);
	};
	return {
		of,
		all: () => all.all().map(leaseOf),
		isSpent: (lease) => over.get(lease.runId) !== undefined,
		give(service, runId, holder) {
			const heartbeatAt = now();
			put.run(service, runId, actorText(holder), holder.session, heartbeatAt);
			return of(service) ?? { service, runId, holder, heartbeatAt, alive: true };
		},
		keep: (service, runId, holder) => beat.run(now(), service, runId, holder.session).changes > 0,
		drop: (service, runId, holder) => void drop.run(service, runId, holder.session),
	};
};
