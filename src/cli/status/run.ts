import type { GlobalOptions } from '../globals.ts';
import { jsonText } from '../jsonText.ts';
import type { CliContext } from '../ports.ts';
import { selectServices } from '../selectServices.ts';
import { styleFor } from '../style.ts';
import { writeLines } from '../write.ts';
import { statusJson } from './json.ts';
import { worstFirst } from './summary.ts';
import { statusLines } from './text.ts';

export interface StatusOptions {
	readonly json: boolean;
	readonly settleMs: number;
}

/** Asks for the situation once and writes it. */
export const runStatus = async (context: CliContext, globals: GlobalOptions, words: readonly string[], options: StatusOptions): Promise<void> => {
	const { stdout } = context;
	const situation = await context.situation(globals, {
		settleMs: options.settleMs,
		...(words.length === 0 ? {} : { services: words }),
		signal: AbortSignal.any([context.interrupts(), stdout.gone]),
	});
	const chosen = worstFirst(selectServices(situation.services, (status) => status.service, words, situation.engine.target.name));
	const lines = options.json
		? [jsonText(statusJson(situation, chosen), 2)]
		: statusLines(situation, chosen, stdout.isTTY ? (stdout.columns ?? 80) : undefined, styleFor(stdout, context.env, globals));
	await writeLines(stdout, lines);
};
