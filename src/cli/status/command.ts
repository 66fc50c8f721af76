import type { Command } from 'commander';
import { durationOption } from '../arguments.ts';
import { globalsOf } from '../globals.ts';
import { examples } from '../examples.ts';
import type { CliContext } from '../ports.ts';
import { serviceArgument } from '../serviceArgument.ts';

/** Longest wait for second readings of CPU and for the first results of probes; most reports are ready far earlier. */
export const defaultSettleMs = 3000;

/** `sitrep status`: the situation, once, as text or JSON. */
export const addStatus = (program: Command, context: CliContext): void => {
	const command = program
		.command('status')
		.summary('what is broken, how badly, and why')
		.description(
			'Prints how every service stands, the worst first, with the reason in words, and ends with a summary. In a terminal the lines are cut to its width; in a pipe they are not. The exit code is 0 whatever the report says: to judge in a script use `sitrep check`.',
		)
		.addArgument(serviceArgument('services to report on (default: all)'))
		.option('--json', 'write one JSON document (schemaVersion 1)')
		.addOption(durationOption('--wait <duration>', 'observe at most so long before judging; it ends once everything was read', defaultSettleMs))
		.action(async (words: readonly string[], options: { readonly json?: boolean; readonly wait: number }) => {
			const { runStatus } = await import('./run.ts');
			await runStatus(context, globalsOf(command), words, { json: options.json === true, settleMs: options.wait });
		});
	examples(command, [
		['sitrep status', 'everything, the worst first'],
		['sitrep status shop', 'the compose project "shop"'],
		['sitrep --host ssh://ops@prod-1 status', 'another machine, over ssh'],
		["sitrep status --json | jq -r '.services[] | select(.severity == \"P0\") | .id'", 'names of what is down'],
	]);
};
