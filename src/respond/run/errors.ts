import type { Lease } from '../../domain/journal.ts';

/** Who somebody is, for messages: `alice@host`, with the name they gave where an account is shared. */
export const personWords = (actor: { readonly user: string; readonly person?: string; readonly host: string }): string =>
	`${actor.person === undefined ? '' : `${actor.person}, `}${actor.user}@${actor.host}`;

/** The service is held by another run. */
export class LeaseHeld extends Error {
	override readonly name = 'LeaseHeld';
	readonly lease: Lease;
	/** Epoch ms since when the run holds it; absent where its record cannot be read. */
	readonly since: number | undefined;
	readonly advice: string;

	/** @param title of the run that holds it, where it is known */
	constructor(lease: Lease, since: number | undefined, title: string | undefined) {
		const run = title === undefined ? `run ${lease.runId}` : `${title} (run ${lease.runId})`;
		const time = since === undefined ? '' : ` since ${new Date(since).toISOString()}`;
		super(`${lease.service} is held by ${run}, ${personWords(lease.holder)}${time}${lease.alive ? '' : '; nobody carries it out any more'}`);
		this.lease = lease;
		this.since = since;
		this.advice = lease.alive ? `watch it, or take it over: sitrep playbook resume ${lease.runId}` : `resume it: sitrep playbook resume ${lease.runId}; or end it: sitrep playbook abandon ${lease.runId} --why TEXT`;
	}
}

/** A run cannot be started or opened. */
export class RunError extends Error {
	override readonly name = 'RunError';
	readonly advice: string;
	constructor(message: string, advice: string) {
		super(message);
		this.advice = advice;
	}
}

/** The journal knows nothing of a run of this id. */
export class UnknownRunError extends RunError {
	constructor(id: string) {
		super(`the journal has no run ${id}`, 'sitrep journal runs lists those it has');
	}
}
