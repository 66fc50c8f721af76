import type { Engine } from '../../domain/engine.ts';
import { sanitiseText } from '../../domain/sanitise.ts';
import { exitCodes } from '../exitCodes.ts';
import { explain } from '../failure.ts';
import type { GlobalOptions } from '../globals.ts';
import type { CliContext } from '../ports.ts';
import { type Style, styleFor } from '../style.ts';
import { widest } from '../text.ts';
import { followLogs } from './follow.ts';
import { type LineFormat, lineFormat, showsLevels } from './format.ts';
import { History } from './history.ts';
import { keepLine, type LineTaker, type LogSource } from './line.ts';
import { LiveOutput } from './liveOutput.ts';
import { type LogsOptions, type RawLogsOptions, readLogsOptions } from './options.ts';
import { readPaced } from './paced.ts';
import { readSource } from './read.ts';
import { logSources } from './sources.ts';
import { LineWriter } from './writer.ts';

interface Run {
	readonly context: CliContext;
	readonly engine: Engine;
	readonly options: LogsOptions;
	readonly words: readonly string[];
	readonly globals: GlobalOptions;
	readonly signal: AbortSignal;
}

const tell = (context: CliContext, words: string): void => void context.stderr.write(`sitrep: ${sanitiseText(words)}\n`);

const styleOf = (run: Run): Style => styleFor(run.context.stdout, run.context.env, run.globals);

const formatFor = (run: Run, sources: readonly LogSource[]): LineFormat =>
	lineFormat(run.options, sources.length > 1 ? widest(sources.map((source) => sanitiseText(source.label))) : 0, styleOf(run));

/** Reads what there is and ends. @returns the exit code */
const readOnce = async (run: Run): Promise<number> => {
	const { context, engine, options, signal } = run;
	const sources = logSources(await context.services(run.globals), run.words, engine.target.name);
	const format = formatFor(run, sources);
	const levels = showsLevels(options, styleOf(run));
	const alone = sources.length === 1;
	const history = new History(sources.length);
	const taker: LineTaker = { line: (...line) => history.add(keepLine(...line)), flush: () => undefined };
	let code: number = exitCodes.ok;
	await Promise.all(
		sources.map(async (source) => {
			try {
				const request = { engine, options, levels, signal };
				const end = await (alone ? readPaced(request, source, context.stdout, format) : readSource({ ...request, taker }, source).end);
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
	const writer = new LineWriter(format, (piece) => void context.stdout.write(piece));
	for (const line of history.lines()) writer.write(line);
	writer.flush();
	for (const { label, lines } of history.dropped()) tell(context, `${label}: ${lines} older lines left out to bound memory; narrow it with --since, --tail or --level`);
	return code;
};

const follow = async (run: Run): Promise<void> => {
	const { context, engine, options } = run;
	let output: LiveOutput | undefined;
	try {
		await followLogs({
			engine,
			clock: context.clock,
			random: Math.random,
			options,
			levels: showsLevels(options, styleOf(run)),
			signal: run.signal,
			services: () => context.services(run.globals),
			choose: (services) => logSources(services, run.words, engine.target.name),
			begin: (sources) => (output = new LiveOutput(context.clock, context.stdout, formatFor(run, sources), (lines) => tell(context, `${lines} lines skipped: the reader is too slow`))),
			tell: (words) => tell(context, words),
		});
	} finally {
		output?.close();
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
