import type { Argument, Command, Option } from 'commander';
import { examplesOf } from '../examples.ts';
import { checkCodeWords, exitCodeWords } from '../exitCodes.ts';
import { doctorShape, logLineShape, statusShape } from './shapes.ts';
import { shapeTable } from './shapeTable.ts';

const cell = (text: string): string => text.replaceAll('|', String.raw`\|`);
const code = (text: string): string => `\`${text}\``;

/** Commander has no public way to ask whether a command is hidden but its help. */
const visibleChildren = (command: Command): readonly Command[] => command.createHelp().visibleCommands(command);

const defaultWords = (option: Option): string => {
	const value: unknown = option.defaultValue;
	return typeof value === 'string' ? ` (default: ${code(value)})` : typeof value === 'number' ? ` (default: ${option.defaultValueDescription ?? value})` : '';
};

const choiceWords = (choices: readonly string[] | undefined): string => (choices === undefined ? '' : `: ${choices.map(code).join(', ')}`);

const optionRow = (option: Option): string => `| ${code(cell(option.flags))} | ${cell(option.description)}${choiceWords(option.argChoices)}${defaultWords(option)} |`;

const optionTable = (options: readonly Option[]): readonly string[] => (options.length === 0 ? [] : ['', '| option | what it does |', '|---|---|', ...options.map(optionRow)]);

const argumentLine = (argument: Argument): string => {
	const dots = argument.variadic ? '...' : '';
	const name = argument.required ? `<${argument.name()}${dots}>` : `[${argument.name()}${dots}]`;
	return `- ${code(name)}: ${argument.description}${choiceWords(argument.argChoices)}`;
};

const usage = (path: readonly string[], command: Command): string => {
	const options = command.options.length > 0 ? ' [options]' : '';
	const rest = command.registeredArguments.map((argument) => {
		const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
		return argument.required ? ` <${name}>` : ` [${name}]`;
	});
	return `${path.join(' ')}${options}${rest.join('')}`;
};

const exampleBlock = (command: Command): readonly string[] => {
	const list = examplesOf(command);
	return list.length === 0 ? [] : ['', '```sh', ...list.flatMap(([line, words]) => [`# ${words}`, line]), '```'];
};

/** Help has one line end between lines, and blanks before the items of a list. */
const describe = (text: string): string => {
	const [first = '', ...items] = text.split('\n');
	return items.length === 0 ? first : [first, '', ...items.map((item) => `- ${item.trim()}`)].join('\n');
};

const section = (command: Command, path: readonly string[], depth: number): readonly string[] => {
	const children = visibleChildren(command);
	const body =
		children.length > 0
			? []
			: ['', code(usage(path, command)), ...(command.registeredArguments.length > 0 ? ['', ...command.registeredArguments.map(argumentLine)] : []), ...optionTable(command.options)];
	return [
		'',
		`${'#'.repeat(depth)} ${path.join(' ')}`,
		'',
		describe(command.description()),
		...body,
		...exampleBlock(command),
		...children.flatMap((child) => section(child, [...path, child.name()], depth + 1)),
	];
};

const codeTable = (codes: readonly (readonly [number, string])[]): readonly string[] => ['| code | meaning |', '|---|---|', ...codes.map(([number, words]) => `| ${number} | ${cell(words)} |`)];

/** The page docs/cli.md, made from the command tree and the JSON shapes; a test holds the two together. */
export const cliReference = (program: Command): string =>
	[
		'# Command line',
		'',
		'This page is made from the command tree and the JSON shapes (`src/cli/`) by `src/cli/reference/page.ts`; a test fails where',
		'they differ.',
		'',
		program.description(),
		...exampleBlock(program),
		'',
		'Output to a pipe or a file has no colours and is not cut. `NO_COLOR` and `FORCE_COLOR` are respected. A reader that goes away',
		'(`sitrep status | head -1`) ends a command quietly. Errors go to stderr: what failed, on what, and what to do.',
		'',
		'## Options of every command',
		...optionTable(program.options),
		...visibleChildren(program).flatMap((child) => section(child, ['sitrep', child.name()], 2)),
		'',
		'## The linear session',
		'',
		'`sitrep --linear`, or `TERM=dumb`, opens a session that only ever appends lines: the situation, then a numbered menu that is',
		'answered by typing a number and Enter. It has no colours and never moves the cursor, so a screen reader can follow it. What',
		'changes is announced as it comes. A change wants `yes` typed, a destructive one the name of its target; an empty line',
		'cancels. The end of the input ends the session with 0.',
		'',
		'## Exit codes',
		'',
		...codeTable(exitCodeWords),
		'',
		'`sitrep check` has its own, those of a Nagios plugin:',
		'',
		...codeTable(checkCodeWords),
		'',
		'## JSON',
		'',
		'Every JSON document has a `schemaVersion`. It grows when a field is taken away or changes its meaning; new fields may come',
		'without that. A field that is listed is always there: what is not known is `null`. Characters that a terminal would obey are',
		'written as `\\uXXXX`.',
		'',
		'### sitrep status --json',
		'',
		shapeTable(statusShape),
		'',
		'### sitrep logs --json',
		'',
		'One document a line.',
		'',
		shapeTable(logLineShape),
		'',
		'### sitrep doctor --json',
		'',
		shapeTable(doctorShape),
		'',
	].join('\n');
