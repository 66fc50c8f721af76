import { compileCondition, ExpressionError, holds } from '../action/expression.ts';
import type { Scope } from '../action/scope.ts';
import { figureOf } from './figure.ts';

/** Whether a condition holds; `undefined` where that cannot be told, with why. */
export interface Judgement {
	readonly holds: boolean | undefined;
	readonly why: string;
}

/** Judges a condition. Never throws: what cannot be read cannot be told. */
export const judge = (expression: string, scope: Scope): Judgement => {
	try {
		const { holds: answer, why } = holds(compileCondition(expression), scope);
		return { holds: answer, why: why ?? '' };
	} catch (error) {
		if (error instanceof ExpressionError) return { holds: undefined, why: error.message };
		throw error;
	}
};

/** The value of an expression as text, or why there is none. */
export const valueWords = (expression: string, scope: Scope): string => {
	const { known, text } = figureOf(expression, scope);
	return known ? text : `not known: ${text}`;
};
