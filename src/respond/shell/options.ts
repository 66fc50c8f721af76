import type { ShellWord } from './types.ts';

/** True where one of the options stands among the words, alone, with `=value`, or in a cluster such as `-it`. */
export const hasOption = (words: readonly ShellWord[], names: readonly string[]): boolean => optionOf(words, names) !== undefined;

const optionOf = (words: readonly ShellWord[], names: readonly string[]): string | undefined => {
	for (const { value } of words) {
		if (value === '--') return undefined;
		if (value === undefined || !value.startsWith('-') || value === '-') continue;
		const name = value.split('=')[0] ?? value;
		if (names.includes(name)) return name;
		if (value.startsWith('--') || !/^-[A-Za-z0-9]+$/.test(value)) continue;
		for (const letter of value.slice(1)) if (names.includes(`-${letter}`)) return `-${letter}`;
	}
	return undefined;
};

/** Value of an option, as `-X POST`, `-XPOST` or `--request=POST`; the empty word where it stands last. */
export const valueOf = (words: readonly ShellWord[], names: readonly string[]): ShellWord | undefined => valuesOf(words, names)[0];

/** Every value of an option that may stand several times. */
export const valuesOf = (words: readonly ShellWord[], names: readonly string[]): readonly ShellWord[] => {
	const found: ShellWord[] = [];
	for (let index = 0; index < words.length; index++) {
		const word = words[index];
		const text = word?.value ?? word?.text ?? '';
		if (text === '--') break;
		for (const name of names) {
			if (text === name) found.push(words[index + 1] ?? { text: '', value: '' });
			else if (name.startsWith('--') && text.startsWith(`${name}=`)) found.push(part(word, text.slice(name.length + 1)));
			else if (/^-[A-Za-z]$/.test(name) && text.startsWith(name) && text.length > 2) found.push(part(word, text.slice(2)));
		}
	}
	return found;
};

const part = (word: ShellWord | undefined, text: string): ShellWord => (word?.value === undefined ? { text } : { text, value: text });

/** Options of a program: those that take the next word as their value. */
export interface OptionWords {
	readonly valued?: readonly string[];
}

/** True of a cluster such as `-euo` whose last letter takes the next word; a letter before it that takes a value takes the rest. */
const endsValued = (text: string, valued: readonly string[]): boolean => {
	if (!/^-[A-Za-z]{2,}$/.test(text)) return false;
	const letters = text.slice(1).split('');
	return letters.findIndex((letter) => valued.includes(`-${letter}`)) === letters.length - 1;
};

/** Clusters taken apart: `-fsSXPOST` becomes `-f -s -S -X POST`. @param valued letters that take a value */
export const apart = (words: readonly ShellWord[], valued: string): readonly ShellWord[] => {
	const found: ShellWord[] = [];
	let value = false;
	for (const word of words) {
		const text = word.value ?? word.text;
		if (value || !/^-[A-Za-z#0-9]./.test(text)) {
			found.push(word);
			value = !value && /^-[A-Za-z]$/.test(text) && valued.includes(text.slice(1));
			continue;
		}
		const at = text.split('').findIndex((letter, index) => index > 0 && valued.includes(letter));
		const flags = at < 0 ? text.slice(1) : text.slice(1, at + 1);
		for (const letter of flags) found.push({ text: `-${letter}`, value: `-${letter}` });
		if (at < 0) continue;
		if (at < text.length - 1) found.push(part(word, text.slice(at + 1)));
		else value = true;
	}
	return found;
};

/** Words that are no options and no values of options, with their places. `--` ends the options. */
export const plainWords = (words: readonly ShellWord[], { valued = [] }: OptionWords = {}): readonly { readonly word: ShellWord; readonly index: number }[] => {
	const found: { word: ShellWord; index: number }[] = [];
	let open = true;
	for (let index = 0; index < words.length; index++) {
		const word = words[index];
		if (word === undefined) continue;
		const text = word.value ?? word.text;
		if (open && text === '--') open = false;
		else if (open && text.startsWith('-') && text !== '-') {
			if (valued.includes(text) || endsValued(text, valued)) index++;
		} else found.push({ word, index });
	}
	return found;
};

/** Options among the words that are none of these. @param flags those without a value */
export const oddOptions = (words: readonly ShellWord[], valued: readonly string[], flags: readonly string[]): readonly string[] =>
	words.flatMap(({ value, text }) => {
		const name = (value ?? text).split('=')[0] ?? '';
		if (!name.startsWith('-') || name === '-' || name === '--' || valued.includes(name) || flags.includes(name)) return [];
		// `-n5`, and clusters of letters that are all known.
		if (/^-[A-Za-z]./.test(name) && (valued.includes(name.slice(0, 2)) || name.slice(1).split('').every((letter) => flags.includes(`-${letter}`)))) return [];
		return [name];
	});
