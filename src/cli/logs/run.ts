import type { Engine } from '../../domain/engine.ts';
import { sanitiseText } from '../../domain/sanitise.ts';
import { exitCodes } from '../exitCodes.ts';
import { explain } from '../failure.ts';
import type { GlobalOptions } from '../globals.ts';
import type { CliContext } from '../ports.ts';
import { styleFor } from '../style.ts';
import { widest } from '../text.ts';
import { followLogs } from './follow.ts';
import { type LineFormat, lineFormat } from './format.ts';
import { History } from './history.ts';
import type { LogLine, LogSource } from './line.ts';
import { Merger } from './merger.ts';
import { type LogsOptions, type RawLogsOptions, readLogsOptions } from './options.ts';
import { readPaced } from './paced.ts';
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
				const end = alone
					? await readPaced(engine, source, options, signal, context.stdout, format)
					: await readSource(engine, source, options, signal, (line) => history.add(line)).end;
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

/** Reads or follows the logs of the services the words name. @throws CliFailure where an option or a name is wrong */
export const runLogs = async (context: CliContext, globals: GlobalOptions, words: readonly string[], raw: RawLogsOptions): Promise<void> => {
	// A wrong option is told before an engine is asked.
	readLogsOptions(raw, context.stdout, context.clock.now());
	const engine = await context.engine(globals);
	const relative = raw.since !== undefined || raw.until !== undefined;
	const skew = relative ? (await engine.info()).clockSkewMs : 0;
	const options = readLogsOptions(raw, context.stdout, context.clock.now() + skew);
	const run: Run = { context, engine, options, words, globals, signal: AbortSignal.any([context.interrupts(), context.stdout.gone]) };
	if (options.follow) await follow(run);
	else context.exit(await readOnce(run));
};
