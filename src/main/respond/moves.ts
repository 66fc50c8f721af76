import type { KnownMove } from '../../console/run/rollbackDialog.ts';
import type { Journal, Lease, RolloutRecord } from '../../domain/journal.ts';

/** Playbooks that take a move up. */
const undoPlaybook = 'generic-rollback-undo';
const finishPlaybook = 'generic-rollback-finish';
const retirePlaybook = 'generic-rollback-retire';
/** Newest moves that are looked at. */
const limit = 50;

const two = (value: number): string => String(value).padStart(2, '0');

/** Local time of day, `03:12`. */
const timeOf = (at: number): string => `${two(new Date(at).getHours())}:${two(new Date(at).getMinutes())}`;

const knownMove = (record: RolloutRecord, held: boolean): KnownMove | undefined => {
	const { planId, service, end, undoing, retired, state } = record;
	const { from, to } = state.plan;
	const values = { service, plan: planId };
	const words = `from ${from.image} to ${to.image} at ${timeOf(record.begunAt)}${end === undefined ? '' : `, ${end}`}`;
	const base = { planId, words, from: from.image, to: to.image };
	if (end === undefined) {
		if (held) return undefined;
		return { ...base, half: true, undo: { playbook: undoPlaybook, values }, ...(undoing ? {} : { finish: { playbook: finishPlaybook, values } }) };
	}
	// What was restored is as it was before; what was retired has nothing left to go back to.
	if (retired || end === 'restored') return undefined;
	return { ...base, half: end === 'stuck', undo: { playbook: undoPlaybook, values }, ...(end === 'stuck' ? {} : { retire: { playbook: retirePlaybook, values } }) };
};

/** Moves of services that can be taken up again, as the journal knows them. A dialog cannot wait for the journal, therefore they stand here. */
export class Moves {
	readonly #journal: Pick<Journal, 'rollouts' | 'leases' | 'onChange'>;
	#records: readonly RolloutRecord[] = [];
	#leases: readonly Lease[] = [];
	#reading = false;
	#again = false;
	readonly #off: () => void;

	/** Address of the engine: one journal may know services of the same name on several. */
	readonly #engine: string;

	constructor(journal: Pick<Journal, 'rollouts' | 'leases' | 'onChange'>, engine: string) {
		this.#journal = journal;
		this.#engine = engine;
		this.#off = journal.onChange(() => void this.#read());
		void this.#read();
	}

	/** Newest first: those left in the middle, and the newest one that can be taken back. */
	of(service: string): readonly KnownMove[] {
		const held = new Set(this.#leases.filter((lease) => lease.alive).map((lease) => lease.runId));
		const moves = this.#records.filter((record) => record.service === service).map((record) => knownMove(record, held.has(record.runId)));
		const newestDone = moves.find((move) => move !== undefined && !move.half);
		return moves.filter((move) => move !== undefined).filter((move) => move.half || move === newestDone);
	}

	close(): void {
		this.#off();
	}

	async #read(): Promise<void> {
		if (this.#reading) {
			this.#again = true;
			return;
		}
		this.#reading = true;
		try {
			const [records, leases] = await Promise.all([this.#journal.rollouts({ engine: this.#engine, limit }), this.#journal.leases()]);
			this.#records = records;
			this.#leases = leases;
		} catch {
			// A journal that cannot be read says so itself, where a run is started; what was known stays.
		}
		this.#reading = false;
		if (!this.#again) return;
		this.#again = false;
		await this.#read();
	}
}
