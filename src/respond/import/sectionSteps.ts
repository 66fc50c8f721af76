import { worstRisk } from '../../domain/playbook/risk.ts';
import { analyseShell } from '../shell/analyse.ts';
import { isShellLanguage, judgeCode } from './codeBlock.ts';
import { commandDraft, fenced } from './commandStep.ts';
import { codeIn } from './document.ts';
import type { Block, CodeBlock, ListBlock, ListEntry, Section } from './document.ts';
import type { DraftStep } from './draft.ts';
import { literal } from './draft.ts';
import { expectedText, expectOf } from './expectation.ts';
import { scriptSteps } from './scriptSteps.ts';
import type { ScriptPlace } from './scriptSteps.ts';
import type { Tally } from './tally.ts';
import { asksForChecks, cut, plainWords } from './titles.ts';

/** The format takes instructions of 20,000 characters and checks of 1,000; a step by hand with more is cut in several. */
const limits = { instructions: 15_000, check: 900, checks: 50, note: 1500 };

/** What stands between backticks on one line. */
const codeSpan = /(?<!`)(`{1,3})(?!`)([^`\n]{2,300})\1(?!`)/g;

/** Commands within a sentence: programs that are known, with an argument at least. */
export const commandsIn = (text: string): readonly string[] =>
	text.length > 20_000
		? []
		: [...text.matchAll(codeSpan)].flatMap((match) => {
				const command = (match[2] ?? '').trim();
				if (!/^[a-z./]\S*\s+\S/.test(command)) return [];
				const { commands, readable } = analyseShell(command);
				return readable && commands[0]?.certain === true && !/^(?:>|echo|cd|true|test|exit|set|read|for|time|date|who|host|which|type|at|sort|split|watch|less|more|kill)$/.test(commands[0].name) ? [command] : [];
			});

const isTextual = (entry: ListEntry): boolean => entry.blocks.every((block) => block.kind === 'prose');

/** Makes steps of what stands under one heading. */
export class SectionReader {
	readonly steps: DraftStep[] = [];
	/** Text that no step holds yet. */
	#prose: { readonly text: string; readonly line: number }[] = [];
	#checks: { readonly text: string; readonly line: number }[] = [];
	readonly #section: Section;
	readonly #place: ScriptPlace;
	readonly #tally: Tally;
	/** Called for text that no step has taken; true where it is kept elsewhere, such as in the summary. */
	readonly #keep: (text: string) => boolean;

	constructor(section: Section, shared: Pick<ScriptPlace, 'params' | 'workingDir'>, tally: Tally, keep: (text: string) => boolean) {
		this.#section = section;
		this.#tally = tally;
		this.#keep = keep;
		this.#place = { title: section.title, source: cut(section.title), line: section.line, params: shared.params, workingDir: shared.workingDir };
	}

	/** Folder that the last `cd` went to. */
	get workingDir(): string | undefined {
		return this.#place.workingDir;
	}

	read(): void {
		this.#blocks(this.#section.blocks, this.#section.title);
		this.#flushChecks();
		this.#flushProse();
	}

	#blocks(blocks: readonly Block[], title: string): void {
		blocks.forEach((block, index) => {
			if (block.kind === 'prose') this.#paragraph(block.text, block.line);
			else if (block.kind === 'code') this.#code(block, title);
			else this.#list(block, title, blocks[index - 1]);
		});
	}

	#paragraph(text: string, line: number): void {
		const words = plainWords(text);
		const expected = expectedText(words);
		const last = this.steps.at(-1);
		if (expected !== undefined && expected !== '' && last !== undefined && this.#prose.length === 0 && this.#checks.length === 0) {
			const span = /`([^`\n]+)`/.exec(text)?.[0];
			expectOf(last, span !== undefined && words.endsWith(span.slice(1, -1)) ? span : expected, /output/i.test(words));
		} else this.#prose.push({ text, line });
	}

	#code(block: CodeBlock, title: string): void {
		const verdict = judgeCode(block);
		const shell = verdict.kind === 'script' || isShellLanguage(block.language);
		if (shell) this.#tally.shellBlocks++;
		else this.#tally.otherBlocks++;
		const steps = verdict.kind === 'script' ? scriptSteps(verdict.script, { ...this.#place, title, line: block.line }) : [];
		if (verdict.kind === 'script' && steps.length > 0) return this.#takeScript(verdict.script, block, title);
		const sample = verdict.kind === 'text' && this.#asOutput(block);
		const reason = sample ? 'a sample of output' : verdict.kind === 'text' ? verdict.reason : block.text.trim() === '' ? 'it is empty' : 'nothing but comments';
		this.#tally.leftOut.push({ line: block.line, language: block.language, reason, keptIn: sample ? (this.steps.at(-1)?.title ?? '') : this.#section.title });
		if (!sample && block.text.trim() !== '') this.#prose.push({ text: fenced(block.text, block.language), line: block.line });
	}

	#takeScript(script: string, block: CodeBlock, title: string): void {
		this.#flushChecks();
		this.#tally.shellBlocksAsSteps++;
		const place = { ...this.#place, title, line: block.line };
		const steps = scriptSteps(script, place);
		this.#place.workingDir = place.workingDir;
		const before = this.#prose.map(({ text }) => text).join('\n\n');
		if (before.length > limits.note) this.#flushProse();
		else if (before !== '') {
			this.#prose = [];
			steps[0]?.notes.unshift(before);
		}
		this.steps.push(...steps);
	}

	/** A block after "Expected output:" belongs to the command before it. */
	#asOutput(block: CodeBlock): boolean {
		const last = this.steps.at(-1);
		const before = this.#prose.at(-1)?.text ?? '';
		if (last === undefined || this.#checks.length > 0 || this.#prose.length > 1 || !/expect|output|should (?:see|return|print|look)|returns?:|looks like/i.test(before) || block.text.trim() === '') return false;
		this.#prose = [];
		expectOf(last, block.text.trim(), true);
		const words = plainWords(before);
		if (!/^(?:expected )?output:?$/i.test(words)) last.notes.push(words);
		return true;
	}

	#list(list: ListBlock, title: string, before: Block | undefined): void {
		const boxes = this.#boxesIn(list);
		const intro = before?.kind === 'prose' ? before.text.slice(-200) : '';
		const checks = boxes > 0 || list.ordered || asksForChecks(title) || asksForChecks(this.#section.title) || (/:\s*\**\s*$/.test(intro) && asksForChecks(intro));
		if (!checks && codeIn([list]).length === 0) {
			this.#prose.push({ text: list.text, line: list.line });
			return;
		}
		list.entries.forEach((entry, index) => this.#entry(entry, '', list.ordered ? index + 1 : undefined));
	}

	#boxesIn(list: ListBlock): number {
		return list.entries.reduce((sum, entry) => sum + (entry.box ? 1 : 0) + entry.blocks.reduce((inner, block) => inner + (block.kind === 'list' ? this.#boxesIn(block) : 0), 0), 0);
	}

	/** One entry of a list: a check, or the words over its commands. @param above words of the entry it stands in */
	#entry(entry: ListEntry, above: string, number: number | undefined): void {
		const [first, ...others] = entry.blocks;
		const text = first?.kind === 'prose' ? first.text : '';
		const words = `${above === '' ? '' : `${above}: `}${plainWords(text).replace(/:$/, '')}`;
		const rest = first?.kind === 'prose' ? others : entry.blocks;
		const code = codeIn(rest);
		if (entry.box) this.#tally.boxes++;
		if (entry.box || (rest.length === 0 && words.trim() !== '') || (isTextual(entry) && words.trim() !== '')) this.#check(words.trim() === '' ? 'Untitled' : words, text, entry.line);
		else if (code.length > 0 && words.trim() !== '' && judgeCode(code[0] ?? { kind: 'code', language: '', fenced: true, text: '', line: 1 }).kind === 'text') this.#check(words, text, entry.line);
		const title = cut(words.trim() === '' ? this.#section.title : words);
		const source = this.#place.source;
		for (const [index, block] of rest.entries()) {
			if (block.kind === 'list' && codeIn([block]).length === 0) for (const inner of block.entries) this.#entry(inner, cut(words, 300), undefined);
			else if (block.kind === 'list') block.entries.forEach((inner, at) => this.#entry(inner, '', block.ordered ? at + 1 : undefined));
			else this.#blocks([block], title);
			void index;
		}
		void source;
		void number;
	}

	/** A line to tick; commands that it names become steps before it. */
	#check(words: string, written: string, line: number): void {
		this.#tally.checks++;
		const commands = commandsIn(written);
		if (commands.length > 0) {
			this.#flushChecks();
			for (const command of commands) this.#inline(command, words, line);
		}
		if (words.length <= limits.check) this.#checks.push({ text: words, line });
		else {
			this.#prose.push({ text: written, line });
			this.#checks.push({ text: cut(words, limits.check), line });
		}
		if (this.#checks.length >= limits.checks) this.#flushChecks();
	}

	#inline(command: string, words: string, line: number): void {
		const draft = commandDraft(command, { params: this.#place.params, workingDir: this.#place.workingDir });
		this.#flushProse();
		this.steps.push({
			title: cut(words),
			source: this.#place.source,
			line,
			notes: [...draft.notes],
			body: draft.body,
			risk: draft.risk,
			why: draft.why,
			...(draft.target === undefined ? {} : { target: draft.target }),
			...(draft.loses === undefined ? {} : { loses: draft.loses }),
		});
	}

	#flushChecks(): void {
		if (this.#checks.length === 0) return;
		const checks = this.#checks;
		this.#checks = [];
		const before = this.#prose.map(({ text }) => text).join('\n\n');
		const fits = before.length <= limits.instructions;
		if (!fits) this.#flushProse();
		else this.#prose = [];
		this.#manual(this.#section.title, fits ? before : '', checks.map(({ text }) => text), checks[0]?.line ?? this.#section.line);
	}

	#flushProse(): void {
		const [first] = this.#prose;
		if (first === undefined) return;
		const text = this.#prose.map((each) => each.text).join('\n\n');
		this.#prose = [];
		if (this.steps.length === 0 && this.#keep(text)) return;
		const parts = inParts(text, limits.instructions);
		parts.forEach((part, index) => this.#manual(`Read: ${this.#section.title}${parts.length === 1 ? '' : `, part ${index + 1} of ${parts.length}`}`, part, [], first.line));
	}

	#manual(title: string, instructions: string, checklist: readonly string[], line: number): void {
		const found = [...new Set(commandsIn(instructions))].map((command) => ({ command, ...analyseShell(command) }));
		const notes = found.length === 0 ? [] : [`Commands in the text: ${found.map(({ command, risk }) => `${command} (${risk})`).join('; ')}.`];
		this.steps.push({
			title: cut(title),
			source: this.#place.source,
			line,
			notes,
			body: { kind: 'manual', ...(instructions === '' ? {} : { instructions: literal(instructions) }), checklist: checklist.map(literal) },
			// What a person does by hand is confirmed by its own words.
			risk: worstRisk([]),
		});
	}
}

/** Pieces of at most so many characters, cut at line ends where there are any. */
export const inParts = (text: string, most: number): readonly string[] => {
	const parts: string[] = [];
	let rest = text;
	while (rest.length > most) {
		const line = rest.lastIndexOf('\n', most);
		const at = line > most / 2 ? line : most - (/[\uD800-\uDBFF]/.test(rest[most - 1] ?? '') ? 1 : 0);
		parts.push(rest.slice(0, at));
		rest = rest.slice(at).replace(/^\n/, '');
	}
	return [...parts, rest];
};
