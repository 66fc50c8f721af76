import type { Blockquote, FootnoteDefinition, List, ListItem, Nodes, RootContent } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { boldLevel, sectionsOf } from './document.ts';
import type { Block, Heading, ListEntry, RunbookDocument } from './document.ts';
import { headingParts, readPlainly } from './plainReader.ts';

/**
 * Only blocks matter here: what is within a line is kept as it was written. Besides, the reader's time grows with the
 * square of what is open in a line.
 */
const blocksOnly = {
	disable: {
		null: ['attention', 'autolink', 'characterEscape', 'characterReference', 'codeText', 'hardBreakEscape', 'htmlText', 'labelEnd', 'labelStartImage', 'labelStartLink', 'emailAutolink', 'protocolAutolink', 'wwwAutolink', 'strikethrough'],
	},
};

/** Beyond these Markdown's reader takes seconds, or overflows the stack. Characters; markers at the beginning of one line. */
const limits = { text: 500_000, line: 10_000, depth: 24, indent: 100, cells: 500 };

const markers = /^(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])))*/;

/** Why a text is not given to Markdown's reader. */
const tooMuch = (text: string): string | undefined => {
	if (text.length > limits.text) return `it has more than ${limits.text} characters`;
	let number = 0;
	for (const line of text.split('\n')) {
		number++;
		if (line.length > limits.line) return `line ${number} has more than ${limits.line} characters`;
		const begin = markers.exec(line)?.[0] ?? '';
		if ((begin.match(/[>\-*+.)]/g)?.length ?? 0) > limits.depth) return `line ${number} is nested too deep`;
		if (begin !== '' && begin.search(/\S/) > limits.indent) return `line ${number} is nested too deep`;
		if (line.split('|').length > limits.cells) return `line ${number} has more than ${limits.cells} cells`;
	}
	return undefined;
};

const lineOf = (node: Nodes): number => node.position?.start.line ?? 1;

/** What was written, without the indentation of what it stands in. */
const sourceOf = (node: Nodes, text: string): string => {
	const { start, end } = node.position ?? {};
	if (start?.offset === undefined || end?.offset === undefined) return '';
	const indent = new RegExp(`^[ \\t>]{1,${Math.max(1, start.column - 1)}}`);
	return text
		.slice(start.offset, end.offset)
		.split('\n')
		.map((line, index) => (index === 0 || start.column === 1 ? line : line.replace(indent, '')))
		.join('\n');
};

const entryOf = (item: ListItem, text: string): ListEntry => ({
	box: typeof item.checked === 'boolean',
	blocks: item.children.flatMap((child) => blocksOf(child, text)),
	line: lineOf(item),
});

const listOf = (list: List, text: string): Block => ({
	kind: 'list',
	ordered: list.ordered === true,
	entries: list.children.map((item) => entryOf(item, text)),
	text: sourceOf(list, text),
	line: lineOf(list),
});

const hasCode = (node: Nodes): boolean => node.type === 'code' || node.type === 'list' || ('children' in node && node.children.some(hasCode));

/** A quote or a footnote: as it was written, unless there is code or a list in it. */
const wrapped = (node: Blockquote | FootnoteDefinition, text: string): readonly Block[] =>
	hasCode(node) ? node.children.flatMap((child) => blocksOf(child, text)) : [{ kind: 'prose', text: sourceOf(node, text), line: lineOf(node) }];

