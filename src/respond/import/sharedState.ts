import { forEachChild } from 'unbash';
import type { Statement, SyntaxNode } from 'unbash';
import { analyseShell } from '../shell/analyse.ts';
import type { ScriptStatement } from './statements.ts';

/** Commands that change the shell they run in, for all that follows. */
const lasting = new Set(['set', 'shopt', 'source', '.', 'alias', 'trap', 'ulimit', 'umask', 'pushd', 'popd', 'exec', 'eval', 'cd', 'unset']);

const nameOf = (node: Statement): string | undefined => (node.command.type === 'Command' ? node.command.name?.text : undefined);

/** Variables that a statement sets for those after it, and functions it declares. */
const setsOf = (node: Statement): readonly string[] => {
	const names: string[] = [];
	const visit = (each: SyntaxNode): void => {
		// What is set before a command is set for that command alone; what is set in a subshell ends with it.
		if (each.type === 'Subshell' || each.type === 'CommandExpansion' || each.type === 'ProcessSubstitution') return;
		if (each.type === 'Function') names.push(each.name.text);
		if (each.type === 'Assignment') names.push(each.name);
		if (each.type === 'For') names.push(each.name.text);
		if (each.type === 'Command') {
			const declares = each.name === undefined || /^(?:export|declare|typeset|readonly|local|read|mapfile|readarray)$/.test(each.name.text);
			if (!declares) return;
			for (const word of each.args) if (word.type === 'Word' && /^[A-Za-z_]\w*$/.test(word.text)) names.push(word.text);
		}
		forEachChild(each, visit);
	};
	visit(node);
	return names;
};

/** Folder that a `cd` on its own goes to; nothing where only the run tells. */
export const folderOf = (node: Statement): string | undefined => {
	if (node.command.type !== 'Command' || node.background === true || nameOf(node) !== 'cd') return undefined;
	const { command } = node;
	const [word] = command.args;
	if (command.args.length !== 1 || command.prefix.length > 0 || command.redirects.length > 0 || word?.type !== 'Word') return undefined;
	const plain = /^(["']?)([\w./@%+-]+)\1$/.exec(word.text)?.[2];
	return plain === undefined || plain === '-' ? undefined : plain;
};

/** `set -euo pipefail` and its kin: every script runs with it anyway. */
export const isStrictMode = (node: Statement): boolean =>
	node.command.type === 'Command' && nameOf(node) === 'set' && node.command.args.length > 0 && node.command.args.every((word) => /^(?:-[euxo]+|errexit|nounset|xtrace|pipefail)$/.test(word.text));

/**
 * Groups of statements that have to run in one shell: one that reads a variable stays with the one that sets it, and what
 * changes the shell itself stays with all that follow. Half open ranges of indexes, in order, without a gap.
 */
export const shellGroups = (script: string, statements: readonly ScriptStatement[]): readonly (readonly [from: number, to: number])[] => {
	const reach = statements.map((_, index) => index);
	const setBy = new Map<string, number>();
	statements.forEach(({ node, start, end }, index) => {
		const text = script.slice(start, end);
		const { variables, commands } = analyseShell(text);
		for (const name of [...variables, ...commands.map((each) => each.name)]) {
			const at = setBy.get(name);
			if (at !== undefined) reach[at] = Math.max(reach[at] ?? at, index);
		}
		for (const name of setsOf(node)) setBy.set(name, index);
		const name = nameOf(node);
		if (name !== undefined && lasting.has(name) && folderOf(node) === undefined && !isStrictMode(node)) reach[index] = statements.length - 1;
	});
	const groups: (readonly [number, number])[] = [];
	for (let index = 0; index < statements.length; ) {
		let last = reach[index] ?? index;
		for (let each = index; each <= last; each++) last = Math.max(last, reach[each] ?? each);
		groups.push([index, last + 1]);
		index = last + 1;
	}
	return groups;
};
