import { forEachChild } from 'unbash';
import type { AndOr, Command, CommandNode, ParsedScript, Pipeline, Redirection, Statement, SyntaxNode, While } from 'unbash';
import { drained, writesElsewhere } from './drains.ts';
import { endlessLoop, leaves } from './loops.ts';
import { alwaysSucceeds, canFail, onlyTests, steadyScript } from './masks.ts';
import type { ShellFinding, ShellFindingKind, ShellWord } from './types.ts';
import type { Input } from './verdict.ts';
import { shellWord } from './words.ts';

/** Where a command stands, as it is written. */
export interface CommandPlace {
	readonly start: number;
	readonly end: number;
	readonly text: string;
	/** What reads from it ends by itself, and with that it ends as well. */
	readonly drained: boolean;
}

/** What the walk tells of a script, in the order of the source. */
export interface Visitor {
	command(words: readonly ShellWord[], input: Input, node: CommandPlace): void;
	/** A file that a redirection writes to. */
	writes(target: ShellWord, start: number, end: number): void;
	finding(finding: ShellFinding): void;
	variable(name: string): void;
	assigned(name: string): void;
	function(name: string): void;
}

interface Place {
	/** The outcome is asked for, as after `if`: a failure is an answer. */
	readonly asked: boolean;
	readonly input: Input;
	/** What reads from it ends by itself. */
	readonly drained?: boolean;
	/** Set where the offsets of the tree are of another text: the place of what holds it. */
	readonly frozen?: { readonly start: number; readonly end: number };
	readonly source: string;
}

