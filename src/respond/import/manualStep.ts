import { analyseShell } from '../shell/analyse.ts';
import { literal } from './draft.ts';
import type { DraftStep } from './draft.ts';
import { cut } from './titles.ts';

/** What stands between backticks on one line. */
const codeSpan = /(?<!`)(`{1,3})(?!`)([^`\n]{2,300})\1(?!`)/g;

/** English words that are programs as well. */
const ambiguous = /^(?:>|echo|cd|true|test|exit|set|read|for|time|date|who|host|which|type|at|sort|split|watch|less|more|kill|make|find|cut|join|paste|look|last|yes|wait|open|write)$/;

/** Commands within a sentence: programs that are known, with an argument at least. */
export const commandsIn = (text: string): readonly string[] =>
	text.length > 20_000
		? []
		: [...text.matchAll(codeSpan)].flatMap((match) => {
				const command = (match[2] ?? '').trim();
				if (!/^[a-z./]\S*\s+\S/.test(command)) return [];
				const { commands, readable } = analyseShell(command);
				const [first] = commands;
				return readable && first?.certain === true && !ambiguous.test(first.name) ? [command] : [];
			});

/** Pieces of at most so many characters, cut at line ends where there are any. */
export const inParts = (text: string, most: number): readonly string[] => {
	const parts: string[] = [];
	let from = 0;
	while (text.length - from > most) {
		const line = text.lastIndexOf('\n', from + most);
		const at = line > from + most / 2 ? line + 1 : from + most - (/[\uD800-\uDBFF]/.test(text[from + most - 1] ?? '') ? 1 : 0);
		parts.push(text.slice(from, at));
		from = at;
	}
	return [...parts, text.slice(from)];
};

/** The format takes 20,000 characters, which escapes make longer. */
export const longestInstructions = 15_000;

/** The same step, or several where its instructions or its notes are too long for one. */
export const inSeveral = (step: DraftStep): readonly DraftStep[] => {
	const notes = step.notes.join('\n\n');
	const { body } = step;
	const text = body.kind === 'manual' ? (body.instructions ?? '') : '';
	if (notes.length <= 8000 && text.length <= longestInstructions) return [step];
	const { why: _why, target: _target, loses: _loses, ...base } = step;
	const read = (name: string, part: string): DraftStep => ({ ...base, title: cut(`${name}: ${step.title}`), notes: [], risk: 'read', body: { kind: 'manual', instructions: part, checklist: [] } });
	const before = notes.length <= 8000 ? [] : inParts(literal(notes), longestInstructions).map((part) => read('Read before', part));
	const kept = notes.length <= 8000 ? step.notes : [];
	if (text.length <= longestInstructions) return [...before, { ...step, notes: kept }];
	const parts = inParts(text, longestInstructions);
	return [
		...before,
		...parts.slice(0, -1).map((part, index) => read(`Part ${index + 1} of ${parts.length}`, part)),
		{ ...step, notes: kept, body: { kind: 'manual', instructions: parts.at(-1) ?? '', checklist: body.kind === 'manual' ? body.checklist : [] } },
	];
};

/** A step by hand, with what there is to know of the commands its text names. */
export const manualStep = (about: { readonly title: string; readonly source: string; readonly line: number; readonly instructions: string; readonly checklist: readonly string[] }): DraftStep => {
	const found = [...new Set(commandsIn(about.instructions))].map((command) => `${command} (${analyseShell(command).risk})`);
	return {
		title: cut(about.title),
		source: about.source,
		line: about.line,
		notes: found.length === 0 ? [] : [`Commands in the text: ${found.join('; ')}.`],
		body: { kind: 'manual', ...(about.instructions.trim() === '' ? {} : { instructions: literal(about.instructions) }), checklist: about.checklist.map(literal) },
		risk: 'read',
	};
};
