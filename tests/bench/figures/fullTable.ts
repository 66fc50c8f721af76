import type { Bench } from '../bench.ts';
import type { Figure } from '../figure.ts';
import { median, spread } from '../statistics.ts';

const containers = 300;
const turns = 5;
const target = 0.3;

/** Rows in view, by name, and whether their CPU and memory are there. */
const rows = (screen: readonly string[]): ReadonlyMap<string, boolean> =>
	new Map(
		screen.flatMap((line) => {
			const name = /^[> ]\S+ +(idle-\d{3}) /.exec(line)?.[1];
			return name === undefined ? [] : [[name, /^[> ]\S+ +idle-\d{3} .* [<\d][\d.]* +[<\d][\d.]* /.test(line)] as const];
		}),
	);

/** Pages through the zoomed services, each page as soon as all of it is there. @returns ms since the start of the process */
const paged = async (bench: Bench): Promise<number> => {
	const began = performance.now();
	await using terminal = await bench.console({ columns: 200, rows: 60 });
	await terminal.waitFor(/ live /, { timeout: 20_000 });
	terminal.type('+');
	const seen = new Set<string>();
	let askedAt = '';
	await terminal.waitFor(
		() => {
			const page = rows(terminal.screen());
			if (page.size < 20) return false;
			for (const [name, filled] of page) if (filled) seen.add(name);
			// A page down may only move the selection to the end of the page in view, so that is what tells that it came.
			const text = terminal.text();
			const selected = /^>\S+ +(idle-\d{3}) /m.exec(text)?.[1] ?? askedAt;
			if (selected !== askedAt && [...page.values()].every(Boolean)) {
				askedAt = selected;
				// Rows may change places while their first figures come: what was missed is found in another round.
				terminal.type(text.includes(`-${containers}`) ? 'g' : ' ');
			}
			return seen.size >= containers;
		},
		{ timeout: 60_000, what: 'figures of all containers' },
	);
	const took = (terminal.chunks.at(-1)?.at ?? 0) - began;
	terminal.type('\u0003');
	return took;
};

export const fullTable: Figure = {
	id: 'full-table',
	title: 'full table with figures, 300 containers',
	promise: `<= ${target} x docker stats --no-stream`,
	method: `console: from the start of the process until CPU and memory of each of ${containers} containers have been on the screen, a page of the zoomed services after the other, at 200x60; status: \`sitrep status\` from start to end; medians of ${turns} with a warm cache of compiled code, after one that fills it, in turns with the docker command line`,
	async run(bench) {
		await bench.idle(containers);
		const console: number[] = [];
		const docker: number[] = [];
		const status: number[] = [];
		await paged(bench);
		await bench.timeCommand(bench.command, 'status');
		for (let turn = 0; turn < turns; turn++) {
			docker.push(await bench.timeDocker('stats', '--no-stream'));
			console.push(await paged(bench));
			status.push(await bench.timeCommand(bench.command, 'status'));
		}
		const ratio = median(console) / median(docker);
		const statusRatio = median(status) / median(docker);
		return [
			{ measured: `console ${ratio.toFixed(2)} x`, reached: ratio <= target, beside: [`console ${spread(console)}`, `docker stats --no-stream ${spread(docker)}`] },
			{ measured: `sitrep status ${statusRatio.toFixed(2)} x`, reached: statusRatio <= target, beside: [spread(status)] },
		];
	},
};
