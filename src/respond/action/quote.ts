/** Characters that mean nothing to a shell anywhere in a word. */
const plain = /^[A-Za-z0-9_@%+=:,./-]+$/;
const control = /[\p{Cc}\u2028\u2029]/u;

const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t', '\r': '\\r', '\\': '\\\\', "'": "\\'" };

const inDollarQuotes = (text: string): string => {
	let out = '';
	for (const character of text) {
		const escape = escapes[character];
		if (escape !== undefined) out += escape;
		else if (control.test(character)) for (const byte of Buffer.from(character, 'utf8')) out += `\\${byte.toString(8).padStart(3, '0')}`;
		else out += character;
	}
	return `$'${out}'`;
};

/**
 * One word for a POSIX shell: as it is where nothing in it is special, else in single quotes; in dollar-single-quotes
 * (POSIX.1-2024, section 2.2.4) where it holds control characters, so that it stays on one line and harmless on a screen.
 */
export const quote = (word: string): string => {
	if (plain.test(word)) return word;
	if (control.test(word)) return inDollarQuotes(word);
	return `'${word.replaceAll("'", String.raw`'\''`)}'`;
};
