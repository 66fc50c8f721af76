import type { Severity } from './severity.ts';

/** A condition over signals, with a severity and a time it must hold. */
export interface Rule {
	readonly id: string;
	readonly severity: Severity;
	readonly title: string;
	/** CEL, true where the trouble is there. */
	readonly when: string;
	/** The condition must hold so long before the rule fires, seconds. */
	readonly forSeconds: number;
	/** Services it applies to; absent means all. */
	readonly services?: readonly string[];
	/** Where the threshold comes from, such as `P09 runbook, alerts`. */
	readonly source: string;
}

/** A rule that is firing on a service, or is about to. */
export interface Alert {
	readonly ruleId: string;
	readonly serviceId: string;
	readonly severity: Severity;
	readonly state: 'pending' | 'firing';
	/** Epoch ms since when the condition holds. */
	readonly since: number;
	/** In words, such as `exited 137, killed for memory, 3rd time in 10 min`. */
	readonly reason: string;
	/** Set where it goes on only because nothing newer is known; says why, as `Inconclusive.why` does. */
	readonly stale?: string;
}

/** A rule that cannot be judged, and why. */
export interface Inconclusive {
	readonly ruleId: string;
	readonly serviceId: string;
	/** Such as `no sample of memory.percent` or `last sample 34 s old`. */
	readonly why: string;
}
