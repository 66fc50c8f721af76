import type { Block, Heading } from './document.ts';
import { headingTitle } from './titles.ts';

const fence = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})[ \t]*[{.]*([\w+#-]*)/;
const heading = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/;
const box = /^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[[ xX]\][ \t]+(.*)$/;

/** A heading; what is left out of a title that is too long, or has a link in it, is kept as text below it. */
export const headingParts = (level: number, written: string, line: number): readonly (Block | Heading)[] => {
	const title = headingTitle(written);
	const whole = title.endsWith('…') || written.includes('](');
	return [{ kind: 'heading', level, title, line }, ...(whole ? [{ kind: 'prose', text: written.trim(), line } as const] : [])];
};

/** The end of a fence: as many marks of the same kind, or more. */
const closes = (line: string, marks: string): boolean => {
	const rest = line.trim();
	return rest.length >= marks.length && rest.startsWith(marks) && rest === (marks[0] ?? '').repeat(rest.length) && /^ {0,3}\S/.test(line);
};

/**
 * Reads Markdown line by line, in time that grows with its length alone: headings, fences and boxes to tick; all else is prose.
 */
export const readPlainly = (text: string): readonly (Block | Heading)[] => {
	const parts: (Block | Heading)[] = [];
	let prose: { readonly line: number; readonly lines: string[] } | undefined;
	let open: { readonly marks: string; readonly language: string; readonly line: number; readonly lines: string[] } | undefined;
	const endProse = (): void => {
		if (prose?.lines.some((line) => line.trim() !== '') === true) parts.push({ kind: 'prose', text: prose.lines.join('\n').trim(), line: prose.line });
		prose = undefined;
	};
	const endFence = (): void => {
		if (open !== undefined) parts.push({ kind: 'code', language: open.language.toLowerCase(), fenced: true, text: open.lines.join('\n'), line: open.line });
		open = undefined;
	};
	text.split('\n').forEach((written, index) => {
		const line = index + 1;
		if (open !== undefined) {
			if (closes(written, open.marks)) endFence();
			else open.lines.push(written);
			return;
		}
		const begins = fence.exec(written);
		const title = heading.exec(written);
		const ticked = box.exec(written);
		if (begins !== null || title !== null || ticked !== null) endProse();
		if (begins !== null) open = { marks: begins[1] ?? '```', language: begins[2] ?? '', line, lines: [] };
		else if (title !== null) parts.push(...headingParts(title[1]?.length ?? 1, title[2] ?? '', line));
		else if (ticked !== null) parts.push({ kind: 'list', ordered: false, entries: [{ box: true, blocks: [{ kind: 'prose', text: ticked[1] ?? '', line }], line }], text: written, line });
		else {
			prose ??= { line, lines: [] };
			prose.lines.push(written);
		}
	});
	endProse();
	endFence();
	return parts;
};
