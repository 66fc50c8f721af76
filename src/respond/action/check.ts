import { suggest } from '../../config/suggest.ts';
import { type CompiledExpression, compileCondition, compileExpression, ExpressionError } from './expression.ts';
import type { Reference } from './references.ts';
import { outcomeNames } from './scope.ts';

/** What an expression may name where it stands. */
export interface KnownNames {
	readonly params: readonly string[];
	/** Names under which results are registered, and ids of steps. */
	readonly values: readonly string[];
	/** True in an `expect`: `status`, `json`, `exitCode` and their kin. */
	readonly outcome: boolean;
}

/** What is wrong with an expression, and where in its text: offsets from 0. */
export interface ExpressionProblem {
	readonly message: string;
	readonly start: number;
	readonly end: number;
	readonly wayOut?: string;
}

/** Names that the language itself brings. */
export const languageNames: ReadonlySet<string> = new Set(['bool', 'int', 'uint', 'double', 'string', 'bytes', 'list', 'map', 'null_type', 'type', 'dyn', 'google', 'cel']);

const didYouMean = (word: string, known: Iterable<string>): { readonly wayOut?: string } => {
	const meant = suggest(word, known);
	return meant === undefined ? {} : { wayOut: `Did you mean ${meant}?` };
};

const unknown = (reference: Reference, names: KnownNames): ExpressionProblem | undefined => {
	const { root, start, end, path } = reference;
	const at = { start, end };
	const [field] = path;
	if (root === 'params') {
		if (field === undefined || names.params.includes(field)) return undefined;
		return { message: `there is no parameter ${field}`, ...at, ...didYouMean(field, names.params) };
	}
	if (root === 'steps') {
		if (field === undefined || names.values.includes(field)) return undefined;
		return { message: `there is no step or registered name ${field}`, ...at, ...didYouMean(field, names.values) };
	}
	if (languageNames.has(root) || names.values.includes(root)) return undefined;
	const isOutcome = outcomeNames.some((each) => each === root);
	if (isOutcome && names.outcome) return undefined;
	if (isOutcome) return { message: `${root} is known in expect only`, ...at, wayOut: `Register the step's result and write NAME.${root}.` };
	if (names.params.includes(root)) return { message: `${root} is not known`, ...at, wayOut: `Write params.${root}.` };
	const dashed = names.values.find((each) => each.startsWith(`${root}-`));
	if (dashed !== undefined) return { message: `${root} is not known`, ...at, wayOut: `A name with a dash is written steps["${dashed}"].` };
	return { message: `${root} is not known here`, ...at, ...didYouMean(root, [...names.values, ...(names.outcome ? outcomeNames : [])]) };
};

/** Everything a compiled expression names that is not there to be named. */
export const unknownNames = (compiled: CompiledExpression, names: KnownNames): readonly ExpressionProblem[] =>
	compiled.references.flatMap((each, index) => {
		const before = compiled.references[index - 1];
		// The second half of `my-step`, which is a subtraction: said once.
		if (before !== undefined && names.values.includes(`${before.root}-${each.root}`)) return [];
		return unknown(each, names) ?? [];
	});

/**
 * Everything that can be said against an expression without running it: syntax, types, names.
 * @param as whether its value must be true or false
 */
export const checkExpression = (text: string, names: KnownNames, as: 'condition' | 'value' = 'condition'): readonly ExpressionProblem[] => {
	try {
		return unknownNames(as === 'condition' ? compileCondition(text) : compileExpression(text), names);
	} catch (error) {
		if (error instanceof ExpressionError) return [{ message: error.message, start: error.start, end: error.end }];
		throw error;
	}
};
