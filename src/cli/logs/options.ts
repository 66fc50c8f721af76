import { parseDuration } from '../../domain/duration.ts';
import { type LogLevel, logLevels } from '../../domain/log.ts';
import { exitCodes } from '../exitCodes.ts';
import { CliFailure } from '../failure.ts';
import type { Output } from '../ports.ts';

/** What commander hands over. */
export interface RawLogsOptions {
	readonly follow?: boolean;
	readonly since?: string;
	readonly until?: string;
	readonly tail?: string;
	readonly level?: string;
	readonly grep?: string;
	readonly ignoreCase?: boolean;
	readonly invert?: boolean;
	readonly json?: boolean;
	readonly timestamps?: boolean;
	readonly raw?: boolean;
}

export interface LogsOptions {
	readonly follow: boolean;
	/** Epoch ms by the engine's clock. */
	readonly since: number | undefined;
	readonly until: number | undefined;
	/** Of each container; absent means all. */
	readonly tail: number | undefined;
	readonly minLevel: LogLevel | undefined;
	readonly grep: RegExp | undefined;
	readonly invert: boolean;
	readonly format: 'text' | 'json' | 'raw';
	readonly timestamps: boolean;
}

/** Lines of each container where neither --tail nor --since is given. */
export const defaultTail = 200;

const usage = (message: string, advice: string): CliFailure => new CliFailure(exitCodes.usage, message, { advice });

/** A duration back from now, or a time. */
const timeOf = (option: string, text: string | undefined, now: number): number | undefined => {
	if (text === undefined) return undefined;
	const back = parseDuration(text);
	if (back !== undefined) return now - back;
	const at = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
	if (Number.isNaN(at)) throw usage(`${option} "${text}" is neither a duration nor a time`, 'Write 10m, 1h30m or 2026-11-21T03:14:07Z (without Z: your local time).');
	return at;
};

const tailOf = (text: string | undefined, since: string | undefined): number | undefined => {
	if (text === undefined) return since === undefined ? defaultTail : undefined;
	if (text === 'all') return undefined;
	if (!/^\d{1,9}$/.test(text)) throw usage(`--tail "${text}" is no number`, 'Write a number of lines, or all.');
	return Number(text);
};

const levelOf = (text: string | undefined): LogLevel | undefined => {
	if (text === undefined) return undefined;
	const level = logLevels.find((each) => each === text.toLowerCase());
	if (level === undefined) throw usage(`--level "${text}" is no level`, `There are: ${logLevels.join(', ')}.`);
	return level;
};

const patternOf = (text: string | undefined, ignoreCase: boolean): RegExp | undefined => {
	if (text === undefined) return undefined;
	try {
		return new RegExp(text, ignoreCase ? 'iu' : 'u');
	} catch (error) {
		throw new CliFailure(exitCodes.usage, `--grep "${text}" is no regular expression: ${error instanceof Error ? error.message : String(error)}`, {
			advice: 'To search for the characters themselves put a backslash before . * + ? ( ) [ ] { } ^ $ | and \\.',
			cause: error,
		});
	}
};

/**
 * Reads the options. @param now epoch ms by the engine's clock
 * @throws CliFailure where they contradict each other or a value is wrong
 */
export const readLogsOptions = (raw: RawLogsOptions, stdout: Output, now: number): LogsOptions => {
	if (raw.raw === true && raw.json === true) throw usage('--raw and --json were both given', 'Give one of them.');
	if (raw.raw === true && stdout.isTTY) {
		throw usage('--raw writes control characters as they are, and stdout is a terminal', 'Send it to a file or a pipe: a log line could otherwise take over the terminal.');
	}
	if (raw.follow === true && raw.until !== undefined) throw usage('--follow and --until were both given', 'Give one of them.');
	if (raw.invert === true && raw.grep === undefined) throw usage('--invert was given without --grep', 'It turns the sense of --grep round.');
	return {
		follow: raw.follow === true,
		since: timeOf('--since', raw.since, now),
		until: timeOf('--until', raw.until, now),
		tail: tailOf(raw.tail, raw.since),
		minLevel: levelOf(raw.level),
		grep: patternOf(raw.grep, raw.ignoreCase === true),
		invert: raw.invert === true,
		format: raw.json === true ? 'json' : raw.raw === true ? 'raw' : 'text',
		timestamps: raw.timestamps === true,
	};
};

/** Epoch ms (and nanoseconds within it) as the engine port wants it: decimal seconds. */
export const engineTime = (atMs: number, nanos = 0): string => {
	const whole = Math.floor(atMs);
	const seconds = Math.floor(whole / 1000);
	return `${seconds}.${String(whole - seconds * 1000).padStart(3, '0')}${String(nanos).padStart(6, '0')}`;
};
