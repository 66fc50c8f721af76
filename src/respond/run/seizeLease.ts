import type { Journal, Lease } from '../../domain/journal.ts';
import type { Refusal } from '../../domain/run/control.ts';
import { personWords } from './errors.ts';
import type { HeldLease } from './lease.ts';
import { LeaseKeeper } from './lease.ts';
import { leaseKeyOf } from './leaseKey.ts';
import type { RunPorts } from './ports.ts';
import type { FoldedRun } from './track.ts';

/**
 * Takes the lease of a run that this console does not carry out: at once where nobody alive has it.
 * @param force takes it from somebody alive too
 * @throws JournalError
 */
export const seizeLease = async (ports: RunPorts, state: FoldedRun, force: boolean): Promise<HeldLease | Refusal> => {
	const { journal, actor } = ports;
	const found = (await journal.leases()).find((lease) => lease.runId === state.id);
	if (found === undefined) {
		const key = leaseKeyOf(state);
		const { granted, lease } = await journal.claim(key, state.id, actor);
		if (granted) return new LeaseKeeper(ports, key, state.id);
		return { refused: `${key} is held by run ${lease.runId}, ${personWords(lease.holder)}`, advice: 'wait until it is over' };
	}
	if (found.holder.session !== actor.session) {
		if (found.alive && !force) return { refused: `${personWords(found.holder)} carries it out`, advice: 'ask them, then take it over' };
		const { granted, lease } = await journal.takeOver(found.service, state.id, found.holder, actor);
		if (!granted) return { refused: `${personWords(lease.holder)} has taken it over meanwhile`, advice: 'watch it' };
	}
	return new LeaseKeeper(ports, found.service, state.id);
};

/** Runs within runs that are looked through; more cannot be started. */
const maxParents = 10;

/**
 * Who carries a run out. A run within a run is held through the outermost one.
 * @throws JournalError
 */
export const holderOf = async (journal: Journal, runId: string, parent: FoldedRun['parent']): Promise<Lease | undefined> => {
	let id = runId;
	let above = parent;
	for (let depth = 0; above !== undefined && depth < maxParents; depth++) {
		id = above.runId;
		const first = (await journal.readRun(id))[0]?.event;
		above = first?.kind === 'run_started' ? first.parent : undefined;
	}
	return (await journal.leases()).find((lease) => lease.runId === id);
};
