import { InvalidArgumentError, Option } from 'commander';
import { formatLatency, parseDuration } from '../domain/duration.ts';

/** An option's value as milliseconds: `10m`, `1h30m`, `500ms`. */
const durationArgument = (text: string): number => {
	const ms = parseDuration(text);
	if (ms === undefined) throw new InvalidArgumentError('It is no duration: write 30s, 10m, 1h30m or 2d.');
	return ms;
};

/** An option whose value is a duration; its default is told in words. @param defaultMs milliseconds */
export const durationOption = (flags: string, description: string, defaultMs: number): Option =>
	new Option(flags, description).argParser(durationArgument).default(defaultMs, formatLatency(defaultMs));
