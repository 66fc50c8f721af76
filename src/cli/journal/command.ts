import { type Command, InvalidArgumentError, Option } from 'commander';
import { examples } from '../examples.ts';
import type { CliContext } from '../ports.ts';

/** How many runs are listed where nobody says. */
const defaultRuns = 50;

const countArgument = (text: string): number => {
	const count = Number(text);
	if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('It is no count: write a whole number above 0.');
	return count;
};

/** `sitrep journal`: what is recorded, and whether it still is what was recorded. */
export const addJournal = (program: Command, context: CliContext): void => {
	const journal = program
		.command('journal')
		.summary('what is recorded, and whether it is intact')
		.description('The journal holds everything that was done with sitrep on this machine: who did what, to what, when, and what came of it. Events are only ever added, and each is chained to the one before it, so that a later change shows.');
	journal
		.command('verify')
		.summary('check every event against the chain')
		.description('Reads the whole journal and checks that no event was changed, removed, added or moved since it was written. Names the first one that does not fit. Ends with 0 where the journal is intact, else with 1. Changes nothing, and others can go on meanwhile.')
		.option('--json', 'write one JSON document (schemaVersion 1)')
		.action(async (options: { readonly json?: boolean }) => {
			const { runVerify } = await import('./verify.ts');
			await runVerify(context, options.json === true);
		});
	journal
		.command('export')
		.summary('write the events as JSON lines')
		.description('Writes the events, the oldest first, one JSON document a line, with the hashes of the chain. No secret is in them: secrets are never recorded.')
		.option('--run <id>', 'only the events of this run')
		.option('--json', 'JSON lines, as without it')
		.action(async (options: { readonly run?: string }) => {
			const { runExport } = await import('./export.ts');
			await runExport(context, options.run);
		});
	journal
		.command('runs')
		.summary('the runs of playbooks, newest first')
		.description('Lists the runs with their outcome, and whether one has no end yet.')
		.option('--unfinished', 'only runs without an end')
		.option('--service <name>', 'only runs for this service')
		.addOption(new Option('-n, --limit <count>', 'at most so many').argParser(countArgument).default(defaultRuns))
		.option('--json', 'write one JSON document (schemaVersion 1)')
		.action(async (options: { readonly unfinished?: boolean; readonly service?: string; readonly limit: number; readonly json?: boolean }) => {
			const { runRuns } = await import('./runs.ts');
			await runRuns(context, {
				limit: options.limit,
				json: options.json === true,
				...(options.unfinished === true ? { unfinished: true } : {}),
				...(options.service === undefined ? {} : { service: options.service }),
			});
		});
	examples(journal, [
		['sitrep journal verify', 'is the record what was recorded'],
		['sitrep journal runs --unfinished', 'what was begun and has no end'],
		['sitrep journal export --run ID > run.jsonl', 'one run, for a post-mortem'],
		["sitrep journal export | jq -r 'select(.kind == \"step_started\") | .data.command'", 'every command that was run'],
	]);
};
