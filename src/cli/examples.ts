import type { Command } from 'commander';
import { padEnd, widest } from './text.ts';

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
	const width = widest(list.map(([line]) => line).filter((line) => line.length <= longLine));
	return list.flatMap(([line, words]) => (line.length <= longLine ? [`  ${padEnd(line, width)}  ${words}`] : [`  ${line}`, `  ${padEnd('', width)}  ${words}`]));
};
