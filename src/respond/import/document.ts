/** A fenced or indented block. */
export interface CodeBlock {
	readonly kind: 'code';
	/** What stands behind the fence, first word, small letters; empty where nothing does. */
	readonly language: string;
	readonly fenced: boolean;
	readonly text: string;
	/** From 1. */
	readonly line: number;
}

/** Paragraphs, tables, quotes, HTML: Markdown as it was written. */
export interface ProseBlock {
	readonly kind: 'prose';
	readonly text: string;
	readonly line: number;
}

export interface ListEntry {
	/** Set where it has a box to tick. */
	readonly box: boolean;
	readonly blocks: readonly Block[];
	readonly line: number;
}

export interface ListBlock {
	readonly kind: 'list';
	readonly ordered: boolean;
	readonly entries: readonly ListEntry[];
	/** The whole list as it was written. */
	readonly text: string;
	readonly line: number;
}

export type Block = CodeBlock | ProseBlock | ListBlock;

export interface Heading {
	readonly kind: 'heading';
	/** 1 to 6; 7 for a paragraph that is bold as a whole, 8 for a list entry that begins with one. */
	readonly level: number;
	readonly title: string;
	readonly line: number;
}

/** A heading with what stands under it, up to the next one. */
export interface Section {
	readonly level: number;
	readonly title: string;
	/** Titles that say what its lists are: its own, and for a bold line those it stands under. */
	readonly about: readonly string[];
	readonly line: number;
	readonly blocks: readonly Block[];
	readonly children: readonly Section[];
}

/** A runbook as it was read. */
export interface RunbookDocument {
	/** Level 0. What stands before the first heading is its own. */
	readonly root: Section;
	/** Why the text was read line by line, where Markdown's own reader would not do; tables and nested lists are prose then. */
	readonly plain?: string;
}

/** Level of a paragraph that is bold as a whole. */
export const boldLevel = 7;

interface Open {
	readonly level: number;
	readonly title: string;
	readonly about: readonly string[];
	readonly line: number;
	readonly blocks: Block[];
	readonly children: Open[];
}

/** Puts blocks under their headings. @param title of the document, where it has no heading of its own */
export const sectionsOf = (parts: readonly (Block | Heading)[], title: string): Section => {
	const headings = parts.filter((part) => part.kind === 'heading');
	const [first] = headings;
	// One heading of the first level, before all others, is the title of the whole.
	const whole = first?.level === 1 && headings.filter(({ level }) => level === 1).length === 1 ? first : undefined;
	const root: Open = { level: 0, title: whole?.title ?? title, about: [], line: 1, blocks: [], children: [] };
	const open: Open[] = [root];
	for (const part of parts) {
		if (part === whole) continue;
		if (part.kind !== 'heading') {
			open.at(-1)?.blocks.push(part);
			continue;
		}
		while (open.length > 1 && (open.at(-1)?.level ?? 0) >= part.level) open.pop();
		const about = [part.title, ...(part.level >= boldLevel ? (open.at(-1)?.about ?? []) : [])];
		const section: Open = { level: part.level, title: part.title, about, line: part.line, blocks: [], children: [] };
		open.at(-1)?.children.push(section);
		open.push(section);
	}
	return root;
};

/** Every block of code, those within lists included. */
export const codeIn = (blocks: readonly Block[]): readonly CodeBlock[] =>
	blocks.flatMap((block): readonly CodeBlock[] => {
		if (block.kind === 'code') return [block];
		return block.kind === 'list' ? block.entries.flatMap((entry) => codeIn(entry.blocks)) : [];
	});

/** A section and everything under it, in the order of the document. */
export const withDescendants = (section: Section): readonly Section[] => [section, ...section.children.flatMap(withDescendants)];