const blocksOf = (node: RootContent, text: string): readonly Block[] => {
	switch (node.type) {
		case 'code': {
			const fenced = /^[ \t>]*(?:```|~~~)/.test(sourceOf(node, text));
			const word = `${node.lang ?? ''} ${node.meta ?? ''}`.trim().replace(/^[{.\s]+/, '');
			return [{ kind: 'code', language: (/^[\w+#.-]+/.exec(word)?.[0] ?? '').toLowerCase(), fenced, text: node.value, line: lineOf(node) }];
		}
		case 'list':
			return [listOf(node, text)];
		case 'blockquote':
		case 'footnoteDefinition':
			return wrapped(node, text);
		case 'thematicBreak':
			return [];
		default: {
			const source = sourceOf(node, text);
			return source.trim() === '' ? [] : [{ kind: 'prose', text: source, line: lineOf(node) }];
		}
	}
};

const bold = /^(\*\*|__)(?=\S)((?:(?!\1)[^\n]){1,100})\1:?$/;

/** The bold line with which a list entry begins that has more below it. */
const boldLead = (item: ListItem, text: string): string | undefined => {
	const [first] = item.children;
	if (first?.type !== 'paragraph' || item.children.length < 2 || typeof item.checked === 'boolean') return undefined;
	return bold.exec(sourceOf(first, text).trim())?.[2];
};

const partsOf = (node: RootContent, text: string): readonly (Block | Heading)[] => {
	if (node.type === 'heading') {
		const written = sourceOf(node, text).replace(/^ {0,3}#{1,6}/, '').replace(/[ \t]#+[ \t]*$/, '').replace(/\n[ \t]*(?:=+|-+)[ \t]*$/, '');
		return headingParts(node.depth, written, lineOf(node));
	}
	if (node.type === 'paragraph') {
		const written = bold.exec(sourceOf(node, text).trim())?.[2];
		// A whole sentence in bold is a warning, not a heading.
		if (written !== undefined && !/[.!?]$/.test(written)) return headingParts(boldLevel, written, lineOf(node));
	}
	if (node.type === 'list' && node.ordered !== true) {
		const titles = node.children.map((item) => boldLead(item, text));
		// Entries that are a bold line each, with more below: a heading each, as far as reading goes.
		if (titles.length > 1 && !titles.includes(undefined)) {
			return node.children.flatMap((item, index) => [...headingParts(boldLevel + 1, titles[index] ?? '', lineOf(item)), ...item.children.slice(1).flatMap((child) => blocksOf(child, text))]);
		}
	}
	return blocksOf(node, text);
};

/** How many lines of front matter a text begins with. */
const frontMatterLines = (lines: readonly string[]): number => {
	if (!/^---[ \t]*$/.test(lines[0] ?? '')) return 0;
	for (let index = 1; index < Math.min(lines.length, 500); index++) {
		const line = lines[index] ?? '';
		if (/^(?:---|\.\.\.)[ \t]*$/.test(line)) return index + 1;
		if (!/^(?:[\w-]+[ \t]*:|[ \t]|- |#|$)/.test(line)) return 0;
	}
	return 0;
};

/**
 * Reads Markdown. Never throws: what is too much for Markdown's reader is read line by line.
 * @param name title where the text has none
 */
export const readDocument = (given: string, name: string): RunbookDocument => {
	const text = given.toWellFormed().replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n').replaceAll('\0', '\uFFFD');
	const lines = text.split('\n');
	const head = frontMatterLines(lines);
	const before: readonly Block[] = head === 0 ? [] : [{ kind: 'prose', text: lines.slice(0, head).join('\n'), line: 1 }];
	// Empty lines in its place, so that the numbers of all others stay right.
	const body = lines.map((line, index) => (index < head ? '' : line)).join('\n');
	const why = tooMuch(body);
	if (why !== undefined) return { root: sectionsOf([...before, ...readPlainly(body)], name), plain: why };
	try {
		const tree = fromMarkdown(body, { extensions: [gfm(), blocksOnly], mdastExtensions: [gfmFromMarkdown()] });
		return { root: sectionsOf([...before, ...tree.children.flatMap((node) => partsOf(node, body))], name) };
	} catch (error) {
		return { root: sectionsOf([...before, ...readPlainly(body)], name), plain: `Markdown's reader gave up: ${error instanceof Error ? error.message : String(error)}` };
	}
};
