import { checkExpression, type ExpressionProblem, type KnownNames } from './check.ts';
import { type CompiledExpression, compileExpression, ExpressionError } from './expression.ts';

/** A stretch of a template: text as it stands, or an expression with its place, offsets from 0. */
export type TemplatePart =
	| { readonly kind: 'text'; readonly text: string }
	/** `start` and `end` include `${{` and `}}`; `offset` is where `text` begins. */
	| { readonly kind: 'expression'; readonly text: string; readonly start: number; readonly end: number; readonly offset: number };

const opening = '${{';

/** Index just behind a CEL string that begins at `at`, or the end of the text where it is not closed. */
const afterString = (text: string, at: number, raw: boolean): number => {
	const mark = text[at] ?? '';
	const fence = text.startsWith(mark.repeat(3), at) ? mark.repeat(3) : mark;
	let index = at + fence.length;
	while (index < text.length) {
		if (!raw && text[index] === '\\') index += 2;
		else if (text.startsWith(fence, index)) return index + fence.length;
		else index++;
	}
	return text.length;
};

/** Where the expression that begins at `from` ends: the index of its `}}`, -1 where there is none. */
const endOf = (text: string, from: number): number => {
	let depth = 0;
	for (let index = from; index < text.length; ) {
		const character = text[index];
		if (character === '"' || character === "'") {
			const raw = /(?:^|[^\w])(?:[rR][bB]?|[bB][rR])$/.test(text.slice(Math.max(from, index - 3), index));
			index = afterString(text, index, raw);
			continue;
		}
		if (depth === 0 && text.startsWith('}}', index)) return index;
		if (character === '{') depth++;
		if (character === '}') depth = Math.max(0, depth - 1);
		index++;
	}
	return -1;
};

/**
 * Cuts a template into text and expressions. `${{` without its `}}` is an error, never text.
 * @throws ExpressionError with the place in the template
 */
export const parseTemplate = (template: string): readonly TemplatePart[] => {
	const parts: TemplatePart[] = [];
	let from = 0;
	while (from < template.length) {
		const start = template.indexOf(opening, from);
		if (start === -1) break;
		if (start > from) parts.push({ kind: 'text', text: template.slice(from, start) });
		const offset = start + opening.length;
		const close = endOf(template, offset);
		if (close === -1) throw new ExpressionError('${{ is not closed by }}', start, template.length);
		const inner = template.slice(offset, close);
		if (inner.trim() === '') throw new ExpressionError('${{ }} is empty', start, close + 2);
		parts.push({ kind: 'expression', text: inner, start, end: close + 2, offset });
		from = close + 2;
	}
	if (from < template.length) parts.push({ kind: 'text', text: template.slice(from) });
	return parts;
};

/** Whether a text holds `${{` at all. */
export const isTemplate = (text: string): boolean => text.includes(opening);

/** @throws ExpressionError with the place in the template */
export const compilePart = (part: TemplatePart & { readonly kind: 'expression' }): CompiledExpression => {
	try {
		return compileExpression(part.text);
	} catch (error) {
		if (error instanceof ExpressionError) throw new ExpressionError(error.message, error.start + part.offset, error.end + part.offset);
		throw error;
	}
};

/** Names in a template, dotted, such as `params.container`, with their places in it. @throws ExpressionError */
export const templateNames = (template: string): readonly { readonly name: string; readonly start: number; readonly end: number }[] =>
	parseTemplate(template).flatMap((part) =>
		part.kind === 'expression'
			? compilePart(part).references.map(({ root, path, start, end }) => ({ name: [root, ...path].join('.'), start: start + part.offset, end: end + part.offset }))
			: [],
	);

/** Everything that can be said against a template without running it, with places in the template. */
export const checkTemplate = (template: string, names: KnownNames): readonly ExpressionProblem[] => {
	try {
		return parseTemplate(template).flatMap((part) =>
			part.kind === 'expression'
				? checkExpression(part.text, names, 'value').map((problem) => ({ ...problem, start: problem.start + part.offset, end: problem.end + part.offset }))
				: [],
		);
	} catch (error) {
		if (error instanceof ExpressionError) return [{ message: error.message, start: error.start, end: error.end }];
		throw error;
	}
};
