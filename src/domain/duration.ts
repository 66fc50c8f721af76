const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * A span of time in one unit: `42 s`, `3 min`, `90 min`, `2 h`, `47 h`, `3 d`. Rounded down, so that
 * `3 min` is never said of less than three minutes. Below zero (clocks differ) reads `0 s`.
 * @param ms milliseconds
 */
export const formatDuration = (ms: number): string => {
	if (!Number.isFinite(ms) || ms < second) return '0 s';
	if (ms < minute) return `${Math.floor(ms / second)} s`;
	if (ms < 2 * hour) return `${Math.floor(ms / minute)} min`;
	if (ms < 2 * day) return `${Math.floor(ms / hour)} h`;
	return `${Math.floor(ms / day)} d`;
};

/**
 * How long something has been well is no news by the second: from 10 s to a minute it is told in tens, so that a hundred
 * young rows are not written anew every second. Milliseconds to milliseconds.
 */
export const inTens = (ms: number): number => (ms < 10 * second || ms >= minute ? ms : ms - (ms % (10 * second)));

/** A short time with its fraction: `12 ms`, `0.8 s`, `12 s`, then as `formatDuration`. */
export const formatLatency = (ms: number): string => {
	if (!Number.isFinite(ms) || ms < 0) return '0 ms';
	if (ms < 10 && ms % 1 !== 0) return `${ms.toFixed(1)} ms`;
	if (ms < 1000) return `${Math.round(ms)} ms`;
	if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
	return formatDuration(ms);
};

const units: Readonly<Record<string, number>> = { ms: 1, s: second, m: minute, min: minute, h: hour, d: day };

/**
 * Reads `500ms`, `5s`, `10m`, `1h30m`, `2d`; a bare number has no unit and is refused.
 * @returns milliseconds, or `undefined` where it is no duration
 */
export const parseDuration = (text: string): number | undefined => {
	const whole = /^\s*(?:\d+(?:\.\d+)?\s*(?:ms|min|[smhd])\s*)+$/;
	if (!whole.test(text)) return undefined;
	let total = 0;
	for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)\s*(ms|min|[smhd])/g)) {
		total += Number(amount) * (units[unit ?? ''] ?? Number.NaN);
	}
	return Number.isFinite(total) ? total : undefined;
};
