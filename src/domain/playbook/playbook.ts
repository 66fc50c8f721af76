import type { Severity } from '../severity.ts';
import type { Param } from './param.ts';
import type { Step } from './step.ts';

export type PlaybookKind = 'incident' | 'rollback' | 'deploy' | 'maintenance' | 'check';

/** When a playbook offers itself: while this rule fires on a service. */
export interface Trigger {
	/** Id of a rule, built in or from sitrep.yaml. */
	readonly rule: string;
}

/** Which services a playbook is for. `*` stands for any characters; absent parts match everything. */
export interface AppliesTo {
	/** Ids or names of services. */
	readonly service?: readonly string[];
	/** Images. */
	readonly image?: readonly string[];
}

/** A stretch of a playbook with a time budget, such as `immediate`, 0 to 5 minutes. */
export interface Phase {
	readonly id: string;
	readonly title: string;
	/** Minutes since the start of the run by which it should be over. */
	readonly budgetMinutes?: number;
}

/** A written procedure, read from YAML, with every default filled in. */
export interface Playbook {
	readonly schemaVersion: 1;
	readonly id: string;
	readonly version: string;
	readonly kind: PlaybookKind;
	readonly severity?: Severity;
	readonly title: string;
	/** What it is for and what it does, a few sentences. */
	readonly summary?: string;
	/** Where the procedure comes from, such as `P09 runbook, incident response`. */
	readonly source?: string;
	/** Why it differs from the written procedure, one note each. */
	readonly notes: readonly string[];
	readonly triggers: readonly Trigger[];
	readonly appliesTo?: AppliesTo;
	readonly params: Readonly<Record<string, Param>>;
	/** In the order in which the steps name them, or as declared. */
	readonly phases: readonly Phase[];
	readonly steps: readonly Step[];
	/** Set while it is a draft that nobody has reviewed: it does not run. */
	readonly draft: boolean;
}

/** A playbook as it was found, with what pins it. */
export interface LoadedPlaybook {
	readonly playbook: Playbook;
	/** File it was read from. */
	readonly file: string;
	/** The YAML, exactly. A run keeps it, so that a later edit changes nothing for the run. */
	readonly text: string;
	/** SHA-256 of `text`, hex. */
	readonly hash: string;
	/** Pack it belongs to: the folder's name, such as `p09`. */
	readonly pack: string;
}
