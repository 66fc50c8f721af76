import { appendFileSync } from 'node:fs';
import process from 'node:process';

// Loaded before a program with --import: tells how late its timers are, from within and without its knowledge.
const file = process.env['SITREP_BENCH_LATENESS'];
const everyMs = 10;
/** Lateness below this is not worth a line. */
const leastMs = 5;

if (file !== undefined) {
	let due = performance.now() + everyMs;
	const timer = setInterval(() => {
		const now = performance.now();
		if (now - due >= leastMs) appendFileSync(file, `${(performance.timeOrigin + now).toFixed(1)} ${(now - due).toFixed(1)}\n`);
		due = now + everyMs;
	}, everyMs);
	timer.unref();
}
