import { formatDuration } from '../../domain/duration.ts';
import { RolloutFailure, wordsOf } from './failure.ts';
import type { RolloutSpec, RolloutToolPorts } from './ports.ts';

/** A holder that is silent for 15 s counts as gone: see `Lease`. */
const beatMs = 5000;
const suffix = '/move';

/**
 * Takes a service for this process, so that never two move it at once: a run's lease is its console's, and consoles come and go
 * while this goes on.
 * @returns what lets go of it
 * @throws RolloutFailure where another process moves it; JournalError where nothing can be recorded: then nothing is begun
 */
export const hold = async (spec: RolloutSpec, { journal, self, clock }: RolloutToolPorts): Promise<() => Promise<void>> => {
	const key = `move:${spec.service}`;
	// Not the run itself, which has a lease of its own.
	const holder = `${spec.runId}${suffix}`;
	let { granted, lease } = await journal.claim(key, holder, self);
	if (!granted && !lease.alive) {
		// Only what is still the dead one's is released: whoever was quicker keeps it.
		await journal.release(key, lease.runId, lease.holder);
		({ granted, lease } = await journal.claim(key, holder, self));
	}
	if (!granted) {
		throw new RolloutFailure(`${spec.service} is being moved by run ${lease.runId.replace(suffix, '')} (${lease.holder.user} on ${lease.holder.host}, last sign ${formatDuration(clock.now() - lease.heartbeatAt)} ago)`, {
			advice: 'Wait until that is over, and look at what runs then.',
		});
	}
	// A beat that fails shows at the next act, which cannot be recorded then.
	const stop = clock.every(beatMs, () => void journal.heartbeat(key, holder, self).catch(wordsOf));
	return async () => {
		stop();
		// This process ends, and with it its hold.
		await journal.release(key, holder, self).catch(wordsOf);
	};
};
