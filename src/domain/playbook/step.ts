import type { Param } from './param.ts';
import type { Risk } from './risk.ts';

/**
 * What follows a failed step: `ask` (the default) leaves it to the person, `step` goes there, `playbook` runs another
 * playbook, `rollback` runs the undo of every step done so far, newest first, the failed one's own included.
 */
export type OnFailure =
	| { readonly do: 'ask' }
	| { readonly do: 'abort' }
	| { readonly do: 'continue' }
	| { readonly do: 'rollback' }
	| { readonly do: 'step'; readonly step: string }
	| { readonly do: 'playbook'; readonly playbook: string };

/** Text in which `${{ … }}` (CEL over params, registered values and step results) is filled in. */
export type Template = string;
/** A CEL condition or expression. */
export type Expression = string;

/** A program with arguments, or a shell script. Values reach a script only as environment variables `P_name`. */
export interface CommandAction {
	readonly kind: 'command';
	/** Argument vector; each element stays one argument whatever its value. Exactly one of `run` and `sh`. */
	readonly run?: readonly Template[];
	/** Script for `sh -eu` (bash with pipefail where there is one). Never holds `${{ }}`. */
	readonly sh?: string;
	/** Run inside this container instead of on the host. */
	readonly inContainer?: Template;
	readonly env: Readonly<Record<string, Template>>;
	readonly workingDir?: Template;
}

/** What the engine is asked to do to a container. */
export interface ContainerAction {
	readonly kind: 'container';
	readonly action: 'start' | 'stop' | 'restart' | 'pause' | 'unpause' | 'kill' | 'inspect' | 'logs';
	readonly name: Template;
	/** Stop and restart: seconds between the stop signal and the kill. Default 10. */
	readonly graceSeconds?: number;
	/** Kill. Default SIGKILL. */
	readonly signal?: string;
	/** Logs: how many of the last lines. Default 200. */
	readonly tail?: number;
	/** Logs: only of the last seconds. */
	readonly sinceSeconds?: number;
}

export interface HttpAction {
	readonly kind: 'http';
	readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
	readonly url: Template;
	readonly headers: Readonly<Record<string, Template>>;
	/** Text, or a value sent as JSON. */
	readonly body?: Template;
	readonly json?: unknown;
	/** Follow redirects to the same origin. Default false. */
	readonly followRedirects: boolean;
}

/** Through the embedded library. Times, sizes and row counts come back in the result. */
export interface SqliteAction {
	readonly kind: 'database';
	readonly system: 'sqlite';
	readonly action: 'backup' | 'integrity' | 'quick-check' | 'restore' | 'checkpoint' | 'vacuum' | 'analyze' | 'reindex' | 'query';
	/** The database file, on the host. */
	readonly path: Template;
	/** Backup: where to. Restore: where from. */
	readonly file?: Template;
	/** Query: one read-only statement. */
	readonly sql?: string;
	/** Restore: containers that must not run meanwhile; refused while one does. */
	readonly stopped?: readonly Template[];
}

/** Through pg_dump, pg_restore and psql, on the host or inside a container. */
export interface PostgresAction {
	readonly kind: 'database';
	readonly system: 'postgres';
	readonly action: 'backup' | 'restore' | 'integrity' | 'vacuum' | 'analyze' | 'reindex' | 'query';
	/** Run the tools inside this container; absent: on the host. */
	readonly inContainer?: Template;
	readonly host?: Template;
	readonly port?: Template;
	readonly user?: Template;
	readonly database: Template;
	/** Name of a secret parameter; reaches the tools as PGPASSWORD, never as an argument. */
	readonly passwordParam?: string;
	readonly file?: Template;
	readonly sql?: string;
}

export type DatabaseAction = SqliteAction | PostgresAction;

/** A condition over signals, with nothing to run: for `waitFor` and `watch`. */
export interface SignalAction {
	readonly kind: 'signal';
}

/** What runs by itself, without a person. */
export type Action = CommandAction | ContainerAction | HttpAction | DatabaseAction;

