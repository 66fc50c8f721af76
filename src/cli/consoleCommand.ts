import { Command } from 'commander';
import { exitCodes } from './exitCodes.ts';
import { CliFailure } from './failure.ts';
import { globalsOf } from './globals.ts';
import type { CliContext } from './ports.ts';

/** What runs where no command is named: the console, or the linear session. */
export const addConsole = (program: Command, context: CliContext): void => {
	const command = program
		.command('console', { isDefault: true, hidden: true })
		.summary('the console (also without any command)')
		.allowExcessArguments()
		.action(async () => {
			const word = command.args[0];
			if (word !== undefined) refuseUnknown(program, word);
			const globals = globalsOf(command);
			if (globals.linear || context.env['TERM'] === 'dumb') {
				const { runLinear } = await import('./linear/session.ts');
				context.exit(await runLinear(context, globals));
				return;
			}
			if (!context.stdout.isTTY || !context.stdin.isTTY) {
				throw new CliFailure(exitCodes.noTerminal, `the console needs a terminal, and ${context.stdout.isTTY ? 'stdin' : 'stdout'} is none`, {
					advice: 'Use `sitrep status` for a report, or `sitrep --linear` for a session in plain lines. Over ssh: `ssh -t HOST sitrep`.',
				});
			}
			context.exit(await context.openConsole(globals));
		});
};

/** Commander suggests a name only where it has no default command, so it is asked with a tree that has none. */
const refuseUnknown = (program: Command, word: string): never => {
	const names = new Command('sitrep').exitOverride().configureOutput({ outputError: () => {} }).helpCommand(false);
	for (const each of program.commands) if (!each.name().startsWith('_')) names.command(each.name());
	// Commander's hint ("Did you mean …") is in the message of what this throws.
	names.parse([word], { from: 'user' });
	return program.error(`unknown command '${word}'`);
};
