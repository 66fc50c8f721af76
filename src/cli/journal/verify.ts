import { sanitiseText } from '../../domain/sanitise.ts';
import type { Verification } from '../../record/verify.ts';
import { exitCodes } from '../exitCodes.ts';
import { schemaVersion } from '../json.ts';
import { jsonText } from '../jsonText.ts';
import type { CliContext } from '../ports.ts';
import { writeLines } from '../write.ts';
import type { JournalVerifyShape } from './shapes.ts';

const count = (value: number, one: string): string => `${value.toLocaleString('en')} ${one}${value === 1 ? '' : 's'}`;

/** The verdict as `journal verify --json` writes it. */
export const verifyJson = ({ path, intact, events, runs, head, flaw }: Verification): JournalVerifyShape => ({ schemaVersion, path, intact, events, runs, head: head ?? null, flaw: flaw ?? null });

/** The verdict as lines. */
export const verifyLines = ({ path, events, runs, head, flaw }: Verification): readonly string[] => {
	const newest = head === undefined ? [] : [`newest  ${head.seq}  ${head.hash}`];
	const lines =
		flaw === undefined
			? [`${path}: intact`, `${count(events, 'event')} in ${count(runs, 'run')}`, ...newest]
			: [
					`${path}: BROKEN at event ${flaw.seq}`,
					flaw.words,
					`expected  ${flaw.expected}`,
					`found     ${flaw.found}`,
					events === 0 ? 'no event before it' : `intact: the first ${count(events, 'event')}`,
					...newest,
				];
	return lines.map(sanitiseText);
};

/** Verifies, showing how far it is on a terminal, and ends with 1 where the journal is not intact. */
export const runVerify = async (context: CliContext, json: boolean): Promise<void> => {
	const { stdout, stderr } = context;
	const live = stderr.isTTY && context.env['TERM'] !== 'dumb';
	const journal = await context.journal();
	const verified = await journal
		.verify((checked, total) => {
			if (live) stderr.write(`\r${checked.toLocaleString('en')} of ${count(total, 'event')}\u001b[K`);
		})
		.finally(() => live && stderr.write('\r\u001b[K'));
	await writeLines(stdout, json ? [jsonText(verifyJson(verified), 2)] : verifyLines(verified));
	if (!verified.intact) context.exit(exitCodes.failure);
};
