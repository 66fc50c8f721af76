/**
 * Time to wait before the next try, ms: 1 s, half as much again each time, at most 30 s, with up to 20 % taken off
 * so that many consoles do not come back in one moment. An engine that restarts is back within seconds: doubling
 * would keep people waiting longer than that.
 * @param attempt 0 for the first wait
 * @param random 0 to 1
 */
export const backoffMs = (attempt: number, random: number): number =>
	Math.round(Math.min(30_000, 1000 * 1.5 ** Math.min(attempt, 9)) * (1 - 0.2 * random));
