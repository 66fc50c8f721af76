import type { Word, WordPart } from 'unbash';
import type { ShellWord } from './types.ts';

/** The value of a part of a word where it is the same whatever runs; absent where only the run tells. */
const valueOfPart = (part: WordPart): string | undefined => {
	switch (part.type) {
		case 'Literal':
		case 'SingleQuoted':
		case 'AnsiCQuoted':
			return part.value;
		case 'DoubleQuoted':
		case 'LocaleString': {
			const values = part.parts.map(valueOfPart);
			return values.includes(undefined) ? undefined : values.join('');
		}
		// A pattern stands for file names; what it is called matters to no rule, only that it is no option.
		case 'Glob':
		case 'ExtendedGlob':
			return part.text;
		default:
			return undefined;
	}
};

/** A word of a script: its value where it is certain. */
export const shellWord = (word: Word): ShellWord => {
	if (word.parts === undefined) return { text: word.text, value: word.value };
	const values = word.parts.map(valueOfPart);
	return values.includes(undefined) ? { text: word.text } : { text: word.text, value: values.join('') };
};

/** An element of an argument vector: a template is filled in only by the run. */
export const argvWord = (element: string): ShellWord => (element.includes('${{') ? { text: element } : { text: element, value: element });
