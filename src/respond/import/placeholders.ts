import { forEachChild, parse } from 'unbash';
import type { SyntaxNode } from 'unbash';
import { placeholdersOf } from '../shell/placeholders.ts';
import { shellWord } from '../shell/words.ts';

export interface Placeholder {
	readonly written: string;
	readonly start: number;
	readonly end: number;
}

/** No set of characters says a letter twice, and no test stands without blanks: `[component]`, `[previous-stable-commit]`. */
const bracketed = /(?<![[\w$\\])\[([A-Za-z][A-Za-z0-9]*(?:[ _-][A-Za-z0-9]+)*)\](?!\])/g;
const date = /Y{4}[-_]?M{2}[-_]?D{2}(?:[-_T]?H{2}[-_:]?M{2}(?:[-_:]?S{2})?)?/g;

const saysALetterTwice = (text: string): boolean => {
	const letters = text.toLowerCase().replaceAll(/[^a-z]/g, '');
	return letters.length > 3 && new Set(letters).size < letters.length;
};

/** What has to be filled in, in order, none within another. */
export const placeholdersIn = (script: string): readonly Placeholder[] => {
	const found: Placeholder[] = placeholdersOf(script).map(({ start, end }) => ({ written: script.slice(start, end), start, end }));
	for (const match of script.matchAll(bracketed)) if (saysALetterTwice(match[1] ?? '')) found.push({ written: match[0], start: match.index, end: match.index + match[0].length });
	for (const match of script.matchAll(date)) found.push({ written: match[0], start: match.index, end: match.index + match[0].length });
	found.sort((a, b) => a.start - b.start || b.end - a.end);
	let free = 0;
	return found.filter(({ start, end }) => {
		if (start < free) return false;
		free = end;
		return true;
	});
};

/** The same text, as long, without the marks that the shell would take for redirections. */
export const masked = (script: string, placeholders: readonly Placeholder[]): string => {
	let text = '';
	let from = 0;
	for (const { start, end } of placeholders) {
		text += script.slice(from, start) + '_'.repeat(end - start);
		from = end;
	}
	return text + script.slice(from);
};

/** A command with its placeholders as parameters. */
export type Filled =
	| { readonly kind: 'run'; readonly run: readonly string[]; readonly params: readonly string[] }
	| { readonly kind: 'sh'; readonly sh: string; readonly params: readonly string[] }
	/** A placeholder stands where no parameter can. */
	| { readonly kind: 'refused'; readonly why: string };

// Characters for private use stand for the placeholders while the shell's parser reads the script.
const opens = '\uE000';
const closes = '\uE001';
const tokenPattern = /\uE000(\d+)\uE001/g;

type Quoting = 'none' | 'double' | 'single' | 'here-document' | 'closed';

const quotingOf = (node: SyntaxNode, outer: Quoting): Quoting => {
	switch (node.type) {
		case 'DoubleQuoted':
		case 'LocaleString':
			return 'double';
		case 'SingleQuoted':
			return 'single';
		case 'HereDocBody':
			return 'here-document';
		case 'CommandExpansion':
			return node.text.startsWith('`') ? 'closed' : 'none';
		case 'ProcessSubstitution':
			return 'none';
		case 'AnsiCQuoted':
		case 'ParameterExpansion':
		case 'ArithmeticExpansion':
		case 'HereDocDelimiter':
		case 'ExtendedGlob':
			return 'closed';
		default:
			return outer;
	}
};

/** How the place at an offset is quoted; nothing where it is in no command, but in a comment. */
const quotingAt = (root: SyntaxNode, offset: number): Quoting | undefined => {
	let result: Quoting | undefined;
	const visit = (node: SyntaxNode, outer: Quoting): void => {
		const quoting = outer === 'closed' ? outer : quotingOf(node, outer);
		if (node.type === 'HereDoc') {
			const kind: Quoting = node.delimiter?.quoted === true ? 'closed' : 'here-document';
			if (offset >= node.body.pos && offset < node.body.end) result = kind;
			if (kind === 'closed') return;
		}
		if ((node.type === 'Word' || node.type === 'Assignment' || quoting !== outer) && offset >= node.pos && offset < node.end) result = quoting;
		forEachChild(node, (child) => visit(child, quoting));
	};
	visit(root, 'none');
	return result;
};

