import type { Figure } from '../figure.ts';
import { residentBytes } from '../processes.ts';

const containers = 295;
const writers = 5;
const lines = Number(process.env['SITREP_BENCH_MEMORY_LINES'] ?? 10_000_000);
const targetMiB = 200;
/** What a heap may move by between two collections, MiB. */
const flatMiB = 10;
const everyMs = 500;

const mib = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;

export const memory: Figure = {
	id: 'memory',
	title: `memory, 300 containers, ${lines / 1_000_000} million log lines followed`,
	promise: `<= ${targetMiB} MiB RSS, flat over the last half`,
	method: `${writers} of 300 containers write ${(lines / writers).toLocaleString('en')} lines each as fast as they can, one after the other, each selected while it writes; RSS from /proc every ${everyMs} ms until the last line is on the screen; flat: the highest of the last quarter is at most ${flatMiB} MiB above that of the third`,
	async run(bench) {
		await bench.idle(containers);
		const samples: number[] = [];
		const each = lines / writers;
		const made = [];
		for (let index = 0; index < writers; index++) {
			made.push(
				await bench.run(
					`writer-${index}`,
					`echo ready; trap go=1 USR1; while [ -z "$go" ]; do sleep 0.05; done; busybox awk 'BEGIN { for (i = 1; i <= ${each}; i++) printf "%09d INFO handled GET /api/items/%d status=200 took=%dms user=anonymous\\n", i, i % 9973, i % 97; print "END-OF-${index}" }'; sleep 100000`,
				),
			);
		}
		await using terminal = await bench.live({ columns: 120, rows: 40 });
		const watch = setInterval(() => void residentBytes(terminal.pid).then((bytes) => samples.push(bytes)), everyMs);
		const began = performance.now();
		try {
			for (const [index, container] of made.entries()) {
				terminal.type(`/\u0015writer-${index}\r`);
				await terminal.waitFor(new RegExp(`LOGS writer-${index} .*`), { what: `the log of writer-${index}` });
				await terminal.waitFor(/ready/, { timeout: 20_000 });
				await container.kill({ signal: 'USR1' });
				await terminal.waitFor(new RegExp(`END-OF-${index}`), { timeout: 300_000, what: `the last line of writer-${index}` });
			}
		} finally {
			clearInterval(watch);
		}
		const seconds = (performance.now() - began) / 1000;
		await Promise.all(made.map(async ({ id }) => bench.remove(id)));
		const quarter = (part: number): number => Math.max(...samples.slice(Math.floor((samples.length * part) / 4), Math.floor((samples.length * (part + 1)) / 4)));
		const [first, second, third, last] = [quarter(0), quarter(1), quarter(2), quarter(3)];
		const worst = Math.max(...samples);
		return [
			{
				measured: `${mib(worst)} at most`,
				reached: worst <= targetMiB * 2 ** 20 && last - third <= flatMiB * 2 ** 20,
				beside: [`highest of each quarter ${[first, second, third, last].map(mib).join(', ')}`, `${Math.round(lines / seconds / 1000)}k lines/s over ${Math.round(seconds)} s`],
			},
		];
	},
};
