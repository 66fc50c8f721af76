import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../domain/duration.ts';

/** An option's value as milliseconds: `10m`, `1h30m`, `500ms`. */
export const durationArgument = (text: string): number => {
	const ms = parseDuration(text);
	if (ms === undefined) throw new InvalidArgumentError('It is no duration: write 30s, 10m, 1h30m or 2d.');
	return ms;
};

/** A whole number from 0 up. */
export const countArgument = (text: string): number => {
	if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It is no whole number.');
	return Number(text);
};
