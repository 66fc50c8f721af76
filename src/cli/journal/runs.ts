import type { RunSummary } from '../../domain/journal.ts';
import { formatDuration } from '../../domain/duration.ts';
import { sanitiseText } from '../../domain/sanitise.ts';
import { isoTime, schemaVersion } from '../json.ts';
import { jsonText } from '../jsonText.ts';
import type { CliContext } from '../ports.ts';
import { cut, padEnd, widest } from '../text.ts';
import { writeLines } from '../write.ts';
import type { JournalRunsShape } from './shapes.ts';

export interface RunsOptions {
	readonly unfinished?: boolean;
	readonly service?: string;
	readonly limit: number;
	readonly json: boolean;
}

/** The runs as `journal runs --json` writes them. */
export const runsJson = (path: string, runs: readonly RunSummary[], more: boolean): JournalRunsShape => ({
	schemaVersion,
	path,
	more,
	runs: runs.map((run) => ({
		id: run.runId,
		playbook: run.playbookId,
		title: run.title,
		service: run.service ?? null,
		engine: run.engine,
		startedAt: isoTime(run.startedAt),
		endedAt: run.endedAt === undefined ? null : isoTime(run.endedAt),
		outcome: run.outcome ?? null,
		startedBy: { user: run.startedBy.user, person: run.startedBy.person ?? null, host: run.startedBy.host },
		parent: run.parentRunId ?? null,
		dryRun: run.dryRun,
	})),
});

const header = ['STARTED (UTC)', 'OUTCOME', 'TOOK', 'RUN', 'PLAYBOOK', 'SERVICE', 'BY'] as const;

const cells = (run: RunSummary): readonly string[] =>
	[
		isoTime(run.startedAt).slice(0, 19).replace('T', ' '),
		`${run.outcome ?? 'no end yet'}${run.dryRun ? ', dry run' : ''}`,
		run.endedAt === undefined ? '-' : formatDuration(run.endedAt - run.startedAt),
		run.runId,
		run.playbookId,
		run.service ?? '-',
		run.startedBy.person === undefined ? run.startedBy.user : `${run.startedBy.person} (${run.startedBy.user})`,
	].map(sanitiseText);

/**
 * The runs as lines.
 * @param width cells a line may take; absent where it goes to no terminal, and nothing is cut
 */
export const runsLines = (runs: readonly RunSummary[], more: boolean, width: number | undefined): readonly string[] => {
	if (runs.length === 0) return ['no runs'];
	const rows = [header, ...runs.map(cells)];
	const widths = header.map((_, column) => widest(rows.map((row) => row[column] ?? '')));
	const lines = rows.map((row) => row.map((cell, column) => (column === header.length - 1 ? cell : padEnd(cell, widths[column] ?? 0))).join('  '));
	const told = more ? [...lines, `there are more than these ${runs.length}; --limit shows more`] : lines;
	return width === undefined ? told : told.map((line) => cut(line, width));
};

export const runRuns = async (context: CliContext, { json, limit, ...filter }: RunsOptions): Promise<void> => {
	const { stdout } = context;
	const journal = await context.journal();
	// One more than asked for tells whether there are more.
	const found = await journal.runs({ ...filter, limit: limit + 1 });
	const runs = found.slice(0, limit);
	const more = found.length > limit;
	await writeLines(stdout, json ? [jsonText(runsJson(journal.path, runs, more), 2)] : runsLines(runs, more, stdout.isTTY ? (stdout.columns ?? 80) : undefined));
};
