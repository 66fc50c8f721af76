import { compileExpression, evaluate, ExpressionError } from '../action/expression.ts';
import type { Evaluation } from '../action/expression.ts';
import { toText } from '../action/plain.ts';
import type { Scope } from '../action/scope.ts';

/** Longest figure that is shown, characters. */
const maxShown = 200;

/** A number as people read it: three digits that say something, whole above 100; `0.0213`, `1.24`, `318`. */
export const roundedText = (value: number): string => {
	if (!Number.isFinite(value) || Number.isInteger(value)) return String(value);
	return String(Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
};

/** An expression's value; what cannot be read as an expression is wrong, like one that cannot be carried out. Never throws. */
export const valueOf = (expression: string, scope: Scope): Evaluation => {
	try {
		return evaluate(compileExpression(expression), scope);
	} catch (error) {
		if (error instanceof ExpressionError) return { kind: 'wrong', why: error.message };
		throw error;
	}
};

/** A figure as text, or why there is none. */
export const figureOf = (expression: string, scope: Scope): { readonly known: boolean; readonly text: string } => {
	const result = valueOf(expression, scope);
	if (result.kind !== 'value') return { known: false, text: result.why };
	const text = typeof result.value === 'number' ? roundedText(result.value) : toText(result.value);
	return { known: true, text: text.length <= maxShown ? text : `${text.slice(0, maxShown)}…` };
};
