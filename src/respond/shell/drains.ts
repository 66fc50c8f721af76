import type { CommandNode, Redirection } from 'unbash';
import { baseName } from './classify.ts';
import { hasOption, valueOf } from './options.ts';
import type { ShellWord } from './types.ts';
import { shellWord } from './words.ts';

/** Programs that hand on what they read while they read it, and end when nobody takes it any more. */
const passing = new Set('awk base64 cat cut egrep expand fgrep fold grep gzip head hexdump iconv jq nl numfmt od paste rev sed strings tee tr uniq xxd zcat'.split(' '));

/** A command of a sed script that quits, once those that hold texts of their own (`s///`, `y///`) are taken out. */
const sedQuits = (script: string): boolean => /(?:^|[\s;{}!/\d$])[qQ]\s*\d*\s*(?:[;}]|$)/.test(script.replaceAll(/[sy]([^\w\s\\])(?:\\.|(?!\1).)*\1(?:\\.|(?!\1).)*\1[a-z\d]*/g, ''));

const sedEnds = (words: readonly ShellWord[]): boolean => {
	const given = valueOf(words, ['-e', '--expression']) ?? words.find(({ value }) => value !== undefined && !value.startsWith('-'));
	return given?.value !== undefined && sedQuits(given.value);
};

/** All but the newest lines, as `-n -5` asks for, are not known before the end. */
const headEnds = (words: readonly ShellWord[]): boolean => {
	const count = valueOf(words, ['-n', '--lines', '-c', '--bytes']);
	return count === undefined || (count.value !== undefined && !count.value.startsWith('-'));
};

/** True of a program that ends before what it reads does. */
const endsEarly = (name: string, words: readonly ShellWord[]): boolean => {
	switch (name) {
		case 'head':
			return headEnds(words);
		case 'sed':
			return sedEnds(words);
		case 'grep':
		case 'egrep':
		case 'fgrep':
		case 'rg':
			return hasOption(words, ['-m', '--max-count', '-q', '--quiet', '--silent']);
		case 'dd':
			return words.some(({ value }) => /^count=\d/.test(value ?? ''));
		default:
			return false;
	}
};

/** True where what a command writes goes elsewhere than into its pipe. */
export const writesElsewhere = (redirects: readonly Redirection[]): boolean =>
	redirects.some(({ operator, descriptor }) => /^(?:>|>>|>\||&>|&>>|<>|>&)$/.test(operator) && (descriptor === undefined || (descriptor.type === 'FileDescriptor' && descriptor.value === 1)));

const wordsOf = (node: CommandNode): readonly ShellWord[] => (node.type === 'Command' && node.name !== undefined ? [shellWord(node.name), ...node.args.flatMap((each) => (each.type === 'Word' ? [shellWord(each)] : []))] : []);

/**
 * For each command of a pipeline whether what reads from it ends by itself (`head`, `grep -q`, `sed 5q`), directly or through
 * programs that hand on what they read: then it is ended by its next write. One that collects, such as `sort`, is not.
 */
export const drained = (commands: readonly CommandNode[]): readonly boolean[] => {
	const found: boolean[] = [];
	let reader = false;
	for (const node of commands.toReversed()) {
		found.unshift(reader);
		const [program, ...words] = wordsOf(node);
		const name = baseName(program?.value ?? '');
		const handsOn = node.type === 'Command' && passing.has(name) && !writesElsewhere(node.redirects);
		reader = endsEarly(name, words) || (reader && handsOn);
	}
	return found;
};
