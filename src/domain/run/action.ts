import type { Action } from '../playbook/step.ts';
import type { OutputSummary, StepOutcome, TraceAdvice } from './event.ts';

/** An action with every `${{ }}` filled in, ready to be carried out. */
export interface ResolvedAction {
	/** The same shape as in the playbook, all templates replaced by their values. */
	readonly action: Action;
	/** As one would type it, secrets replaced by `(secret)`: for the screen and the journal. */
	readonly shown: string;
	/** What it acts on: a container, a file, a database, an address. */
	readonly target?: string;
	/** Parameters of a script, as environment variables `P_name`, secrets included. */
	readonly scriptEnv: Readonly<Record<string, string>>;
	/** Texts that must be redacted: the secrets, and what was made of them, such as a header's value. Never shown or stored. */
	readonly secrets?: readonly string[];
}

/** Where an action stands in the record. */
export interface ActionPlace {
	readonly runId: string;
	readonly step: string;
	readonly execution: string;
	readonly service?: string;
}

/** What an action came to. */
export interface ActionEnd {
	readonly outcome: StepOutcome;
	/** `exit 0`, `200 in 12 ms`, `started`, `timed out after 30 s`. */
	readonly words: string;
	readonly exitCode?: number;
	readonly durationMs: number;
	readonly output?: OutputSummary;
	/**
	 * What `expect` and `register` see. command: `{exitCode, stdout, stderr, json?}` (each text at most 64 KiB, its end);
	 * http: `{status, headers, body, json?, durationMs}`; container: the detail after the act; database: the tool's value.
	 */
	readonly result: Readonly<Record<string, unknown>>;
	readonly survivors: readonly string[];
	/** Processes that it left running in the background when it ended by itself. */
	readonly left?: readonly string[];
	/** What else is to be known of its end, in words. */
	readonly note?: string;
}

/** An action under way. */
export interface RunningAction {
	readonly ended: Promise<ActionEnd>;
	cancel(): Promise<ActionEnd>;
	/** Stops waiting for it; where it runs under a supervisor it goes on. */
	detach(): void;
}

/** What is known of an action that was started by a console that is gone. */
export type ActionTrace =
	/** It ended, and this is how. */
	| { readonly kind: 'ended'; readonly end: ActionEnd }
	/** It still runs. */
	| { readonly kind: 'running'; readonly action: RunningAction }
	/** Nobody knows: an act on the engine, or a request, that was under way when the console died. */
	| {
			readonly kind: 'unknown';
			readonly evidence: readonly string[];
			/** True where it only reads: it can be done again without asking. */
			readonly repeatable?: boolean;
			/** Of a move between versions: whether to finish it or to take it back. */
			readonly advice?: TraceAdvice;
	  };

/** Carries out actions: commands under a supervisor, requests, acts on the engine. */
export interface ActionRunner {
	/** @param folder of this execution; made where it is needed */
	start(resolved: ResolvedAction, options: { readonly folder: string; readonly timeoutMs: number; readonly secrets: readonly string[]; readonly hideOutput: boolean; /** Where it stands in the record: a move between versions writes there itself. */ readonly about?: ActionPlace }): Promise<RunningAction>;
	/**
	 * Takes up, or finds out about, an execution of an earlier console.
	 * @param options.startedAt epoch ms of its `step_started`: tells whether what is found now came after it
	 */
	trace(
		resolved: ResolvedAction,
		options: { readonly folder: string; readonly timeoutMs: number; readonly startedAt?: number; readonly secrets?: readonly string[]; readonly hideOutput?: boolean; /** Where it stands in the record. */ readonly about?: ActionPlace },
	): Promise<ActionTrace>;
	/** Gets ready for a start. */
	warm(): void;
	close(): void;
}
