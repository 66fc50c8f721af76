import type { Argument, Command, Option } from 'commander';
import { faultArgumentName } from '../drillCommand.ts';
import { playbookArgumentName, runArgumentName } from '../playbook/arguments.ts';
import { serviceArgumentName } from '../serviceArgument.ts';

/** What can stand for a value. */
export type ValueKind =
	| { readonly kind: 'choices'; readonly values: readonly string[] }
	/** Asked of `sitrep __complete <topic>`. */
	| { readonly kind: 'dynamic'; readonly topic: Topic }
	| { readonly kind: 'file' }
	| { readonly kind: 'free' };

export const topics = ['services', 'faults', 'contexts', 'playbooks', 'runs', 'unfinished'] as const;
export type Topic = (typeof topics)[number];

export interface OptionModel {
	/** `-f`, `--follow`. */
	readonly names: readonly string[];
	readonly words: string;
	/** Absent where it takes none. */
	readonly value?: ValueKind;
}

export interface CommandModel {
	/** From the root: `['drill', 'break']`; empty for the program. */
	readonly path: readonly string[];
	readonly words: string;
	readonly options: readonly OptionModel[];
	readonly argument?: ValueKind;
	readonly children: readonly CommandModel[];
}

const choicesOf = (choices: readonly string[] | undefined): ValueKind | undefined => (choices === undefined ? undefined : { kind: 'choices', values: choices });

const optionValue = (option: Option): ValueKind | undefined => {
	if (!option.required && !option.optional) return undefined;
	const choices = choicesOf(option.argChoices);
	if (choices !== undefined) return choices;
	switch (option.long) {
		case '--config':
			return { kind: 'file' };
		case '--context':
			return { kind: 'dynamic', topic: 'contexts' };
		case '--service':
			return { kind: 'dynamic', topic: 'services' };
		case '--run':
			return { kind: 'dynamic', topic: 'runs' };
		case '--level':
			return { kind: 'choices', values: ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] };
		case '--since':
		case '--until':
			return { kind: 'choices', values: ['1m', '5m', '15m', '1h', '1d'] };
		default:
			return { kind: 'free' };
	}
};

const optionModel = (option: Option): OptionModel => {
	const value = optionValue(option);
	return {
		names: [option.short, option.long].filter((name) => name !== undefined),
		words: option.description,
		...(value === undefined ? {} : { value }),
	};
};

const argumentKind = (argument: Argument | undefined): ValueKind | undefined => {
	if (argument === undefined) return undefined;
	if (argument.name() === serviceArgumentName) return { kind: 'dynamic', topic: 'services' };
	if (argument.name() === faultArgumentName) return { kind: 'dynamic', topic: 'faults' };
	if (argument.name() === playbookArgumentName) return { kind: 'dynamic', topic: 'playbooks' };
	if (argument.name() === runArgumentName) return { kind: 'dynamic', topic: 'unfinished' };
	return choicesOf(argument.argChoices) ?? { kind: 'free' };
};

/** The command tree as completion needs it; hidden commands are left out. */
export const completionModel = (command: Command, path: readonly string[] = []): CommandModel => {
	const helper = command.createHelp();
	const argument = argumentKind(command.registeredArguments[0]);
	return {
		path,
		words: command.summary() === '' ? command.description() : command.summary(),
		options: helper.visibleOptions(command).map(optionModel),
		...(argument === undefined ? {} : { argument }),
		children: helper.visibleCommands(command).map((child) => completionModel(child, [...path, child.name()])),
	};
};

/** The command and all below it. */
export const flatten = (model: CommandModel): readonly CommandModel[] => [model, ...model.children.flatMap(flatten)];

/** Options of a command with the global ones, each once. */
export const allOptions = (root: CommandModel, model: CommandModel): readonly OptionModel[] => {
	if (model === root) return root.options;
	const own = new Set(model.options.flatMap((option) => option.names));
	return [...model.options, ...root.options.filter((option) => !option.names.some((name) => own.has(name)) && !option.names.includes('--version'))];
};
