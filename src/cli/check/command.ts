import type { Command } from 'commander';
import { durationOption } from '../arguments.ts';
import { examples } from '../examples.ts';
import { checkCodeWords } from '../exitCodes.ts';
import { globalsOf } from '../globals.ts';
import type { CliContext } from '../ports.ts';
import { serviceArgument } from '../serviceArgument.ts';
import { defaultSettleMs } from '../status/command.ts';

/** The plugin is killed by most schedulers after 10 s: it must have spoken before. */
const defaultTimeoutMs = 8000;

/** `sitrep check`: a Nagios plugin. Everything it says goes to stdout, where such systems look. */
export const addCheck = (program: Command, context: CliContext): void => {
	const command = program
		.command('check')
		.summary('one line and an exit code, for Nagios, Icinga and the like')
		.description(
			`Judges the services as a monitoring plugin: one line with performance data after "|", then one line for each service in trouble. The exit code is the verdict:\n${checkCodeWords.map(([code, words]) => `  ${code}  ${words}`).join('\n')}`,
		)
		.addArgument(serviceArgument('services to judge (default: all)'))
		.addOption(durationOption('--wait <duration>', 'observe at most so long before judging; it ends once everything was read', defaultSettleMs))
		.addOption(durationOption('--timeout <duration>', 'answer UNKNOWN after so long', defaultTimeoutMs))
		.action(async (words: readonly string[], options: { readonly wait: number; readonly timeout: number }) => {
			const { runCheck } = await import('./run.ts');
			await runCheck(context, globalsOf(command), words, { settleMs: options.wait, timeoutMs: options.timeout });
		});
	examples(command, [
		['sitrep check', 'every service'],
		['sitrep check web postgres', 'two of them, with CPU and memory as performance data'],
		['sitrep check --timeout 5s', 'answer within 5 seconds'],
	]);
};
