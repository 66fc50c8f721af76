import { basename, dirname } from 'node:path';
import type { Command } from 'commander';
import { sanitiseText } from '../../domain/sanitise.ts';
import { examples } from '../examples.ts';
import { exitCodes } from '../exitCodes.ts';
import { CliFailure } from '../failure.ts';
import { globalsOf } from '../globals.ts';
import type { CliContext } from '../ports.ts';
import { playbookArgumentName, runArgumentName } from './arguments.ts';
import { abandonRun, approveRun, findPlaybook, resumePlaybook, runPlaybook } from './run.ts';
import { listLines, planLines } from './text.ts';

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

const addReading = (playbook: Command, context: CliContext): void => {
	const out = (line: string): void => void context.stdout.write(`${sanitiseText(line)}\n`);
	playbook
		.command('list')
		.summary('the playbooks there are')
		.description('Lists the playbooks that ship with sitrep and your own.')
		.option('--json', 'one JSON object a line')
		.action(async (options: { readonly json?: boolean }) => {
			const { playbooks, problems } = await (await context.playbooks()).library();
			if (options.json === true) for (const { playbook: each, file, pack, hash } of playbooks) context.stdout.write(`${JSON.stringify({ id: each.id, version: each.version, kind: each.kind, severity: each.severity ?? null, title: each.title, pack, file, hash, draft: each.draft, triggers: each.triggers })}\n`);
			else for (const line of listLines(playbooks)) out(line);
			const errors = problems.filter((problem) => problem.level === 'error').length;
			if (errors > 0) context.stderr.write(`sitrep: ${plural(errors, 'error')} keep playbooks away: sitrep playbook lint\n`);
		});
	playbook
		.command('show')
		.summary('a playbook, step by step')
		.description('Shows a playbook: its steps, what each does, how it is confirmed. Nothing is run.')
		.argument(`<${playbookArgumentName}>`, 'id, or a file')
		.option('--yaml', 'print the file as it is')
		.action(async (word: string, options: { readonly yaml?: boolean }) => {
			const loaded = await findPlaybook(context, word);
			if (options.yaml === true) {
				context.stdout.write(loaded.text);
				return;
			}
			const steps = loaded.playbook.steps.map((step) => ({ id: step.id, title: step.title, kind: step.kind, risk: step.risk, command: '', confirmation: 'none', ...(step.phase === undefined ? {} : { phase: step.phase }), ...(step.note === undefined ? {} : { note: step.note }) }));
			for (const line of planLines(loaded, steps)) out(line);
		});
	playbook
		.command('schema')
		.summary('the JSON Schema of the format, for editors')
		.description('Prints the JSON Schema of the playbook format. In an editor: # yaml-language-server: $schema=playbook.schema.json')
		.action(async () => void context.stdout.write(await (await context.playbooks()).schema()));
};

