import type { Bench } from '../bench.ts';
import type { Figure } from '../figure.ts';
import { ms, percentile, spread } from '../statistics.ts';

const containers = 100;
const kills = 25;
const targetMs = 150;

/** Moment at which the engine's own event of a container's death comes to us, `performance.now()`. */
const deaths = async (bench: Bench): Promise<{ of(id: string): number | undefined; stop(): void }> => {
	const stream = await bench.docker.getEvents({ filters: { type: ['container'], event: ['die'] } });
	const seen = new Map<string, number>();
	let rest = '';
	stream.on('data', (bytes: Buffer) => {
		const at = performance.now();
		rest += bytes.toString();
		const lines = rest.split('\n');
		rest = lines.pop() ?? '';
		for (const line of lines) {
			const id = /"id":"([0-9a-f]{64})"/.exec(line)?.[1];
			if (id !== undefined) seen.set(id, at);
		}
	});
	// The stream is cut off at the end: that is no failure.
	stream.on('error', () => undefined);
	return {
		of: (id) => seen.get(id),
		stop: () => {
			if ('destroy' in stream && typeof stream.destroy === 'function') stream.destroy();
		},
	};
};

export const killToRow: Figure = {
	id: 'kill-to-row',
	title: 'docker kill to the changed row',
	promise: `p95 <= ${targetMs} ms beyond the engine's own event`,
	method: `${kills} kills beside 100 containers: from the engine's die event, as another client gets it, to the bytes that change the row, and to those that mark it P0: an inspect comes between the two, since a container that is being removed ends in the same way`,
	async run(bench) {
		await bench.idle(containers);
		const events = await deaths(bench);
		await using terminal = await bench.live({ columns: 100, rows: 40 });
		const beyond: number[] = [];
		const whole: number[] = [];
		const p0: number[] = [];
		for (let turn = 0; turn < kills; turn++) {
			// In view from the start: it stands before the idle ones.
			const name = `a-victim-${turn}`;
			const container = await bench.run(name, 'sleep 100000');
			await terminal.waitFor(new RegExp(`${name} +up`), { what: 'the new service' });
			// Kills fall anywhere in the rhythm of the frames.
			await new Promise((resolve) => {
				setTimeout(resolve, Math.random() * 400);
			});
			const began = performance.now();
			const killed = container.kill();
			await terminal.waitFor(new RegExp(`${name} .*(137|down|exited|stopped)`), { what: 'the changed row' });
			const shown = terminal.chunks.at(-1)?.at ?? performance.now();
			await killed;
			await terminal.waitFor(new RegExp(`^[> ]P0 +${name} `, 'm'), { what: 'the P0 row' });
			const alarmed = terminal.chunks.at(-1)?.at ?? performance.now();
			const died = events.of(container.id);
			if (died === undefined) throw new Error('no event of a death that is on the screen');
			beyond.push(shown - died);
			whole.push(shown - began);
			p0.push(alarmed - died);
			await bench.remove(container.id);
			await terminal.waitFor(new RegExp(`SERVICES ${containers}\\b`), { what: 'the service to go' });
		}
		events.stop();
		const p95 = percentile(beyond, 0.95);
		const marked = percentile(p0, 0.95);
		return [
			{ measured: `p95 ${ms(p95)}`, reached: p95 <= targetMs, beside: [`beyond the event ${spread(beyond)}`, `from the call ${spread(whole)}`] },
			{ measured: `P0 p95 ${ms(marked)}`, reached: marked <= targetMs, beside: [`P0 beyond the event ${spread(p0)}`] },
		];
	},
};
