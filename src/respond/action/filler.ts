import { type FilledAddress, fillAddress } from './address.ts';
import { derivedSecrets, fill, fillArgument, fillValue, redactorOf, type Filled, type FillOptions } from './fill.ts';
import { quote } from './quote.ts';
import { secretMark } from './redact.ts';
import type { Scope } from './scope.ts';
import { isTemplate, parseTemplate } from './template.ts';

/** A text as the program gets it, and as a person sees it. */
export interface Both {
	readonly text: string;
	readonly shown: string;
	readonly complete: boolean;
}

/** Fills in the templates of one action, and keeps what was made of secrets. */
export interface Filler {
	readonly scope: Scope;
	readonly unresolved: 'fail' | 'keep';
	/** What was made of secrets so far, and the secrets it was made of. */
	secrets(): readonly string[];
	argument(template: string, where: string): Both;
	value(template: string, where: string): Both;
	address(template: string, where: string): FilledAddress;
	/** Every text in a JSON value; one that is a single `${{ }}` becomes the value itself, number or list or text. */
	json(value: unknown, where: string): { readonly value: unknown; readonly shown: unknown; readonly complete: boolean };
}

const isSingleExpression = (text: string): boolean => {
	const parts = parseTemplate(text);
	return parts.length === 1 && parts[0]?.kind === 'expression';
};

export const makeFiller = (scope: Scope, unresolved: 'fail' | 'keep'): Filler => {
	const made: string[] = [];
	const options = (where: string): FillOptions => ({ where, unresolved });
	const kept = (filled: Filled): Both => {
		made.push(...derivedSecrets(filled));
		return filled;
	};
	const json = (value: unknown, where: string): { value: unknown; shown: unknown; complete: boolean } => {
		if (typeof value === 'string') {
			if (!isTemplate(value)) return { value, shown: value, complete: true };
			const filled = fill(value, scope, options(where));
			made.push(...derivedSecrets(filled));
			const [only] = filled.parts;
			if (only === undefined || !only.resolved || !isSingleExpression(value)) return { value: filled.text, shown: filled.shown, complete: filled.complete };
			return { value: only.value, shown: only.secret ? filled.shown : redactorOf(scope).value(only.value), complete: true };
		}
		if (Array.isArray(value)) {
			const all = value.map((each, index) => json(each, `${where}[${index}]`));
			return { value: all.map((each) => each.value), shown: all.map((each) => each.shown), complete: all.every((each) => each.complete) };
		}
		if (typeof value !== 'object' || value === null) return { value, shown: value, complete: true };
		const all = Object.entries(value).map(([key, each]) => [key, json(each, `${where}.${key}`)] as const);
		return {
			value: Object.fromEntries(all.map(([key, each]) => [key, each.value])),
			shown: Object.fromEntries(all.map(([key, each]) => [key, each.shown])),
			complete: all.every(([, each]) => each.complete),
		};
	};
	return {
		scope,
		unresolved,
		secrets: () => [...new Set([...made, ...Object.values(scope.secrets ?? {})])].filter((secret) => secret !== '' && secret !== secretMark),
		argument: (template, where) => kept(fillArgument(template, scope, options(where))),
		value: (template, where) => kept(fillValue(template, scope, options(where))),
		address(template, where) {
			const filled = fillAddress(template, scope, options(where));
			made.push(...filled.secrets);
			return filled;
		},
		json,
	};
};

/** A word of a shown command. What is not filled in yet is left as it stands. */
export const word = ({ shown, complete }: Both): string => (shown === secretMark || !complete ? shown : quote(shown));
