import type { Command } from 'commander';
import { formatDuration } from '../../domain/duration.ts';
import { durationArgument } from '../arguments.ts';
import { examples } from '../examples.ts';
import { checkCodeWords } from '../exitCodes.ts';
import { explain } from '../failure.ts';
import { globalsOf } from '../globals.ts';
import type { CliContext } from '../ports.ts';
import { selectServices } from '../selectServices.ts';
import { serviceArgument } from '../serviceArgument.ts';
import { defaultSettleMs } from '../status/command.ts';
import { type CheckResult, judgeCheck, unknownCheck } from './verdict.ts';

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
		.option('--wait <duration>', 'observe so long before judging', durationArgument, defaultSettleMs)
		.option('--timeout <duration>', 'answer UNKNOWN after so long', durationArgument, defaultTimeoutMs)
		.action(async (words: readonly string[], options: { readonly wait: number; readonly timeout: number }) => {
			const globals = globalsOf(command);
			const stop = new AbortController();
			const judged = async (): Promise<CheckResult> => {
				const situation = await context.situation(globals, {
					settleMs: options.wait,
					...(words.length === 0 ? {} : { services: words }),
					signal: AbortSignal.any([stop.signal, context.interrupts()]),
				});
				const chosen = selectServices(situation.services, (status) => status.service, words, situation.engine.target.name);
				return judgeCheck(situation, chosen, words.length > 0);
			};
			const late = Promise.withResolvers<CheckResult>();
			const cancel = context.clock.after(options.timeout, () =>
				late.resolve(unknownCheck(`no verdict within ${formatDuration(options.timeout)}`, 'The engine is slow or does not answer: run `sitrep doctor`.')),
			);
			const result = await Promise.race([judged(), late.promise])
				.catch((error: unknown) => {
					const { what, advice } = explain(error);
					return unknownCheck(what, advice);
				})
				.finally(() => {
					cancel();
					stop.abort();
				});
			context.stdout.write(`${result.lines.join('\n')}\n`);
			context.exit(result.code);
		});
	examples(command, [
		['sitrep check', 'every service'],
		['sitrep check web postgres', 'two of them, with CPU and memory as performance data'],
		['sitrep check --timeout 5s', 'answer within 5 seconds'],
	]);
};
