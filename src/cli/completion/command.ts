import { Argument, type Command } from 'commander';
import { examples } from '../examples.ts';
import type { CliContext } from '../ports.ts';
import { bashCompletion } from './bash.ts';
import { fishCompletion } from './fish.ts';
import { type CommandModel, completionModel } from './model.ts';
import { zshCompletion } from './zsh.ts';

const shells = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const satisfies Record<string, (root: CommandModel) => string>;
type Shell = keyof typeof shells;

/** `sitrep completion`: prints the script that completes commands, options and service names. */
export const addCompletion = (program: Command, context: CliContext): void => {
	const command = program
		.command('completion')
		.summary('print a completion script for your shell')
		.description('Prints a script that completes commands, options and the names of services. Its first lines say where to put it.')
		.addArgument(new Argument('<shell>', 'your shell').choices(Object.keys(shells)))
		.action((shell: Shell) => {
			context.stdout.write(shells[shell](completionModel(program)));
		});
	examples(command, [
		['source <(sitrep completion bash)', 'in this bash, now'],
		['sitrep completion zsh > ~/.zfunc/_sitrep', 'in every zsh'],
		['sitrep completion fish | source', 'in this fish, now'],
	]);
};