const addWriting = (playbook: Command, context: CliContext): void => {
	const out = (line: string): void => void context.stdout.write(`${sanitiseText(line)}\n`);
	playbook
		.command('lint')
		.summary('find what is wrong with playbooks')
		.description('Checks playbooks: the format, steps that do not exist or cannot be reached, risks that are understated, failures that are masked. Without an argument: all there are. Exit code 1 where there is an error.')
		.argument('[files...]', 'files or ids (default: all)')
		.option('--json', 'one JSON object a line')
		.action(async (words: readonly string[], options: { readonly json?: boolean }) => {
			const port = await context.playbooks();
			const library = await port.library();
			const chosen =
				words.length === 0
					? [...library.problems, ...(await Promise.all(library.playbooks.map((each) => port.lint(each)))).flat()]
					: (
							await Promise.all(
								words.map(async (word) => {
									const known = library.playbooks.find((each) => each.playbook.id === word);
									return known === undefined ? (await port.readFile(word)).problems : port.lint(known);
								}),
							)
						).flat();
			for (const problem of chosen) {
				if (options.json === true) context.stdout.write(`${JSON.stringify(problem)}\n`);
				else out(port.formatProblem(problem));
			}
			const errors = chosen.filter((problem) => problem.level === 'error').length;
			if (options.json !== true) out(chosen.length === 0 ? 'nothing to complain about' : `${plural(errors, 'error')}, ${plural(chosen.length - errors, 'warning')}`);
			context.exit(errors > 0 ? exitCodes.failure : exitCodes.ok);
		});
	playbook
		.command('import')
		.summary('make draft playbooks from a Markdown runbook')
		.description('Reads a runbook in Markdown and writes a pack of draft playbooks: headings become playbooks, shell blocks become steps, checklists become manual checks. A draft does not run before somebody has reviewed it: sitrep playbook review FILE.')
		.argument('<file.md>', 'the runbook')
		.option('--pack <name>', 'name of the pack (default: that of the file)')
		.option('--to <folder>', 'where the pack goes (default: your own playbooks)')
		.option('--stdout', 'print the drafts instead of writing them')
		.action(async (file: string, options: { readonly pack?: string; readonly to?: string; readonly stdout?: boolean }) => {
			const port = await context.playbooks();
			const pack = options.pack ?? basename(file).replace(/\.[^.]*$/, '').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
			const report = await port.import(file, pack);
			if (options.stdout === true) {
				for (const each of report.files) context.stdout.write(`${each.text}${each.text.endsWith('\n') ? '' : '\n'}---\n`);
			} else {
				const folder = `${options.to ?? port.ownFolder}/${pack}`;
				for (const each of report.files) out(`wrote ${await port.write(folder, each.name, each.text)}`);
			}
			for (const line of report.lines) context.stderr.write(`${sanitiseText(line)}\n`);
		});
	playbook
		.command('review')
		.summary('mark a draft as reviewed, so that it may run')
		.description('Lints a draft, shows it, and marks it as reviewed by you: its `draft` goes, and your name and the date go into its notes. Needs a terminal: reviewing is reading.')
		.argument('<file>', 'the draft')
		.action(async (file: string) => {
			const port = await context.playbooks();
			const { loaded, problems } = await port.readFile(file);
			for (const problem of problems) out(port.formatProblem(problem));
			if (loaded === undefined || problems.some((problem) => problem.level === 'error')) throw new CliFailure(exitCodes.failure, `${sanitiseText(file)} cannot be reviewed before its errors are mended`);
			if (!loaded.playbook.draft) throw new CliFailure(exitCodes.failure, `${sanitiseText(file)} is no draft`);
			if (!context.stdin.isTTY || !context.stdout.isTTY) throw new CliFailure(exitCodes.noTerminal, 'reviewing needs a terminal');
			out('');
			context.stdout.write(`${loaded.text.split('\n').map((line) => sanitiseText(line)).join('\n')}\n`);
			const { LinearIo } = await import('../linear/io.ts');
			const io = new LinearIo(context.stdout, context.stdin, context.interrupts());
			const answer = await io.ask(`Have you read it all, and may it run? Type its id, ${loaded.playbook.id}:`);
			if (answer !== loaded.playbook.id) throw new CliFailure(exitCodes.failure, 'not reviewed: it stays a draft');
			out(`reviewed: ${await port.review(file)} in ${dirname(file)}`);
		});
};

