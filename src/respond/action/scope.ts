import type { ParamValue } from '../../domain/playbook/param.ts';
import type { Severity } from '../../domain/severity.ts';

/** Something that was asked for and is not there, with why, such as `no sample of cpu.percent`. */
export interface Missing {
	readonly missing: string;
}

/** What `probe("name")` gives. */
export interface ProbeFacts {
	readonly ok: boolean;
	readonly durationMs: number;
	readonly words: string;
	readonly ageSeconds: number;
}

/** How the samples of a window are brought to one figure. */
export type WindowFigure = 'avg' | 'max' | 'min' | 'rate';

/**
 * What is known of services at this moment. `service` is an id or a name; absent means the service of the run. A reading that is
 * too old counts as missing: whoever implements this decides what too old is.
 */
export interface Facts {
	signal(name: string, service?: string): number | Missing;
	probe(name: string, service?: string): ProbeFacts | Missing;
	/** Over the last `seconds`; `rate` is the increase per second. */
	figure?(figure: WindowFigure, name: string, seconds: number, service?: string): number | Missing;
	/** What the signal was before the run's changes. */
	baseline?(name: string, service?: string): number | Missing;
	/** How many alerts of the service fire that are as severe as this, or more so. */
	firing?(severity: Severity): number | Missing;
}

/** What the step under way came to, for its `expect`. Absent members are not known. */
export interface OutcomeWords {
	readonly status?: number;
	readonly json?: unknown;
	readonly body?: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly exitCode?: number;
	readonly stdout?: string;
	readonly stderr?: string;
	readonly result?: unknown;
	readonly durationMs?: number;
}

/** Names an `expect` sees beyond those that every expression sees. */
export const outcomeNames = ['status', 'json', 'body', 'headers', 'exitCode', 'stdout', 'stderr', 'result', 'durationMs'] as const satisfies readonly (keyof OutcomeWords)[];

/** All that expressions and templates of one run can name at one moment. */
export interface Scope {
	readonly params: Readonly<Record<string, ParamValue>>;
	/** By `register` name and by step id: JSON values. Also reachable as `steps["id"]`, for ids that are no identifier. */
	readonly values: Readonly<Record<string, unknown>>;
	/** By dotted path, such as `params.token` or `login.password`: the value. What is made of one is shown as `(secret)`. */
	readonly secrets?: Readonly<Record<string, string>>;
	readonly outcome?: OutcomeWords;
	readonly facts?: Facts;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * A registered value as expressions see it: the fields of the JSON a command printed or an address answered stand beside
 * `exitCode`, `status` and their kin, so that `state.OOMKilled` reads as written. The result's own fields win.
 */
export const seenAs = (value: unknown): unknown => {
	if (!isRecord(value) || !isRecord(value['json'])) return value;
	return { ...value['json'], ...value };
};

const withSecret = (target: Record<string, unknown>, path: readonly string[], value: string): void => {
	const [first, ...rest] = path;
	if (first === undefined) return;
	if (rest.length === 0) {
		target[first] = value;
		return;
	}
	const inner = target[first];
	const copy: Record<string, unknown> = isRecord(inner) ? { ...inner } : {};
	target[first] = copy;
	withSecret(copy, rest, value);
};

/** The variables of an evaluation. Without a prototype: `constructor` is no variable. */
export const variablesOf = (scope: Scope): Readonly<Record<string, unknown>> => {
	const variables: Record<string, unknown> = { __proto__: null };
	const steps: Record<string, unknown> = {};
	for (const [name, value] of Object.entries(scope.values)) {
		if (value === undefined) continue;
		const seen = seenAs(value);
		variables[name] = seen;
		steps[name] = seen;
	}
	variables['params'] = { ...scope.params };
	for (const [path, value] of Object.entries(scope.secrets ?? {})) {
		const parts = path.split('.');
		withSecret(variables, parts, value);
		if (parts[0] !== 'params') withSecret(steps, parts, value);
	}
	variables['steps'] = steps;
	for (const [name, value] of Object.entries(scope.outcome ?? {})) if (value !== undefined) variables[name] = value;
	return variables;
};
