import { suggest } from '../../config/suggest.ts';
import type { Param, ParamValue } from '../../domain/playbook/param.ts';
import { unlike } from './paramChecks.ts';
import { matchesWhole, PatternError } from './pattern.ts';

/** What is wrong with one parameter, without its value where that is a secret. */
export interface ParamProblem {
	readonly name: string;
	/** What was found and what was expected. */
	readonly message: string;
	readonly wayOut?: string;
}

/** Parameters that cannot be used: all problems at once. */
export class ParamError extends Error {
	override readonly name = 'ParamError';
	readonly problems: readonly ParamProblem[];
	readonly advice: string;
	constructor(problems: readonly ParamProblem[]) {
		super(problems.map((each) => `${each.name}: ${each.message}`).join('; '));
		this.problems = problems;
		this.advice = problems.find((each) => each.wayOut !== undefined)?.wayOut ?? 'Give it with --param NAME=VALUE, or in the form before the run.';
	}
}

export interface ReadParams {
	/** Of every parameter that is no secret. */
	readonly params: Readonly<Record<string, ParamValue>>;
	/** Those that were given, by name; they stand nowhere else. */
	readonly secrets: Readonly<Record<string, string>>;
	/** Names of secret parameters that are to be asked for. */
	readonly secretsWanted: readonly string[];
	readonly secretNames: readonly string[];
}

type Read = { readonly value: ParamValue } | { readonly expected: string };

const numberOf = (param: Param, text: string): Read => {
	const whole = param.type === 'integer';
	const shape = whole ? /^[+-]?\d{1,16}$/ : /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/;
	const value = Number(text);
	if (!shape.test(text) || !Number.isFinite(value) || (whole && !Number.isSafeInteger(value))) return { expected: whole ? 'a whole number' : 'a number' };
	const { min, max } = param;
	// Only where the playbook says so can a number begin with a dash.
	if (value < 0 && (min === undefined || min >= 0)) return { expected: `at least ${min ?? 0}` };
	if (min !== undefined && value < min) return { expected: `at least ${min}` };
	if (max !== undefined && value > max) return { expected: `at most ${max}` };
	return { value: Object.is(value, -0) ? 0 : value };
};

const truths: Readonly<Record<string, boolean>> = { true: true, yes: true, false: false, no: false };

const ofType = (param: Param, text: string): Read => {
	const expected = unlike(param.type, text);
	if (expected !== undefined) return { expected };
	switch (param.type) {
		case 'integer':
		case 'number':
			return numberOf(param, text.trim());
		case 'boolean': {
			const value = truths[text.trim().toLowerCase()];
			return value === undefined ? { expected: 'true or false' } : { value };
		}
		case 'choice':
			return param.choices?.includes(text) === true ? { value: text } : { expected: `one of ${param.choices?.join(', ') ?? 'nothing'}` };
		default:
			return { value: text };
	}
};

const read = (param: Param, text: string): Read => {
	const typed = ofType(param, text);
	if ('expected' in typed || param.pattern === undefined) return typed;
	try {
		return matchesWhole(param.pattern, text) ? typed : { expected: `a value that matches ${param.pattern} as a whole` };
	} catch (error) {
		if (error instanceof PatternError) return { expected: `a value that can be checked, but ${error.message}` };
		throw error;
	}
};

/** A value for a message: quoted, cut, and not at all where it is a secret. */
const found = (param: Param, text: string): string => {
	if (param.type === 'secret') return 'the value given';
	return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
};

/**
 * Turns what was typed into values. What is given goes before the service's own values, and these before the defaults; each is
 * checked alike. A parameter that is optional and not given is the empty text. An empty text is a value only where the
 * parameter is optional. Numbers below zero are refused unless `min` allows them; every other value that begins with a dash is
 * refused, secrets apart; values are at most 4 KiB and hold no NUL.
 * @param given by name, as typed
 * @param prefilled by name, from the service the playbook is started on
 * @throws ParamError with all problems
 */
export const readParams = (
	definitions: Readonly<Record<string, Param>>,
	given: Readonly<Record<string, string>>,
	options: { readonly secrets?: Readonly<Record<string, string>>; readonly prefilled?: Readonly<Record<string, ParamValue>> } = {},
): ReadParams => {
	const problems: ParamProblem[] = [];
	const params: Record<string, ParamValue> = {};
	const secrets: Record<string, string> = {};
	const secretsWanted: string[] = [];
	const secretNames: string[] = [];
	const givenSecrets = options.secrets ?? {};
	for (const name of new Set([...Object.keys(given), ...Object.keys(givenSecrets)])) {
		if (Object.hasOwn(definitions, name)) continue;
		const meant = suggest(name, Object.keys(definitions));
		const known = Object.keys(definitions);
		const wayOut = meant === undefined ? (known.length === 0 ? 'This playbook takes no parameters.' : `It takes ${known.join(', ')}.`) : `Did you mean ${meant}?`;
		problems.push({ name, message: 'there is no such parameter', wayOut });
	}
	const take = (name: string, param: Param, text: string, put: (value: ParamValue) => void): void => {
		if (text === '') {
			if (param.optional) put('');
			else problems.push({ name, message: 'must not be empty' });
			return;
		}
		const result = read(param, text);
		if ('value' in result) put(result.value);
		else problems.push({ name, message: `${found(param, text)} is not ${result.expected}` });
	};
	for (const [name, param] of Object.entries(definitions)) {
		if (param.type === 'secret') {
			secretNames.push(name);
			const text = givenSecrets[name];
			if (Object.hasOwn(given, name)) problems.push({ name, message: 'is a secret and is not taken from the command line', wayOut: 'Leave it out: it is asked for with echo off.' });
			else if (text !== undefined) take(name, param, text, (value) => (secrets[name] = String(value)));
			else if (!param.optional) secretsWanted.push(name);
			continue;
		}
		const value = Object.hasOwn(given, name) ? given[name] : (options.prefilled?.[name] ?? param.default);
		if (value !== undefined) take(name, param, String(value), (taken) => (params[name] = taken));
		else if (param.optional) params[name] = '';
		else problems.push({ name, message: `is missing: ${param.title ?? `a value of type ${param.type}`}` });
	}
	if (problems.length > 0) throw new ParamError(problems);
	return { params, secrets, secretsWanted, secretNames };
};
