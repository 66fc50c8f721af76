import { readFile } from 'node:fs/promises';
import { setTimeout as pass } from 'node:timers/promises';
import { join } from 'node:path';
import type { Figure } from '../figure.ts';
import { flood, selectFlood } from '../flood.ts';
import { ms } from '../statistics.ts';
import { makeTestHome } from '../../support/terminalHome.ts';

const containers = 100;
const stallMs = 3000;
const lateTargetMs = 100;
const newestTargetMs = 250;

/** Worst lateness that was noted between two moments, epoch ms. */
const worstBetween = (notes: string, from: number, to: number): number =>
	Math.max(
		0,
		...notes
			.split('\n')
			.map((line) => line.split(' ').map(Number))
			.filter(([at = 0]) => at >= from && at <= to)
			.map(([, late = 0]) => late),
	);

export const stalledReader: Figure = {
	id: 'stalled-reader',
	title: 'a reader that stalls 3 s',
	promise: `timers late by <= ${lateTargetMs} ms, and the newest state at once afterwards`,
	method: 'the terminal is not read for 3 s at 200x60 under 20,000 log lines a second, with keys that ask for whole screens, so that the kernel takes no more; a timer of 10 ms within the process tells how late it was; a container is killed meanwhile, and the time from reading on to its P0 row is taken',
	async run(bench) {
		await bench.idle(containers);
		await using chatty = await flood(bench, 20_000);
		// In view from the start: it stands before the idle ones.
		const victim = await bench.run('a-victim', 'sleep 100000');
		const home = await makeTestHome();
		const file = join(home.dir, 'lateness');
		const preload = new URL('../lateness.ts', import.meta.url).href;
		await using terminal = await bench.live({ columns: 200, rows: 60, env: { NODE_OPTIONS: `--import ${preload}`, SITREP_BENCH_LATENESS: file } });
		await selectFlood(terminal, chatty.name);
		await pass(3000);
		terminal.type('\u001b');
		await terminal.waitFor((seen) => !seen.text().includes('filter /'));
		const calmFrom = Date.now();
		await pass(stallMs);
		const chunks = terminal.chunks.length;
		terminal.pauseReading();
		const from = Date.now();
		for (let turn = 0; turn < 30; turn++) {
			terminal.type('+');
			await pass(50);
		}
		await victim.kill();
		await pass(stallMs - (Date.now() - from));
		if (terminal.chunks.length !== chunks) throw new Error('the terminal was read while it should have stood still');
		const to = Date.now();
		const resumed = performance.now();
		terminal.resumeReading();
		await terminal.waitFor(/^[> ]P0 +a-victim /m, { what: 'what happened meanwhile' });
		const newest = performance.now() - resumed;
		const after = terminal.bytesBetween(resumed, Number.POSITIVE_INFINITY);
		const notes = await readFile(file, 'utf8');
		await terminal.close();
		await home.remove();
		await bench.remove(victim.id);
		const late = worstBetween(notes, from, to);
		return [
			{ measured: `${ms(late)} late`, reached: late <= lateTargetMs, beside: [`in the same time without a stall ${ms(worstBetween(notes, calmFrom, from))}`] },
			{ measured: `newest state after ${ms(newest)}`, reached: newest <= newestTargetMs, beside: [`${Math.round(after / 1000)} kB came first`] },
		];
	},
};
