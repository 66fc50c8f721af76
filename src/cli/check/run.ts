import { formatDuration } from '../../domain/duration.ts';
import { explain } from '../failure.ts';
import type { GlobalOptions } from '../globals.ts';
import type { CliContext } from '../ports.ts';
import { selectServices } from '../selectServices.ts';
import { writeLines } from '../write.ts';
import { type CheckResult, judgeCheck, unknownCheck } from './verdict.ts';

export interface CheckOptions {
	readonly settleMs: number;
	/** After so long the answer is UNKNOWN. */
	readonly timeoutMs: number;
}

/** Judges once, within the time, and writes the verdict; whatever fails is UNKNOWN. */
export const runCheck = async (context: CliContext, globals: GlobalOptions, words: readonly string[], options: CheckOptions): Promise<void> => {
	const stop = new AbortController();
	const judged = async (): Promise<CheckResult> => {
		const situation = await context.situation(globals, {
			settleMs: options.settleMs,
			...(words.length === 0 ? {} : { services: words }),
			signal: AbortSignal.any([stop.signal, context.interrupts(), context.stdout.gone]),
		});
		const chosen = selectServices(situation.services, (status) => status.service, words, situation.engine.target.name);
		return judgeCheck(situation, chosen, words.length > 0);
	};
	const late = Promise.withResolvers<CheckResult>();
	const cancel = context.clock.after(options.timeoutMs, () =>
		late.resolve(unknownCheck(`no verdict within ${formatDuration(options.timeoutMs)}`, 'The engine is slow or does not answer: run `sitrep doctor`.')),
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
	await writeLines(context.stdout, result.lines);
	context.exit(result.code);
};
