import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * How long a test waits for what will come, ms. A wait ends as soon as its condition holds, so a long limit costs time
 * only where a test fails; a short one fails on a machine that is slow or busy.
 */
export const patienceMs = 60_000;

/** Limit of one test or hook, ms: several waits in a row may each be slow. */
export const testLimitMs = 240_000;

/** Time-out of a health check that is meant to end by itself, ns. Starting a process may take seconds on a busy machine. */
export const healthCheckTimeoutNs = 60 * 1e9;

/** What a bare Node takes to start and end on a machine that does nothing else, ms; generous. */
const usualStartMs = 100;

/**
 * How long something that sitrep promises within `ms` may take here and now: a promise is made for a machine that has
 * time for it, so on one that takes three times as long to start a bare Node it may take three times as long.
 */
export async function promised(ms: number): Promise<number> {
	const began = performance.now();
	await promisify(execFile)(process.execPath, ['--eval', '0']);
	return ms * Math.max(1, (performance.now() - began) / usualStartMs);
}
