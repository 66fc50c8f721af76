import { isShellLanguage, judgeCode } from './codeBlock.ts';
import { commandDraft, fenced } from './commandStep.ts';
import { codeIn } from './document.ts';
import type { Block, CodeBlock, ListBlock, ListEntry, Section } from './document.ts';
import type { DraftStep } from './draft.ts';
import { expectedText, expectOf, fitsBeside } from './expectation.ts';
import { commandsIn, inParts, inSeveral, longestInstructions, manualStep } from './manualStep.ts';
import { scriptSteps } from './scriptSteps.ts';
import type { ScriptPlace } from './scriptSteps.ts';
import type { Tally } from './tally.ts';
import { asksForChecks, cut, plainWords } from './titles.ts';

/** The format takes checks of 1,000 characters. */
const limits = { check: 900, checks: 50, note: 1500 };

const boxesIn = (blocks: readonly Block[]): number =>
	blocks.reduce((sum, block) => sum + (block.kind === 'list' ? block.entries.reduce((inner, entry) => inner + (entry.box ? 1 : 0) + boxesIn(entry.blocks), 0) : 0), 0);

/** Whether each entry of a list is something to do or to look at: it has boxes or numbers, or what stands over it says so. A list of links is a table of contents. */
export const isChecklist = (list: ListBlock, headings: readonly string[], before: Block | undefined): boolean => {
	const intro = before?.kind === 'prose' ? before.text.slice(-200) : '';
	if (list.entries.every((entry) => entry.blocks.every((block) => block.kind === 'list' || (block.kind === 'prose' && /^\s*\[[^\]]*\]\([^)]*\)\s*$/.test(block.text))))) return false;
	return list.ordered || boxesIn([list]) > 0 || headings.some(asksForChecks) || (/:\s*\**\s*$/.test(intro) && asksForChecks(intro));
};

/** Makes steps of what stands under one heading, not under those below it. */
export class SectionReader {
	readonly steps: DraftStep[] = [];
	/** Text that no step holds yet. */
	#prose: { readonly text: string; readonly line: number }[] = [];
	#checks: { readonly text: string; readonly line: number }[] = [];
	readonly #section: Section;
	readonly #place: ScriptPlace;
	readonly #tally: Tally;
	readonly #keep: (text: string) => boolean;