const specialVariable = /^(?:[0-9]+|[#?@*$!_-])$/;

/** Walks over a parsed script. @param pipefail true where a failure anywhere in a pipeline counts */
export const walkScript = (script: ParsedScript, source: string, pipefail: boolean, visitor: Visitor): void => {
	let strict = pipefail;

	const at = (place: Place, node: { readonly pos: number; readonly end: number }): { start: number; end: number } => place.frozen ?? { start: node.pos, end: node.end };

	const report = (place: Place, node: { readonly pos: number; readonly end: number }, kind: ShellFindingKind, message: string, wayOut: string): void => {
		visitor.finding({ kind, message, wayOut, ...at(place, node) });
	};

	const nested = (inner: ParsedScript | undefined, holder: { readonly pos: number; readonly end: number }, place: Place): void => {
		if (inner === undefined) return;
		const frozen = place.frozen ?? (inner.source === undefined ? undefined : { start: holder.pos, end: holder.end });
		const next: Place = { asked: place.asked, input: { kind: 'none' }, source: inner.source ?? place.source, ...(frozen === undefined ? {} : { frozen }) };
		for (const error of inner.errors ?? []) report(next, { pos: error.pos, end: error.pos + 1 }, 'syntax', `no shell script: ${error.message}`, 'Put the quoting or the brackets right.');
		for (const each of inner.commands) statement(each, next);
	};

	const statement = (node: Statement, place: Place): void => {
		if (node.background === true) report(place, node, 'masked-failure', 'it runs in the background, where nobody sees how it ends', 'Leave out the &, or make a step of its own of it.');
		chain(node.command, place);
	};

	const chain = (node: Statement['command'], place: Place): void => {
		if (node.type !== 'AndOr') return pipeline(node, place);
		mask(node, place);
		node.commands.forEach((each, index) => pipeline(each, index < node.commands.length - 1 && node.operators[index] === '||' ? { ...place, asked: place.asked || onlyTests(each) } : place));
	};

	const mask = (node: AndOr, place: Place): void => {
		if (place.asked) return;
		const or = node.operators.findIndex((operator, index) => operator === '||' && node.commands.slice(index + 1).every(alwaysSucceeds));
		if (or < 0 || node.commands.slice(0, or + 1).every(onlyTests)) return;
		const rest = node.commands[or + 1];
		if (rest !== undefined) report(place, { pos: rest.pos, end: node.end }, 'masked-failure', `|| ${textAt(place, rest)} turns a failure into a success`, 'Leave it out; onFailure: continue goes on after a failure that is seen.');
	};

	const textAt = (place: Place, node: { readonly pos: number; readonly end: number }): string => {
		const text = place.source.slice(node.pos, node.end).split('\n')[0] ?? '';
		return text.length > 60 ? `${text.slice(0, 59)}…` : text;
	};

	const pipeline = (node: CommandNode | Pipeline, place: Place): void => {
		if (node.type !== 'Pipeline') return command(node, place);
		const asked = place.asked || node.prefixes.some((each) => each.type === 'Negation');
		const loose = node.commands.slice(0, -1).find(canFail);
		if (!strict && !asked && loose !== undefined) {
			report(place, loose, 'masked-failure', `a failure of ${textAt(place, loose)} is lost in the pipeline`, 'Begin the script with set -o pipefail, or make two steps of it.');
		}
		const ended = drained(node.commands);
		node.commands.forEach((each, index) => {
			// What the last one writes goes where the whole pipeline's goes.
			const takenFrom = ended[index] === true || (index === node.commands.length - 1 && place.drained === true);
			command(each, { ...place, asked, drained: takenFrom, input: index === 0 ? place.input : { kind: 'pipe' } });
		});
	};

	const command = (node: CommandNode, place: Place): void => {
		switch (node.type) {
			case 'Command':
				return simple(node, place);
			case 'Redirected':
				return command(node.command, { ...place, drained: place.drained === true && !writesElsewhere(node.redirects), input: redirected(node.redirects, place) });
			case 'If':
				for (const clause of [node.clause, ...node.elif.map((each) => each.clause)]) list(clause.commands, { ...place, asked: true });
				for (const body of [node.then, ...node.elif.map((each) => each.then), ...(node.else === undefined ? [] : [node.else])]) list(body.commands, place);
				return;
			case 'While':
				loop(node, place);
				list(node.clause.commands, { ...place, asked: true });
				return list(node.body.commands, place);
			case 'For':
			case 'Select':
				visitor.assigned(node.name.value);
				if (node.type === 'Select') report(place, node, 'interactive', 'select waits for a person to choose', 'Use a step of kind input or branch.');
				for (const word of node.wordlist ?? []) rest(word, place);
				return list(node.body.commands, place);
			case 'ArithmeticFor':
				if (node.test === undefined && place.drained !== true && !leaves(place.source.slice(node.body.pos, node.body.end))) report(place, node, 'endless', 'the loop does not end by itself', 'Use a step of kind waitFor.');
				forEachChild(node, (child) => (child === node.body ? undefined : rest(child, place)));
				return list(node.body.commands, place);
			case 'Case':
				rest(node.word, place);
				for (const item of node.items) {
					for (const word of item.pattern) rest(word, place);
					list(item.body.commands, place);
				}
				return;
			case 'Subshell':
			case 'BraceGroup':
				return list(node.body.commands, place);
			case 'Function':
				visitor.function(node.name.value);
				return node.body.type === 'CompoundList' ? list(node.body.commands, place) : command(node.body, place);
			case 'Coproc':
				report(place, node, 'masked-failure', 'a coprocess ends where nobody sees it', 'Make a step of its own of it.');
				return node.body.type === 'CompoundList' ? list(node.body.commands, place) : command(node.body, place);
			case 'TestCommand':
			case 'ArithmeticCommand':
				return forEachChild(node, (child) => rest(child, place));
		}
	};

	const list = (statements: readonly Statement[], place: Place): void => {
		for (const each of statements) statement(each, place);
	};

	const loop = (node: While, place: Place): void => {
		const why = endlessLoop(node.kind, place.source.slice(node.clause.pos, node.clause.end), place.source.slice(node.body.pos, node.body.end));
		if (why !== undefined && place.drained !== true) report(place, node, 'endless', why, 'Use a step of kind waitFor, which has a time-out.');
	};

	const redirected = (redirects: readonly Redirection[], place: Place): Input => {
		let input = place.input;
		for (const each of redirects) {
			if (each.type === 'HereDoc') {
				if (each.closing === undefined) report(place, each, 'heredoc', `the here-document has no line ${each.delimiter?.value ?? ''} that ends it`, 'Add the line, with nothing before or after the word.');
				const parts = each.body.parts;
				const plain = parts === undefined || parts.every((part) => part.type === 'Literal');
				input = plain ? { kind: 'text', text: each.body.text } : { kind: 'file' };
				for (const part of parts ?? []) rest(part, place);
				continue;
			}
			if (each.target === undefined) {
				report(place, each, 'syntax', `${each.operator} names no file`, 'Name the file.');
				continue;
			}
			rest(each.target, place);
			const target = shellWord(each.target);
			if (each.operator === '<<<') input = target.value === undefined ? { kind: 'file' } : { kind: 'text', text: target.value };
			else if (each.operator === '<') input = { kind: 'file' };
			else if (each.operator === '<&') input = place.input;
			else if (!(each.operator === '>&' && /^(?:\d+|-)$/.test(target.value ?? ''))) {
				const { start, end } = at(place, each);
				visitor.writes(target, start, end);
			}
		}
		return input;
	};

	const simple = (node: Command, place: Place): void => {
		const input = redirected(node.redirects, place);
		for (const each of node.prefix) if (each.type === 'Assignment') rest(each, place);
		const { name } = node;
		if (name === undefined) return;
		rest(name, place);
		const words: ShellWord[] = [shellWord(name)];
		for (const each of node.args) {
			rest(each, place, true);
			words.push(each.type === 'Word' ? shellWord(each) : { text: each.text });
		}
		settings(words, node, place);
		visitor.command(words, input, { ...at(place, node), text: place.source.slice(node.pos, node.end), drained: place.drained === true && !writesElsewhere(node.redirects) });
	};

	/** What the shell's own words change of the rest: `set -o pipefail`, `set +e`, `read name`. */
	const settings = (words: readonly ShellWord[], node: Command, place: Place): void => {
		const [first, ...others] = words.map(({ value }) => value ?? '');
		if (first === 'set') {
			if (others.includes('pipefail')) strict = !others.some((each) => /^\+[a-z]*o$/.test(each));
			if (others.some((each) => /^\+[a-z]*e/.test(each))) report(place, node, 'masked-failure', 'set +e lets the script go on after a failure', 'Leave it out, or make steps of their own of what may fail.');
		}
		if (first === 'read') {
			for (const each of others) if (/^[A-Za-z_]\w*$/.test(each)) visitor.assigned(each);
			if (place.input.kind === 'none' && node.redirects.length === 0 && !place.asked) report(place, node, 'interactive', 'read waits for a person to type', 'Make a parameter of it, or a step of kind input.');
		}
		if (first === 'for' || first === 'getopts') visitor.assigned(others[1] ?? '');
	};

	/** Words and what is in them: substitutions, variables, assignments. */
	const rest = (node: SyntaxNode, place: Place, argument = false): void => {
		switch (node.type) {
			case 'CommandExpansion':
				if (argument && !place.asked && node.script !== undefined && !steadyScript(node.script.commands)) {
					report(place, node, 'masked-failure', `a failure of ${textAt(place, node)} is lost: the command around it goes on`, 'Set a variable to it first, on a line of its own.');
				}
				return nested(node.script, node, place);
			case 'ProcessSubstitution':
			case 'ArithmeticCommandExpansion':
				return nested(node.script, node, place);
			case 'SimpleExpansion':
				return seen(node.text.replace(/^\$/, ''));
			case 'ParameterExpansion':
				// A default stands in for a variable that is not set.
				if (node.operation?.type !== 'Default' || node.operation.operator.includes('?')) seen(node.parameter);
				return forEachChild(node, (child) => rest(child, place));
			case 'Assignment':
				forEachChild(node, (child) => rest(child, place, argument));
				return visitor.assigned(node.name);
			default:
				return forEachChild(node, (child) => rest(child, place, argument));
		}
	};

	const seen = (name: string): void => {
		if (!specialVariable.test(name)) visitor.variable(name);
	};

	for (const error of script.errors ?? []) visitor.finding({ kind: 'syntax', message: `no shell script: ${error.message}`, wayOut: 'Put the quoting or the brackets right.', start: error.pos, end: Math.min(source.length, error.pos + 1) });
	list(script.commands, { asked: false, input: { kind: 'none' }, source });
};
