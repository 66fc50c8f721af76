import type { ParamType } from '../../domain/playbook/param.ts';
import type { PlaybookKind } from '../../domain/playbook/playbook.ts';
import type { Risk } from '../../domain/playbook/risk.ts';
import type { Severity } from '../../domain/severity.ts';

export interface CommandBody {
	readonly kind: 'command';
	/** Exactly one of `run` and `sh`. */
	readonly run?: readonly string[];
	readonly sh?: string;
	/** Environment variables and the parameters they come from. */
	readonly env: Readonly<Record<string, string>>;
	readonly workingDir?: string;
	readonly timeoutSeconds: number;
	/** Set by an "Expected:" that is read after the step. */
	expect?: string;
}

export interface ManualBody {
	readonly kind: 'manual';
	readonly instructions?: string;
	readonly checklist: readonly string[];
}

/** A step before it has an id. */
export interface DraftStep {
	readonly title: string;
	/** Heading, and number where there is one. */
	readonly source: string;
	/** Of the document, from 1. */
	readonly line: number;
	/** One paragraph each. */
	readonly notes: string[];
	readonly body: CommandBody | ManualBody;
	readonly risk: Risk;
	/** Why it has this risk; absent where nothing is run. */
	readonly why?: string;
	/** What is typed before a destructive step, and what it loses. */
	readonly target?: string;
	readonly loses?: string;
	/** Set where the step is one of several ways: under which condition. */
	readonly condition?: string;
	/** Place in the playbook's phases. */
	readonly phase?: number;
}

export interface DraftPhase {
	readonly title: string;
	readonly budgetMinutes?: number;
}

export interface DraftParam {
	readonly type: ParamType;
	readonly title: string;
}

export interface DraftPlaybook {
	readonly title: string;
	readonly kind: PlaybookKind;
	readonly severity?: Severity;
	readonly summary?: string;
	/** Heading in the document. */
	readonly source: string;
	readonly notes: readonly string[];
	readonly params: ReadonlyMap<string, DraftParam>;
	readonly phases: readonly DraftPhase[];
	readonly steps: readonly DraftStep[];
}

/** Text in which `${{` means what it says, where it would begin an expression. */
export const literal = (text: string): string => text.replaceAll('${{', "${{'${{'}}");