	/** @param keep takes text before the first step; false where it has to become a step */
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
		this.#blocks(this.#section.blocks, this.#section.title, '');
		this.#flushChecks();
		this.#flushProse();
	}

	/** @param title what steps without a comment are called by @param above words of the list entry they stand in */
	#blocks(blocks: readonly Block[], title: string, above: string): void {
		blocks.forEach((block, index) => {
			if (block.kind === 'prose') this.#paragraph(block.text, block.line);
			else if (block.kind === 'code') this.#code(block, title);
			else if (above !== '' || isChecklist(block, [title, ...this.#section.about], blocks[index - 1]) || codeIn([block]).length > 0) for (const entry of block.entries) this.#entry(entry, above);
			else this.#prose.push({ text: block.text, line: block.line });
		});
	}

	#paragraph(text: string, line: number): void {
		const words = plainWords(text);
		const expected = expectedText(words);
		const last = this.steps.at(-1);
		if (expected === undefined || expected === '' || last === undefined || this.#prose.length > 0 || this.#checks.length > 0 || !fitsBeside(last, text)) {
			this.#prose.push({ text, line });
			return;
		}
		const span = /`([^`\n]+)`\.?\s*$/.exec(text)?.[1];
		// A code span that is all of it is the output itself.
		expectOf(last, span === expected ? `\`${span}\`` : expected, /output/i.test(words));
	}

	#code(block: CodeBlock, title: string): void {
		const verdict = judgeCode(block);
		if (verdict.kind === 'script' || isShellLanguage(block.language)) this.#tally.shellBlocks++;
		else this.#tally.otherBlocks++;
		if (verdict.kind === 'script') {
			const place = { ...this.#place, title, line: block.line };
			const steps = scriptSteps(verdict.script, place);
			this.#place.workingDir = place.workingDir;
			if (steps.length > 0) return this.#takeSteps(steps);
		}
		const sample = verdict.kind === 'text' && this.#asOutput(block);
		const reason = sample ? 'a sample of output' : verdict.kind === 'text' ? verdict.reason : block.text.trim() === '' ? 'it is empty' : 'nothing but comments';
		this.#tally.leftOut.push({ line: block.line, language: block.language, reason, keptIn: sample ? (this.steps.at(-1)?.title ?? '') : this.#section.title });
		if (!sample && block.text.trim() !== '') this.#prose.push({ text: fenced(block.text, block.language), line: block.line });
	}

	#takeSteps(steps: readonly DraftStep[]): void {
		this.#tally.shellBlocksAsSteps++;
		this.#flushChecks();
		const before = this.#prose.map(({ text }) => text).join('\n\n');
		if (before.length > limits.note) this.#flushProse();
		else if (before !== '') {
			this.#prose = [];
			steps[0]?.notes.unshift(before);
		}
		this.steps.push(...steps.flatMap(inSeveral));
	}

	/** A block after "Expected output:" belongs to the command before it. */
	#asOutput(block: CodeBlock): boolean {
		const last = this.steps.at(-1);
		const before = this.#prose.at(-1)?.text ?? '';
		const announced = /expect|output|should (?:see|return|print|look)|returns?:|looks like/i.test(before);
		if (last === undefined || this.#checks.length > 0 || this.#prose.length > 1 || !announced || block.text.trim() === '' || !fitsBeside(last, block.text) || before.length > 2000) return false;
		this.#prose = [];
		expectOf(last, block.text.trim(), true);
		const words = plainWords(before);
		if (!/^(?:expected )?output:?$/i.test(words)) last.notes.push(words);
		return true;
	}

	/** One entry of a list: something to tick, or the words over its commands. */
	#entry(entry: ListEntry, above: string): void {
		const [first] = entry.blocks;
		const written = first?.kind === 'prose' ? first.text : '';
		const rest = written === '' ? entry.blocks : entry.blocks.slice(1);
		const own = plainWords(written, 'address').replace(/\s*:$/, '');
		const words = [above, own].filter((each) => each !== '').join(': ');
		const scripts = codeIn(rest).some((code) => judgeCode(code).kind === 'script');
		const parent = rest.some((block) => block.kind === 'list');
		if (entry.box) this.#tally.boxes++;
		if (entry.box || (own !== '' && !scripts && !parent)) this.#check(words === '' ? this.#section.title : words, written, entry.line);
		// What the title of its steps cannot hold is kept as a note.
		if (scripts && !entry.box && (own.length > 150 || written.includes(']('))) this.#prose.push({ text: written, line: entry.line });
		this.#blocks(rest, cut(words === '' ? this.#section.title : words), cut(words === '' ? this.#section.title : words, 300));
	}

	/** A line to tick; commands that it names become steps before it. */
	#check(words: string, written: string, line: number): void {
		this.#tally.checks++;
		const commands = commandsIn(written);
		if (commands.length > 0) {
			this.#flushChecks();
			this.#flushProse();
			for (const command of commands) this.#inline(command, words, line);
		}
		if (words.length > limits.check || plainWords(written).length < written.length / 3) this.#prose.push({ text: written, line });
		this.#checks.push({ text: cut(words, limits.check), line });
		if (this.#checks.length >= limits.checks) this.#flushChecks();
	}

	#inline(command: string, words: string, line: number): void {
		const { notes, ...draft } = commandDraft(command, { params: this.#place.params, workingDir: this.#place.workingDir });
		// The command itself stands below the title.
		const short = words.replace(command, '').replaceAll(/\s+/g, ' ').replace(/[\s:.]+$/, '').trim();
		this.steps.push({ title: cut(short.length < 8 ? words : short), source: this.#place.source, line, notes: [...notes], ...draft });
	}

	#flushChecks(): void {
		const [first] = this.#checks;
		if (first === undefined) return;
		const checklist = this.#checks.map(({ text }) => text);
		this.#checks = [];
		const before = this.#prose.map(({ text }) => text).join('\n\n');
		const fits = before.length <= longestInstructions;
		if (fits) this.#prose = [];
		else this.#flushProse();
		this.steps.push(manualStep({ title: this.#section.title, source: this.#place.source, line: first.line, instructions: fits ? before : '', checklist }));
	}

	#flushProse(): void {
		const [first] = this.#prose;
		if (first === undefined) return;
		const text = this.#prose.map((each) => each.text).join('\n\n');
		this.#prose = [];
		if (this.steps.length === 0 && this.#keep(text)) return;
		const parts = inParts(text, longestInstructions);
		parts.forEach((part, index) => {
			const title = `Read: ${this.#section.title}${parts.length === 1 ? '' : `, part ${index + 1} of ${parts.length}`}`;
			this.steps.push(manualStep({ title, source: this.#place.source, line: first.line, instructions: part, checklist: [] }));
		});
	}
}