const addRunning = (playbook: Command, context: CliContext): void => {
	const run = playbook
		.command('run')
		.summary('run a playbook here, without the console')
		.description(
			`Runs a playbook and asks at this terminal what the console would ask. Without a terminal a question ends it at once with code ${exitCodes.noTerminal}, and the run waits to be resumed; a step that fails ends the run. Ctrl-C leaves the run, which goes on as far as it can by itself. Secrets can be given as SITREP_SECRET_<name>. Exit code ${exitCodes.ok}: succeeded; ${exitCodes.failure}: failed, cancelled or rolled back.`,
		)
		.argument(`<${playbookArgumentName}>`, 'id, or a file')
		.option('-p, --param <name=value>', 'a parameter; may be given several times', collect, [])
		.option('-s, --service <name>', 'the service it is about')
		.option('-n, --dry-run', 'show every step as it would be done, and do nothing')
		.option('-y, --yes', 'confirm changes; a destructive step is still asked for')
		.option('--json', 'one JSON object a line, and no questions')
		.action(async (word: string, options: { readonly param: readonly string[]; readonly service?: string; readonly dryRun?: boolean; readonly yes?: boolean; readonly json?: boolean }) => {
			await runPlaybook(context, globalsOf(run), word, { param: options.param, ...(options.service === undefined ? {} : { service: options.service }), dryRun: options.dryRun === true, yes: options.yes === true, json: options.json === true });
		});
	examples(run, [
		['sitrep playbook run generic-crashed -p container=web', 'run it here'],
		['sitrep playbook run generic-crashed -p container=web --dry-run', 'see what it would do'],
		['sitrep playbook run ./mine.yaml --yes --json', 'for a script'],
	]);
	const resume = playbook
		.command('resume')
		.summary('carry on with a run')
		.description('Carries on with a run that is not over: one that was left, or whose console is gone.')
		.argument(`<${runArgumentName}>`, 'id of the run: see `sitrep journal runs`')
		.option('-y, --yes', 'confirm changes; a destructive step is still asked for')
		.option('--take-over', 'take it from the console that carries it out; recorded')
		.option('--json', 'one JSON object a line, and no questions')
		.action(async (runId: string, options: { readonly yes?: boolean; readonly takeOver?: boolean; readonly json?: boolean }) => {
			await resumePlaybook(context, globalsOf(resume), runId, { yes: options.yes === true, takeOver: options.takeOver === true, json: options.json === true });
		});
	const abandon = playbook
		.command('abandon')
		.summary('end a run that nobody carries out')
		.description('Ends a run whose console is gone, so that its service is free for another one. Nothing is taken back, and a step that is under way is not ended: to take back what was done, resume the run and roll it back.')
		.argument(`<${runArgumentName}>`, 'id of the run: see `sitrep journal runs --unfinished`')
		.requiredOption('--why <text>', 'goes into the record')
		.action(async (runId: string, options: { readonly why: string }) => {
			await abandonRun(context, globalsOf(abandon), runId, options.why);
		});
	const approve = playbook
		.command('approve')
		.summary('agree, as a second person, to what a run waits for')
		.description('Answers an approval that a run waits for. It has to be somebody else than who asked: another session with another name. The journal can be read by its own account alone, so on one machine the second person logs in to the same account, in a session of their own, and says who they are; both are in the record. Root, by sudo, approves with SITREP_STATE_DIR set to the folder of who runs it.')
		.argument(`<${runArgumentName}>`, 'id of the run')
		.option('--as <name>', 'who you are, where the account is shared')
		.option('--refuse', 'refuse it')
		.option('--note <text>', 'goes into the record')
		.action(async (runId: string, options: { readonly as?: string; readonly refuse?: boolean; readonly note?: string }) => {
			await approveRun(context, globalsOf(approve), runId, { ...(options.as === undefined ? {} : { as: options.as }), refuse: options.refuse === true, ...(options.note === undefined ? {} : { note: options.note }) });
		});
};

/** `sitrep playbook`. */
export const addPlaybook = (program: Command, context: CliContext): void => {
	const playbook = program
		.command('playbook')
		.summary('guided procedures: list, run, resume, lint, import')
		.description('Guided procedures, run step by step: each change asks first, everything is recorded, and a run survives the terminal it was started in.');
	addRunning(playbook, context);
	addReading(playbook, context);
	addWriting(playbook, context);
	examples(playbook, [
		['sitrep playbook list', 'what there is'],
		['sitrep playbook run generic-crashed -s web', 'run one on a service'],
		['sitrep journal runs --unfinished', 'what waits'],
		['sitrep playbook import RUNBOOK.md', 'make drafts from your own runbook'],
	]);
};
