import type { ActionEnd } from '../../domain/run/action.ts';
import type { StepOutcome } from '../../domain/run/event.ts';
import type { CommandEnd } from '../../domain/run/execution.ts';
import { remainsMade, remainsOf } from '../../domain/run/remains.ts';
import type { SupervisedAction } from './command.ts';
import { lastLine, maxTextBytes, parseJson, timedOutWords, withSaid } from './endWords.ts';
import type { OutputText } from '../process/readOutput.ts';
import type { ActionPorts } from './ports.ts';
import { redactor } from './redact.ts';

/** Exit codes of the tool that runs commands inside a container: see `ToolSpec`. */
const toolCodes = { timedOut: 124, notRun: 125 } as const;

interface EndOptions {
	readonly folder: string;
	readonly timeoutMs: number;
	readonly secrets: readonly string[];
	readonly hideOutput: boolean;
}

const usesTool = (action: SupervisedAction): boolean => action.kind !== 'command' || action.inContainer !== undefined;

const outcomeOf = (end: CommandEnd, byTool: boolean): StepOutcome => {
	if (end.cancelled) return 'cancelled';
	if (end.timedOut || (byTool && end.exitCode === toolCodes.timedOut)) return 'timed-out';
	return end.failedToStart === undefined && end.exitCode === 0 ? 'done' : 'failed';
};

const survivorWords = (end: CommandEnd): string => (end.survivors.length === 0 ? '' : `; still running: ${end.survivors.join(', ')}`);

/** A tool that was killed has left a move where it stood; its record says where. */
const rolloutWords = (end: CommandEnd, outcome: StepOutcome, said: string, timeoutMs: number): string => {
	if (outcome === 'cancelled') return withSaid('cancelled', said);
	if (outcome === 'timed-out') return withSaid(timedOutWords(timeoutMs), said);
	if (end.signal !== undefined) return `ended by ${end.signal}, and what it was doing is left where it stood: run it again to take it up`;
	return said || (outcome === 'done' ? 'done' : `exit ${end.exitCode ?? '?'}`);
};

const wordsOf = (action: SupervisedAction, end: CommandEnd, outcome: StepOutcome, tails: OutputText, result: Readonly<Record<string, unknown>>, timeoutMs: number): string => {
	const said = lastLine(tails.stderr) || lastLine(tails.stdout);
	if (end.failedToStart !== undefined) return end.failedToStart;
	if (action.kind === 'rollout') return rolloutWords(end, outcome, typeof result['words'] === 'string' ? result['words'] : said, timeoutMs);
	if (outcome === 'cancelled') return 'cancelled';
	if (outcome === 'timed-out') return timedOutWords(timeoutMs);
	if (end.signal !== undefined) return `ended by ${end.signal}`;
	if (action.kind === 'database') return outcome === 'done' ? lastLine(tails.stdout) || 'done' : said || `exit ${end.exitCode ?? '?'}`;
	if (outcome === 'done') return 'exit 0';
	if (usesTool(action) && end.exitCode === toolCodes.notRun) return said || `it could not be run inside ${action.inContainer ?? 'the container'}`;
	return withSaid(`exit ${end.exitCode ?? '?'}`, said);
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

const resultOf = async (action: SupervisedAction, end: CommandEnd, tails: OutputText, options: EndOptions, ports: ActionPorts): Promise<Readonly<Record<string, unknown>>> => {
	if (action.kind !== 'command') {
		const value = await ports.files.value(options.folder, options.hideOutput);
		return isRecord(value) ? value : value === undefined ? {} : { value };
	}
	// Of a cut output only its end is there, which may look like JSON and be a part of it.
	const json = tails.cut.stdout ? undefined : parseJson(tails.stdout);
	return {
		...(end.exitCode === undefined ? {} : { exitCode: end.exitCode }),
		stdout: tails.stdout,
		stderr: tails.stderr,
		...(json === undefined ? {} : { json }),
		...(tails.cut.stdout || tails.cut.stderr ? { cut: true } : {}),
	};
};

/** What the end of a supervised command means for its step. Reads its output from the folder. */
export const commandEnd = async (action: SupervisedAction, end: CommandEnd, options: EndOptions, ports: ActionPorts): Promise<ActionEnd> => {
	const redact = redactor(options.secrets);
	const tails = await ports.files.tails(options.folder, maxTextBytes);
	const outcome = outcomeOf(end, usesTool(action));
	const result = await resultOf(action, end, tails, options, ports);
	return {
		outcome,
		words: redact.text(wordsOf(action, end, outcome, tails, result, options.timeoutMs) + survivorWords(end)),
		...(end.exitCode === undefined ? {} : { exitCode: end.exitCode }),
		durationMs: end.durationMs,
		output: { bytes: end.bytes, lines: end.lines, droppedBytes: end.droppedBytes, folder: options.folder },
		result: redact.record(result),
		survivors: [],
		...remainsMade(remainsOf(end), (text) => redact.text(text)),
	};
};

/** A command that could not even be handed to a supervisor. */
export const notStarted = (words: string): ActionEnd => ({ outcome: 'failed', words, durationMs: 0, result: {}, survivors: [] });
