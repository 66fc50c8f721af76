import type { Figure } from '../figure.ts';
import { median, spread } from '../statistics.ts';

const containers = 300;
const turns = 3;
const target = 0.3;

/** Rows whose CPU and memory are both there. */
const filled = (screen: readonly string[]): number => screen.filter((line) => /^[> ]\S+ +idle-\d{3} .* +[<\d][\d.]* +[<\d][\d.]*\b/.test(line)).length;

export const fullTable: Figure = {
	id: 'full-table',
	title: 'full table with figures, 300 containers',
	promise: `<= ${target} x docker stats --no-stream`,
	method: 'from the start of the process until CPU and memory of every one of 300 containers are on the screen (a terminal of 340 rows, the services zoomed); median of 3, in turns with the docker command line',
	async run(bench) {
		await bench.idle(containers);
		const console: number[] = [];
		const docker: number[] = [];
		for (let turn = 0; turn < turns; turn++) {
			docker.push(await bench.timeDocker('stats', '--no-stream'));
			const began = performance.now();
			await using terminal = await bench.console({ columns: 160, rows: 340 });
			await terminal.waitFor(/ live /, { timeout: 20_000 });
			terminal.type('+');
			await terminal.waitFor((seen) => filled(seen.screen()) >= containers, { timeout: 30_000, what: 'figures of all containers' });
			console.push((terminal.chunks.at(-1)?.at ?? 0) - began);
			terminal.type('\u0003');
		}
		const ratio = median(console) / median(docker);
		return [{ measured: `${ratio.toFixed(2)} x`, reached: ratio <= target, beside: [`console ${spread(console)}`, `docker stats --no-stream ${spread(docker)}`] }];
	},
};