/** Words of a script that is one plain command, whose words are the same whatever runs. */
const plainWordsOf = (source: string): readonly string[] | undefined => {
	const { commands, errors } = parse(source);
	const [statement] = commands;
	if (commands.length !== 1 || (errors?.length ?? 0) > 0 || statement === undefined || statement.background === true) return undefined;
	const { command } = statement;
	if (command.type !== 'Command' || command.name === undefined || command.prefix.length > 0 || command.redirects.length > 0) return undefined;
	const values: string[] = [];
	for (const word of [command.name, ...command.args]) {
		if (word.type !== 'Word') return undefined;
		const open = /[*?~]|\[.*\]/.test(word.text) && !/^["']/.test(word.text);
		const { value } = shellWord(word);
		if (value === undefined || open || (word.parts?.some((part) => part.type === 'Glob' || part.type === 'ExtendedGlob') ?? false)) return undefined;
		values.push(value);
	}
	return values;
};

/** Words that only a shell knows, or that change the shell itself. */
const shellWords = new Set(['cd', 'export', 'set', 'source', '.', 'alias', 'unalias', 'ulimit', 'umask', 'trap', 'eval', 'exec', 'type', 'command', 'wait', 'jobs', 'fg', 'bg', 'read', 'shopt', 'unset', 'declare', 'local', 'readonly', 'hash', 'pushd', 'popd', 'history', 'time', 'builtin', 'let', 'return', 'exit', ':']);

/**
 * Puts parameters in the place of placeholders: in an argument vector where the script is one plain command, else as
 * variables, quoted as their place wants it.
 * @param nameFor name of the parameter for what is written
 */
export const fillPlaceholders = (script: string, nameFor: (written: string) => string): Filled => {
	if (script.includes('${{')) return { kind: 'refused', why: 'it holds ${{ }}, which another tool fills in and the shell cannot read' };
	const found = placeholdersIn(script);
	if (found.length > 0 && /[\uE000\uE001]/.test(script)) return { kind: 'refused', why: 'it holds characters for private use beside what has to be filled in' };
	if (found.some(({ written }) => written === '...')) return { kind: 'refused', why: '... has to be filled in, and what with nobody says' };
	let tokens = '';
	let from = 0;
	found.forEach(({ start, end }, index) => {
		tokens += `${script.slice(from, start)}${opens}${index}${closes}`;
		from = end;
	});
	tokens += script.slice(from);
	const words = plainWordsOf(tokens);
	const names = new Set<string>();
	const named = (index: string): string => {
		const name = nameFor(found[Number(index)]?.written ?? '');
		names.add(name);
		return name;
	};
	if (words?.[0] !== undefined && !shellWords.has(words[0]) && words[0] !== '') {
		const run = words.map((word) => word.replaceAll(tokenPattern, (_, index: string) => `\${{params.${named(index)}}}`));
		return { kind: 'run', run, params: [...names] };
	}
	const tree = parse(tokens);
	let refused = false;
	const sh = tokens.replaceAll(tokenPattern, (_, index: string, offset: number) => {
		const quoting = tree.commands.map((each) => quotingAt(each, offset)).find((each) => each !== undefined);
		if (quoting === undefined) return (found[Number(index)]?.written ?? '').replaceAll(/[<>[\]]/g, '');
		if (quoting === 'closed') refused = true;
		const name = `P_${named(index)}`;
		return quoting === 'none' ? `"$${name}"` : quoting === 'single' ? `'"$${name}"'` : `\${${name}}`;
	});
	return refused ? { kind: 'refused', why: 'something has to be filled in where no parameter reaches' } : { kind: 'sh', sh, params: [...names] };
};
