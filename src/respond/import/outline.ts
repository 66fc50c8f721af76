import { judgeCode } from './codeBlock.ts';
import { boldLevel, codeIn, withDescendants } from './document.ts';
import type { Section } from './document.ts';
import { isChecklist } from './sectionSteps.ts';
import { isPart } from './titles.ts';

/** A section within a playbook, with the headings between it and the playbook's own. */
export interface OutlinePart {
	readonly section: Section;
	readonly path: readonly Section[];
}

/** A section that becomes a playbook, and everything that belongs to it, in the order of the document. */
export interface OutlinePlaybook {
	readonly root: Section;
	/** Headings above it, the outermost first. */
	readonly above: readonly Section[];
	readonly parts: readonly OutlinePart[];
}

export interface Outline {
	readonly playbooks: readonly OutlinePlaybook[];
	/** Sections that hold text alone, outside of every playbook. */
	readonly background: readonly OutlinePart[];
	/** Headings with nothing below them. */
	readonly empty: readonly Section[];
}

const hasCommands = (section: Section): boolean => codeIn(section.blocks).some((code) => judgeCode(code).kind === 'script');

/** Whether there is something to do in a section itself, those below it left out. */
const acts = (section: Section): boolean =>
	hasCommands(section) || section.blocks.some((block, index) => block.kind === 'list' && isChecklist(block, section.about, section.blocks[index - 1]));

/**
 * Which headings are playbooks: those over commands or checks. A heading that reads as a part of something (`Phase 1`,
 * `Investigation (5-15 minutes)`, `If the disk is full`, a bold line), or that stands under one with commands of its own,
 * is a phase of what it stands under.
 */
export const outlineOf = (document: Section): Outline => {
	const parents = new Map<Section, Section>();
	const all = withDescendants(document);
	for (const section of all) for (const child of section.children) parents.set(child, section);
	const active = new Map(all.map((section) => [section, acts(section)]));
	const commands = new Map(all.map((section) => [section, hasCommands(section)]));

	// Headings with commands somewhere below them. Checks alone are one playbook, however many headings part them.
	const within = new Set<Section>();
	for (const section of all) for (let each: Section | undefined = commands.get(section) === true ? section : undefined; each !== undefined && !within.has(each); each = parents.get(each)) within.add(each);

	// A document is one procedure where most of its chapters read as parts: diagnosis, mitigation, verification.
	const chapters = document.children.filter((child) => withDescendants(child).some((section) => active.get(section) === true));
	const whole = chapters.filter(({ title }) => isPart(title)).length * 2 > chapters.length;

	const rootOf = (section: Section): Section => {
		let root = section;
		for (let parent = parents.get(root); parent !== undefined; parent = parents.get(root)) {
			const part = root.level >= boldLevel || (isPart(root.title) && (parent !== document || whole)) || (parent !== document && (commands.get(parent) === true || !within.has(parent)));
			if (!part) return root;
			root = parent;
		}
		return root;
	};

	const roots = new Set(all.filter((section) => active.get(section) === true).map(rootOf));
	const owner = (section: Section): Section | undefined => {
		if (active.get(section) === true) return rootOf(section);
		for (let each: Section | undefined = section; each !== undefined && each !== document; each = parents.get(each)) if (roots.has(each)) return each;
		return section === document && roots.has(document) ? document : undefined;
	};
	const parts = new Map<Section, OutlinePart[]>([...roots].map((root) => [root, []]));
	const background: OutlinePart[] = [];
	const empty: Section[] = [];
	for (const section of all) {
		const root = owner(section);
		const path: Section[] = [];
		for (let each: Section | undefined = section; each !== undefined && each !== (root ?? document); each = parents.get(each)) path.unshift(each);
		if (section !== document && withDescendants(section).every((each) => each.blocks.length === 0)) empty.push(section);
		else if (root !== undefined) parts.get(root)?.push({ section, path });
		else if (section.blocks.length > 0) background.push({ section, path });
	}
	const above = (section: Section): readonly Section[] => {
		const found: Section[] = [];
		for (let each = parents.get(section); each !== undefined && each !== document; each = parents.get(each)) found.unshift(each);
		return found;
	};
	return { playbooks: all.filter((section) => roots.has(section)).map((root) => ({ root, above: above(root), parts: parts.get(root) ?? [] })), background, empty };
};
