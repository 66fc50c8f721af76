import type { Figure } from '../figure.ts';
import { median, ms, spread } from '../statistics.ts';

const containers = 100;
const starts = 10;
const targetMs = 450;

/** Rows of services in view. */
const rows = (screen: readonly string[]): number => screen.filter((line) => /^[> ]\S+ +idle-\d{3} /.test(line)).length;

export const firstScreen: Figure = {
	id: 'first-screen',
	title: 'first useful screen, 100 containers',
	promise: `<= ${targetMs} ms`,
	method: 'from the start of the process to the frame that lists the first page of services, at 80x24; median of 10 starts with a warm cache of compiled code, after one that fills it',
	async run(bench) {
		await bench.idle(containers);
		const times: number[] = [];
		let cold = 0;
		for (let start = 0; start <= starts; start++) {
			const began = performance.now();
			await using terminal = await bench.console();
			await terminal.waitFor((seen) => rows(seen.screen()) >= 5, { timeout: 20_000, what: 'the first page' });
			const took = (terminal.chunks.at(-1)?.at ?? performance.now()) - began;
			if (start === 0) cold = took;
			else times.push(took);
			terminal.type('\u0003');
			await terminal.waitForExit();
		}
		const outcomes = [{ measured: ms(median(times)), reached: median(times) <= targetMs, beside: [spread(times), `first start ever ${ms(cold)}`, `docker ps ${ms(median([await bench.timeDocker('ps'), await bench.timeDocker('ps'), await bench.timeDocker('ps')]))}`] }];
		return outcomes;
	},
};
