import type { Command } from 'commander';

/** One line to type, and what it does. */
export type Example = readonly [line: string, words: string];

const kept = new WeakMap<Command, readonly Example[]>();

/** A line longer than this stands alone, its words below it. */
const longLine = 44;

/** Adds examples to a command's help; the reference takes them from here too. */
export const examples = (command: Command, list: readonly Example[]): void => {
	kept.set(command, list);
	command.addHelpText('after', `\nExamples:\n${exampleLines(list).join('\n')}`);
};

export const examplesOf = (command: Command): readonly Example[] => kept.get(command) ?? [];

const exampleLines = (list: readonly Example[]): string[] => {
	// What one types is ASCII, so its length is its width.
	const width = Math.max(0, ...list.map(([line]) => line.length).filter((length) => length <= longLine));
	return list.flatMap(([line, words]) => (line.length <= longLine ? [`  ${line.padEnd(width)}  ${words}`] : [`  ${line}`, `  ${' '.repeat(width)}  ${words}`]));
};
