import type { Command } from 'commander';
import { durationArgument } from '../arguments.ts';
import { globalsOf } from '../globals.ts';
import { examples } from '../examples.ts';
import { jsonText } from '../jsonText.ts';
import type { CliContext } from '../ports.ts';
import { selectServices } from '../selectServices.ts';
import { serviceArgument } from '../serviceArgument.ts';
import { styleFor } from '../style.ts';
import { statusJson } from './json.ts';
import { worstFirst } from './summary.ts';
import { statusLines } from './text.ts';

/** Long enough for a second reading of CPU and rates. */
export const defaultSettleMs = 1500;

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
		.option('--wait <duration>', 'observe so long before judging', durationArgument, defaultSettleMs)
		.action(async (words: readonly string[], options: { readonly json?: boolean; readonly wait: number }) => {
			const globals = globalsOf(command);
			const situation = await context.situation(globals, {
				settleMs: options.wait,
				...(words.length === 0 ? {} : { services: words }),
				signal: context.interrupts(),
			});
			const chosen = worstFirst(selectServices(situation.services, (status) => status.service, words, situation.engine.target.name));
			const { stdout } = context;
			if (options.json === true) {
				stdout.write(`${jsonText(statusJson(situation, chosen), 2)}\n`);
				return;
			}
			const lines = statusLines(situation, chosen, stdout.isTTY ? (stdout.columns ?? 80) : undefined, styleFor(stdout, context.env, globals));
			stdout.write(`${lines.join('\n')}\n`);
		});
	examples(command, [
		['sitrep status', 'everything, the worst first'],
		['sitrep status shop', 'the compose project "shop"'],
		['sitrep --host ssh://ops@prod-1 status', 'another machine, over ssh'],
		["sitrep status --json | jq -r '.services[] | select(.severity == \"P0\") | .id'", 'names of what is down'],
	]);
};
