import type { Severity } from '../../domain/severity.ts';
import type { DraftPhase, DraftPlaybook, DraftStep } from './draft.ts';
import { boldLevel } from './document.ts';
import type { Section } from './document.ts';
import { manualStep } from './manualStep.ts';
import type { OutlinePart, OutlinePlaybook } from './outline.ts';
import { SectionReader } from './sectionSteps.ts';
import type { Tally } from './tally.ts';
import { budgetIn, cut, isCondition, isPart, kindOf, namesCauses, severityIn } from './titles.ts';
import { WantedParams } from './wantedParams.ts';

/** The format takes 500 steps, choices included; a file of a million characters. */
const limits = { steps: 400, weight: 150_000, summary: 3000 };

/** Under which condition a section is one of several ways: its own, or that of a heading it stands under. */
const conditionOf = (part: OutlinePart, siblings: ReadonlyMap<Section, Section>): string | undefined => {
	for (const section of part.path) {
		if (isCondition(section.title)) return section.title;
		// Bold lines after "Common causes:" are its causes.
		for (let before = siblings.get(section); section.level >= boldLevel && before !== undefined; before = siblings.get(before)) {
			if (before.blocks.length === 0 && namesCauses(before.title)) return section.title;
		}
	}
	return undefined;
};

const siblingsBefore = (root: Section): ReadonlyMap<Section, Section> => {
	const before = new Map<Section, Section>();
	const visit = (section: Section): void => {
		section.children.forEach((child, index) => {
			const previous = section.children[index - 1];
			if (previous !== undefined) before.set(child, previous);
			visit(child);
		});
	};
	visit(root);
	return before;
};

/** Phases of a playbook in the order of their headings, with budgets that count from the beginning of the run. */
class Phases {
	readonly all: DraftPhase[] = [];
	readonly #places = new Map<string, number>();
	#reached = 0;

	placeOf(path: readonly Section[]): number | undefined {
		if (path.length === 0) return undefined;
		const title = cut(
			path
				.slice(-2)
				.map((section) => section.title)
				.join(', '),
		);
		const key = path.map((section) => section.line).join(' ');
		const known = this.#places.get(key);
		if (known !== undefined) return known;
		const budget = path.map((section) => budgetIn(section.title)).findLast((each) => each !== undefined);
		const until = budget === undefined ? undefined : budget.from === 'beginning' ? budget.minutes : this.#reached + budget.minutes;
		if (until !== undefined) this.#reached = until;
		this.#places.set(key, this.all.length);
		this.all.push({ title, ...(until === undefined || until > 10_080 ? {} : { budgetMinutes: Math.round(until * 10) / 10 }) });
		return this.all.length - 1;
	}
}

/** How long a step is in its file, roughly; characters. */
const weightOf = (step: DraftStep): number => {
	const { body } = step;
	const own = body.kind === 'manual' ? (body.instructions?.length ?? 0) + body.checklist.join('').length : (body.sh?.length ?? 0) + (body.run?.join('').length ?? 0);
	return own + step.notes.join('').length + step.title.length + 300;
};

/** Cuts a list of steps where it grows too long for one file. */
const inFiles = (steps: readonly DraftStep[]): readonly (readonly DraftStep[])[] => {
	const files: DraftStep[][] = [];
	let weight = Number.POSITIVE_INFINITY;
	for (const step of steps) {
		const own = weightOf(step);
		if (weight + own > limits.weight || (files.at(-1)?.length ?? 0) >= limits.steps) {
			files.push([]);
			weight = 0;
		}
		files.at(-1)?.push(step);
		weight += own;
	}
	return files;
};

/** "Investigation" or "Steps" alone says too little: what stands over it is told as well. */
const titleOf = ({ root, above }: OutlinePlaybook, document: string): string => {
	const saysLittle = isPart(root.title) || /^(?:workflow|procedures?|steps?|instructions?|overview|checklist|process|details?)(?: steps?)?$/i.test(root.title);
	const over = above.at(-1)?.title ?? (document === root.title ? undefined : document);
	return over !== undefined && saysLittle ? cut(`${over}: ${root.title}`) : root.title;
};

const severityOf = ({ root, above }: OutlinePlaybook): Severity | undefined => [root, ...above.toReversed()].map((section) => severityIn(section.title)).find((each) => each !== undefined);

/** Reads one part of the outline into drafts: one, or several where it is too long for one. @param document its title */
export const draftPlaybooks = (outline: OutlinePlaybook, document: string, tally: Tally): readonly DraftPlaybook[] => {
	const params = new WantedParams();
	const phases = new Phases();
	const siblings = siblingsBefore(outline.root);
	const steps: DraftStep[] = [];
	let workingDir: string | undefined;
	let summary: string | undefined;
	for (const part of outline.parts) {
		const reader = new SectionReader(part.section, { params, workingDir }, tally, (text) => {
			if (part.section !== outline.root || steps.length > 0 || text.length > limits.summary) return false;
			summary = text;
			return true;
		});
		reader.read();
		workingDir = reader.workingDir;
		const phase = reader.steps.length === 0 ? undefined : phases.placeOf(part.path);
		const condition = conditionOf(part, siblings);
		const over = part.path.slice(0, -1).map((section) => `${section.title}, `).join('');
		steps.push(...reader.steps.map((step) => ({ ...step, source: cut(over + step.source, 180), ...(phase === undefined ? {} : { phase }), ...(condition === undefined ? {} : { condition }) })));
	}
	if (steps.length === 0 && summary !== undefined) {
		// Nothing but text after all: it is to be read.
		steps.push(manualStep({ title: `Read: ${outline.root.title}`, source: cut(outline.root.title, 180), line: outline.root.line, instructions: summary, checklist: [] }));
		summary = undefined;
	}
	const files = inFiles(steps);
	const severity = severityOf(outline);
	const title = titleOf(outline, document);
	const changes = steps.some(({ risk }) => risk !== 'read');
	return files.map((own, index) => ({
		title: files.length === 1 ? title : `${title}, part ${index + 1} of ${files.length}`,
		kind: kindOf(title, severity, changes),
		...(severity === undefined ? {} : { severity }),
		...(summary === undefined || index > 0 ? {} : { summary }),
		source: [...outline.above, outline.root].map((section) => section.title).join(', '),
		notes: workingDir === undefined ? [] : ['The written procedure changes folders with cd; here the steps after it have a workingDir.'],
		params: params.params,
		phases: phases.all,
		steps: own,
	}));
};

/** What stands outside of every playbook: text to read, section by section. */
export const backgroundPlaybooks = (parts: readonly OutlinePart[], title: string, tally: Tally): readonly DraftPlaybook[] => {
	const params = new WantedParams();
	const steps = parts.flatMap(({ section, path }) => {
		const reader = new SectionReader(section, { params, workingDir: undefined }, tally, () => false);
		reader.read();
		const source = cut(path.length === 0 ? title : path.map((each) => each.title).join(', '), 170);
		return reader.steps.map((step) => ({ ...step, source }));
	});
	const files = inFiles(steps);
	return files.map((own, index) => ({
		title: cut(`Background: ${title}${files.length === 1 ? '' : `, part ${index + 1} of ${files.length}`}`),
		kind: 'check',
		summary: 'What the runbook says outside of its procedures. Nothing is run.',
		source: title,
		notes: [],
		params: params.params,
		phases: [],
		steps: own,
	}));
};
