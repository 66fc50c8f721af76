import type { Command } from 'commander';
import type { Engine } from '../../domain/engine.ts';
import { sanitiseText } from '../../domain/sanitise.ts';
import { examples } from '../examples.ts';
import { exitCodes } from '../exitCodes.ts';
import { explain } from '../failure.ts';
import { type GlobalOptions, globalsOf } from '../globals.ts';
import type { CliContext } from '../ports.ts';
import { serviceArgument } from '../serviceArgument.ts';
import { styleFor } from '../style.ts';
import { widest } from '../text.ts';
import { followLogs } from './follow.ts';
import { type LineFormat, lineFormat } from './format.ts';
import { History } from './history.ts';
import type { LogLine, LogSource } from './line.ts';
import { Merger } from './merger.ts';
import { defaultTail, type LogsOptions, type RawLogsOptions, readLogsOptions } from './options.ts';
import { readSource } from './read.ts';
import { logSources } from './sources.ts';

/** Lines are handed to the terminal in pieces of about so many characters. */
const chunk = 64 * 1024;

interface Run {
	readonly context: CliContext;
	readonly engine: Engine;
	readonly options: LogsOptions;
	readonly words: readonly string[];
	readonly globals: GlobalOptions;
	readonly signal: AbortSignal;
}

const tell = (context: CliContext, words: string): void => void context.stderr.write(`sitrep: ${sanitiseText(words)}\n`);

const formatFor = (run: Run, sources: readonly LogSource[]): LineFormat =>
	lineFormat(run.options, sources.length > 1 ? widest(sources.map((source) => sanitiseText(source.label))) : 0, styleFor(run.context.stdout, run.context.env, run.globals));

/** @returns what the output said of its last piece */
const writeLines = (context: CliContext, lines: readonly LogLine[], format: LineFormat): boolean => {
	let text = '';
	let free = true;
	for (const line of lines) {
		const piece = format(line);
		if (typeof piece !== 'string') {
			free = context.stdout.write(piece);
			continue;
		}
		text += piece;
		if (text.length < chunk) continue;
		free = context.stdout.write(text);
		text = '';
	}
	return text === '' ? free : context.stdout.write(text);
};

/** Reads what there is and ends. @returns the exit code */
const readOnce = async (run: Run): Promise<number> => {
	const { context, engine, options, signal } = run;
	const sources = logSources(await context.services(run.globals), run.words, engine.target.name);
	const format = formatFor(run, sources);
	const alone = sources.length === 1;
	const history = new History(sources.length);
	let code: number = exitCodes.ok;
	await Promise.all(
		sources.map(async (source) => {
			try {
				const end = await readSource(engine, source, options, signal, alone ? (line) => void context.stdout.write(format(line)) : (line) => history.add(line)).end;
				if (end.kind === 'ended') return;
				code = exitCodes.failure;
				tell(context, `${source.label}: ${end.kind === 'gone' ? 'it was removed meanwhile' : `its log cannot be read: ${end.words} (log driver ${end.driver})`}`);
			} catch (error) {
				if (signal.aborted) return;
				// The other logs are still worth having.
				const { what, advice, exitCode } = explain(error);
				code = exitCode;
				tell(context, `${source.label}: ${what}${advice === undefined ? '' : `. ${advice}`}`);
			}
		}),
	);
	writeLines(context, history.lines(), format);
	for (const { label, lines } of history.dropped()) tell(context, `${label}: ${lines} older lines left out to bound memory; narrow it with --since, --tail or --level`);
	return code;
};

const follow = async (run: Run): Promise<void> => {
	const { context, engine, options } = run;
	let format: LineFormat = () => '';
	const merger = new Merger(context.clock, {
		write: (lines) => writeLines(context, lines, format),
		drained: () => context.stdout.drained(),
		skipped: (lines) => tell(context, `${lines} lines skipped: the reader is too slow`),
	});
	try {
		await followLogs({
			engine,
			options,
			signal: run.signal,
			services: () => context.services(run.globals),
			choose: (services) => logSources(services, run.words, engine.target.name),
			begin: (sources) => {
				format = formatFor(run, sources);
			},
			take: (line) => merger.add(line),
			tell: (words) => tell(context, words),
		});
	} finally {
		merger.close();
	}
};

/** `sitrep logs`: logs of one or more services, in order of time. */
export const addLogs = (program: Command, context: CliContext): void => {
	const command = program
		.command('logs')
		.summary('logs of one or more services, in order of time')
		.description(
			`Prints the logs of the services, merged in order of time, with their names in front when there are several. Without --tail and --since: the last ${defaultTail} lines of each container. Control characters are made visible, so a line cannot take over the terminal. --follow goes on over stops and starts, until Ctrl-C.`,
		)
		.addArgument(serviceArgument('services, containers or whole groups', { required: true }))
		.optionsGroup('Which lines:')
		.option('-f, --follow', 'go on with new lines as they come')
		.option('-s, --since <when>', 'from so long ago (10m, 1h30m), or from a time (2026-11-21T03:14:07Z)')
		.option('-u, --until <when>', 'up to so long ago, or up to a time')
		.option('-n, --tail <lines>', 'the last so many lines of each container, or all')
		.option('-l, --level <level>', 'at least this level: trace, debug, info, warn, error, fatal; stack traces stay with their error, a line without a level counts as info')
		.option('-g, --grep <text>', 'only lines that match this regular expression')
		.option('-i, --ignore-case', 'match --grep whatever the case')
		.option('--invert', 'only lines that do not match --grep')
		.optionsGroup('How they are written:')
		.option('-t, --timestamps', 'the time in front of each line, UTC')
		.option('--json', 'one JSON document a line (schemaVersion 1)')
		.option('--raw', 'the bytes as they are, control characters too; only to a pipe or a file')
		.action(async (words: readonly string[], raw: RawLogsOptions) => {
			// A wrong option is told before an engine is asked.
			readLogsOptions(raw, context.stdout, context.clock.now());
			const globals = globalsOf(command);
			const engine = await context.engine(globals);
			const relative = raw.since !== undefined || raw.until !== undefined;
			const skew = relative ? (await engine.info()).clockSkewMs : 0;
			const options = readLogsOptions(raw, context.stdout, context.clock.now() + skew);
			const run: Run = { context, engine, options, words, globals, signal: AbortSignal.any([context.interrupts(), context.stdout.gone]) };
			if (options.follow) await follow(run);
			else context.exit(await readOnce(run));
		});
	examples(command, [
		['sitrep logs web', `the last ${defaultTail} lines`],
		['sitrep logs web worker -f', 'two services, in order of time, as they come'],
		['sitrep logs shop --since 10m --level error', 'errors of a whole compose project in the last 10 minutes'],
		['sitrep logs web --grep "timeout|refused" -i', 'lines about timeouts, whatever the case'],
		["sitrep logs web --since 1h --json | jq -r 'select(.level == \"error\") | .message'", 'for a script'],
		['sitrep logs web --tail all --raw > web.log', 'everything, byte for byte'],
	]);
};
