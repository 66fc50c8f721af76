/**
 * Time to wait before the next try, ms: 1 s, doubled each time, at most 30 s, with up to 20 % taken off
 * so that many consoles do not come back in one moment.
 * @param attempt 0 for the first wait
 * @param random 0 to 1
 */
export const backoffMs = (attempt: number, random: number): number =>
	Math.round(Math.min(30_000, 1000 * 2 ** Math.min(attempt, 5)) * (1 - 0.2 * random));
