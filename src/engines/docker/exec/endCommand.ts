import type { Clock } from '../../../domain/clock.ts';
import { family, type Process } from './processes.ts';
import type { Reach } from './reach.ts';

/** Time between asking a command to end and ending it. */
const graceMs = 2000;
/** A killed process is gone at once, unless it waits on a disk or is frozen. */
const goneMs = 2000;
const lookMs = 100;

/** What came of ending a command. */
export interface Ended {
	/** Pids inside the container that live on. */
	readonly survivors: readonly number[];
	/** Set where it could not be done, or not be seen whether it was. */
	readonly note?: string;
}

/**
 * Ends a command inside a container with everything it started: TERM, grace, KILL, then a look whether all are gone.
 * @param reaches ways to do it, the best first; one that does not work leads to the next
 * @param root the command's own pid on the host, where known
 */
export async function endCommand(reaches: readonly Reach[], root: number | undefined, clock: Clock): Promise<Ended> {
	for (const reach of reaches) {
		const first = await reach.scan();
		if (first !== undefined) {
			return endBy(reach, first, reach.side === 'host' ? root : undefined, clock);
		}
	}
	return {
		survivors: [],
		note: 'the command could not be ended inside the container: the image has no shell to do it with, and its processes cannot be reached from here; it may still run',
	};
}

async function endBy(reach: Reach, first: readonly Process[], root: number | undefined, clock: Clock): Promise<Ended> {
	let alive = family(first, root, []);
	const seen = new Map(alive.map((process) => [process.pid, process]));
	for (const [signal, patience] of [
		['SIGTERM', graceMs],
		['SIGKILL', goneMs],
	] as const) {
		const until = clock.monotonic() + patience;
		let signalled: readonly Process[] = [];
		while (alive.length > 0 && clock.monotonic() < until) {
			const fresh = alive.filter((process) => !signalled.some((one) => one.pid === process.pid));
			// What was started in the meantime gets the signal too.
			if (fresh.length > 0) {
				await reach.kill(fresh, signal);
				signalled = [...signalled, ...fresh];
			}
			await new Promise<void>((resolve) => clock.after(lookMs, resolve));
			const now = await reach.scan();
			if (now === undefined) {
				return { survivors: alive.map((process) => process.innerPid), note: 'whether the command ended could not be seen: the container or the engine stopped answering' };
			}
			alive = family(now, root, [...seen.values()]);
			for (const process of alive) {
				seen.set(process.pid, process);
			}
		}
	}
	return { survivors: alive.map((process) => process.innerPid) };
}
