import { Argument, type Command } from 'commander';
import { examples } from '../examples.ts';
import type { CliContext } from '../ports.ts';
import type { CommandModel } from './model.ts';

const shells = {
	bash: async () => (await import('./bash.ts')).bashCompletion,
	zsh: async () => (await import('./zsh.ts')).zshCompletion,
	fish: async () => (await import('./fish.ts')).fishCompletion,
} as const satisfies Record<string, () => Promise<(root: CommandModel) => string>>;
type Shell = keyof typeof shells;

/** `sitrep completion`: prints the script that completes commands, options and service names. */
export const addCompletion = (program: Command, context: CliContext): void => {
	const command = program
		.command('completion')
		.summary('print a completion script for your shell')
		.description('Prints a script that completes commands, options and the names of services. Its first lines say where to put it.')
		.addArgument(new Argument('<shell>', 'your shell').choices(Object.keys(shells)))
		.action(async (shell: Shell) => {
			const [write, { completionModel }] = await Promise.all([shells[shell](), import('./model.ts')]);
			context.stdout.write(write(completionModel(program)));
		});
	examples(command, [
		['source <(sitrep completion bash)', 'in this bash, now'],
		['sitrep completion zsh > ~/.zfunc/_sitrep', 'in every zsh'],
		['sitrep completion fish | source', 'in this fish, now'],
	]);
};