/** What every step has. */
interface StepBase {
	readonly id: string;
	readonly title: string;
	/** Why this step differs from the written procedure, or what to mind. */
	readonly note?: string;
	/** Number or heading in the written procedure. */
	readonly source?: string;
	/** Id of a phase. */
	readonly phase?: string;
	readonly risk: Risk;
	/** Raises the confirmation over what `risk` alone would ask; never lowers it. */
	readonly confirm?: 'ask' | 'typed';
	/** What will be lost, in words. */
	readonly loses?: Template;
	/** What the step acts on; typed by hand where it is destructive. Default: the container, path or database it names. */
	readonly target?: Template;
	/** Skipped where this is false. */
	readonly when?: Expression;
	/** Skipped where this is true: what the step would bring about is there already. */
	readonly unless?: Expression;
	/** Name under which the result is kept for later expressions. */
	readonly register?: string;
	/** The step has failed where this is false. Over `status`, `json`, `body`, `exitCode`, `stdout`, `stderr`, `result`. */
	readonly expect?: Expression;
	readonly timeoutSeconds: number;
	/** How often it is tried; 1 means once. A change is retried by itself only where this says so. */
	readonly maxAttempts: number;
	/** Between tries, or between looks of `waitFor` and `watch`. */
	readonly intervalSeconds: number;
	readonly onFailure: OnFailure;
	/** Where to go on; absent means the next one in the file. */
	readonly nextStep?: string;
	/** The run is over, and has succeeded, after this step. */
	readonly isEnd: boolean;
	/** Takes this step back. */
	readonly undo?: Action;
	/** Result is kept as a file of the run, under this name. */
	readonly artifact?: string;
	/** The output holds secrets: it is shown and stored as `(secret)`. */
	readonly secret: boolean;
}

/** Runs one action. */
export interface ActionStep extends StepBase {
	readonly kind: 'command' | 'container' | 'http' | 'database';
	readonly action: Action;
}

/** Looks again and again until `expect` holds so many times in a row, or the time is over. Changes nothing. */
export interface WaitForStep extends StepBase {
	readonly kind: 'waitFor';
	readonly action: Action | SignalAction;
	readonly consecutiveSuccessLimit: number;
}

/** Holds criteria for a window, beside a baseline. No data is inconclusive, never a success. */
export interface WatchStep extends StepBase {
	readonly kind: 'watch';
	readonly action: Action | SignalAction;
	readonly windowSeconds: number;
	readonly criteria: readonly { readonly title: string; readonly holds: Expression }[];
	/** So many bad looks in all are borne before it fails. */
	readonly failureLimit: number;
}

export interface BranchChoice {
	readonly title: string;
	readonly when?: Expression;
	/** Expression whose value is shown as evidence. */
	readonly evidence?: Expression;
	/** `end` ends the run. */
	readonly nextStep: string;
}

/** Causes with evidence; the true one is pre-selected, the person decides. */
export interface BranchStep extends StepBase {
	readonly kind: 'branch';
	readonly choices: readonly BranchChoice[];
}

/** Instructions for a person, with a checklist to tick. */
export interface ManualStep extends StepBase {
	readonly kind: 'manual';
	readonly instructions: Template;
	readonly checklist: readonly string[];
}

/** Asks for values; they are registered under the step's `register` name, or its id. */
export interface InputStep extends StepBase {
	readonly kind: 'input';
	readonly fields: Readonly<Record<string, Param>>;
}

/** A second person has to agree. */
export interface ApprovalStep extends StepBase {
	readonly kind: 'approval';
	/** What is approved, in words. */
	readonly of: Template;
	/** Who may, in words, such as `engineering lead`. */
	readonly by?: string;
}

/** Tells people: through a command or a webhook, or as a text to copy where neither is given. */
export interface NotifyStep extends StepBase {
	readonly kind: 'notify';
	readonly message: Template;
	readonly action?: CommandAction | HttpAction;
}

/** Several actions at once; it is done when all are. */
export interface ParallelStep extends StepBase {
	readonly kind: 'parallel';
	readonly steps: readonly (ActionStep | WaitForStep)[];
}

/** Runs another playbook as a part of this one. */
export interface PlaybookStep extends StepBase {
	readonly kind: 'playbook';
	readonly playbook: string;
	readonly params: Readonly<Record<string, Template>>;
}

export type Step =
	| ActionStep
	| WaitForStep
	| WatchStep
	| BranchStep
	| ManualStep
	| InputStep
	| ApprovalStep
	| NotifyStep
	| ParallelStep
	| PlaybookStep;

export type StepKind = Step['kind'];
