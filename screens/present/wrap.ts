import { widthOf } from './cells.ts';

/** Cuts one word that is wider than the line. */
const chop = (word: string, width: number): readonly string[] => {
	const parts: string[] = [];
	let part = '';
	let size = 0;
	for (const character of word) {
		const cells = widthOf(character);
		if (size + cells > width && part !== '') {
			parts.push(part);
			part = '';
			size = 0;
		}
		part += character;
		size += cells;
	}
	return [...parts, part];
};

/** Text in lines of at most `width` cells, broken at spaces where it can be. */
export const wrapWords = (text: string, width: number): readonly string[] => {
	const lines: string[] = [];
	let line = '';
	for (const word of text.split(' ').flatMap((one) => (widthOf(one) > width ? chop(one, width) : [one]))) {
		if (line === '') line = word;
		else if (widthOf(line) + 1 + widthOf(word) <= width) line += ` ${word}`;
		else {
			lines.push(line);
			line = word;
		}
	}
	return [...lines, line];
};

/** Text of several lines, such as a script: each keeps its own line and its indentation, also where it is broken. */
export const wrapLines = (text: string, width: number): readonly string[] =>
	text.split('\n').flatMap((line) => {
		const rest = line.trimStart();
		const indent = ' '.repeat(Math.min(line.length - rest.length, Math.floor(width / 2)));
		return wrapWords(rest.trimEnd(), width - indent.length).map((part) => indent + part);
	});
