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
	readonly action: 'backup' | 'backups' | 'integrity' | 'quick-check' | 'restore' | 'checkpoint' | 'vacuum' | 'analyze' | 'reindex' | 'query' | 'schema';
	/** The database file, on the host. */
	readonly path: Template;
	/** Backup: where to. Restore: where from. Schema: a backup to compare with. */
	readonly file?: Template;
	/** Backups: the folder they lie in; absent means `backups` beside the database. */
	readonly folder?: Template;
	/** Query: one read-only statement. */
	readonly sql?: string;
	/** Restore: containers that must not run meanwhile; refused while one does. */
	readonly stopped?: readonly Template[];
}

/** Through pg_dump, pg_restore and psql, on the host or inside a container. */
export interface PostgresAction {
	readonly kind: 'database';
	readonly system: 'postgres';
	readonly action: 'backup' | 'backups' | 'restore' | 'integrity' | 'vacuum' | 'analyze' | 'reindex' | 'query' | 'schema';
	/** Run the tools inside this container; absent: on the host. */
	readonly inContainer?: Template;
	readonly host?: Template;
	readonly port?: Template;
	readonly user?: Template;
	readonly database: Template;
	/** Name of a secret parameter; reaches the tools as PGPASSWORD, never as an argument. */
	readonly passwordParam?: string;
	readonly file?: Template;
	/** Backups: the folder they lie in. */
	readonly folder?: Template;
	readonly sql?: string;
	/** Restore: containers that must not run meanwhile; refused while one does. */
	readonly stopped?: readonly Template[];
}

export type DatabaseAction = SqliteAction | PostgresAction;

/**
 * Moves a service to another version, and back. `versions` and `plan` change nothing; `swap` carries a plan out and takes it
 * back by itself where the new version does not prove itself; `undo` and `finish` take up a swap that is known from the journal;
 * `retire` ends the soak and removes what was kept of the old version.
 */
export interface RolloutAction {
	readonly kind: 'rollout';
	readonly action: 'versions' | 'plan' | 'swap' | 'finish' | 'undo' | 'retire';
	/** The service: its id, its name, or the name of one of its containers. */
	readonly service: Template;
	/** Plan and swap: the version, as an image reference or image id. Empty: the last good one. */
	readonly to?: Template;
	/** Plan and swap: asks for one way; refused where it is not possible. */
	readonly way?: 'start-first' | 'stop-first';
	/** Plan and swap: how long the new version has to prove itself, s. Default: worked out from its health check. */
	readonly proveWithinSeconds?: number;
	/** Swap: only the plan of this id, so that what was shown is what runs. Finish, undo, retire: which move. Absent: the newest of the service. */
	readonly plan?: Template;
	/** Swap: address that is asked ten times a second meanwhile, to count the requests that fail. Empty: none. */
	readonly watch?: Template;
	/** Plan: what earlier steps found that belongs into the preflight. */
	readonly findings?: readonly GivenFinding[];
}

/** A finding of a preflight that the playbook knows of, such as the age of the newest backup. It may warn; only what the engine finds refuses. */
export interface GivenFinding {
	/** `warn` or `fine`, once it is filled in. */
	readonly level: Template;
	readonly what: string;
	/** Empty: there is no such finding. */
	readonly why: Template;
}

/** A condition over signals, with nothing to run: for `waitFor` and `watch`. */
export interface SignalAction {
	readonly kind: 'signal';
}

/** What runs by itself, without a person. */
export type Action = CommandAction | ContainerAction | HttpAction | DatabaseAction | RolloutAction;

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
	/** What is left where the run stops before this step, in words: shown as `stop here leaves …`. */
	readonly leaves?: Template;
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
	readonly kind: 'command' | 'container' | 'http' | 'database' | 'rollout';
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

/** One line of a table of decision: a condition with its live figure beside the baseline. */
export interface Criterion {
	readonly title: string;
	/** Critical: act now. Warning: investigate, a person decides. */
	readonly level: 'critical' | 'warning';
	/** Whether it is met; missing data is neither met nor not. */
	readonly met: Expression;
	/** The live figure. */
	readonly figure?: Expression;
	/** What it was before, or its limit. */
	readonly baseline?: Expression;
	/** By when to act where it is met, such as `< 1 min`. */
	readonly within?: string;
	/** Where it stands in the written procedure. */
	readonly source?: string;
}

/** Causes with evidence; the true one is pre-selected, the person decides. */
export interface BranchStep extends StepBase {
	readonly kind: 'branch';
	/** Shown above the choices. Choices see how many hold, as `criteria.critical`, `criteria.warning`, and `criteria.inconclusive`. */
	readonly criteria?: readonly Criterion[];
	readonly choices: readonly BranchChoice[];
}

/** Instructions for a person, with a checklist to tick. */
export interface ManualStep extends StepBase {
	readonly kind: 'manual';
	readonly instructions: Template;
	readonly checklist: readonly string[];
}

/** Values that are offered for a field. */
export interface OfferedFrom {
	/** Expression over registered values: a list of texts, or of `{value, title?, detail?, disabled?}`. */
	readonly choices: Expression;
	/** Expression: the value that is selected. */
	readonly suggested?: Expression;
}

/** Asks for values; they are registered under the step's `register` name, or its id. */
export interface InputStep extends StepBase {
	readonly kind: 'input';
	readonly fields: Readonly<Record<string, Param>>;
	/** By field: what may be chosen. Anything else can be typed, where the field's own pattern lets it. */
	readonly offers?: Readonly<Record<string, OfferedFrom>>;
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
