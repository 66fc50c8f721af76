import { Load } from '../../drill/load.ts';
import type { Bench } from '../bench.ts';
import type { Figure } from '../figure.ts';
import { median, ms, spread } from '../statistics.ts';
import { serviceNames, SwapServices } from '../swapService.ts';

const turns = 10;
const perSecond = 250;
const targetRatio = 1.2;

const name = `${serviceNames}outage`;

/** Longest time without an answer while something is done. */
const outage = async (url: string, work: () => Promise<unknown>): Promise<{ readonly gapMs: number; readonly failed: number; readonly sent: number }> => {
	using load = new Load({ url, perSecond, answerMs: 5000 });
	await work();
	const { longestGapMs: gapMs, failed, sent } = await load.stop();
	return { gapMs, failed, sent };
};

const measure = async (bench: Bench) => {
	await using services = await SwapServices.open(bench);
	const { url } = await services.make({ name, published: true });
	const swapped: number[] = [];
	const bare: number[] = [];
	const calls: number[] = [];
	const told: number[] = [];
	const failed: number[] = [];
	for (let turn = 0; turn < turns; turn++) {
		const stopped = await outage(url, async () => {
			calls.push(await services.stopAndStart(name));
			await services.healthy(name);
		});
		bare.push(stopped.gapMs);
		const moved = await outage(url, async () => {
			told.push((await services.swap(name, services.images[(turn + 1) % 2] ?? '')).gapMs ?? Number.NaN);
		});
		swapped.push(moved.gapMs);
		failed.push(moved.failed);
	}
	return { swapped, bare, calls, told, failed };
};

export const rollbackOutage: Figure = {
	id: 'rollback-outage',
	title: 'Outage of a stop-start rollback',
	promise: `<= ${targetRatio} x the engine's own stop + start, at the median`,
	method: `a service with a published port is moved between two versions ${turns} times, each beside a bare stop and start of the same container through the engine's own calls, one right after the other; a load generator asks ${perSecond} times a second, each on a connection of its own: the longest time without a good answer`,
	async run(bench) {
		const { swapped, bare, calls, told, failed } = await measure(bench);
		const ratio = median(swapped) / median(bare);
		return [
			{
				measured: `${ratio.toFixed(2)} x (${ms(median(swapped))} against ${ms(median(bare))})`,
				reached: ratio <= targetRatio,
				beside: [`no answer in a swap: ${spread(swapped)}`, `no answer in a bare stop and start: ${spread(bare)}`, `the two calls by themselves: ${spread(calls)}`, `gap as the swap itself tells it: ${spread(told)}`, `requests that failed in a swap: median ${median(failed)}`],
			},
		];
	},
};
