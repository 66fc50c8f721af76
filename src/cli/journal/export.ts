import { sanitiseText } from '../../domain/sanitise.ts';
import { exitCodes } from '../exitCodes.ts';
import { CliFailure } from '../failure.ts';
import { jsonText } from '../jsonText.ts';
import type { CliContext } from '../ports.ts';

/** Writes the lines as the reader takes them. */
export const runExport = async (context: CliContext, runId: string | undefined): Promise<void> => {
	const { stdout } = context;
	const journal = await context.journal();
	let written = 0;
	for await (const line of journal.export(runId === undefined ? {} : { runId })) {
		if (stdout.gone.aborted) return;
		written += 1;
		// In a file it stays byte for byte; a terminal would obey some of what JSON leaves raw.
		if (!stdout.write(`${stdout.isTTY ? jsonText(JSON.parse(line)) : line}\n`)) await stdout.drained();
	}
	if (written === 0 && runId !== undefined) {
		throw new CliFailure(exitCodes.unknown, `no run "${sanitiseText(runId)}" is in ${journal.path}`, { advice: 'See `sitrep journal runs`.' });
	}
};
