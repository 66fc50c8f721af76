import { statSync } from 'node:fs';
import process from 'node:process';
import { verifyJournal } from '../../../src/record/verify.ts';
import type { Figure } from '../figure.ts';
import { eventCount, millionEvents } from '../millionEvents.ts';
import { median, percentile } from '../statistics.ts';

const targetSeconds = 10;
const turns = 3;

export const journalVerify: Figure = {
	id: 'journal-verify',
	title: `the whole chain of ${eventCount.toLocaleString('en')} events verified`,
	promise: `<= ${targetSeconds} s`,
	method: `\`verifyJournal\` over a journal of ${eventCount.toLocaleString('en')} events in ${(eventCount / 100).toLocaleString('en')} runs: every hash, every index, every listed run; median of ${turns}`,
	async run() {
		const path = millionEvents();
		const seconds: number[] = [];
		const cpuSeconds: number[] = [];
		let held = true;
		for (let turn = 0; turn < turns; turn++) {
			const began = performance.now();
			const before = process.cpuUsage();
			const verified = await verifyJournal(path);
			seconds.push((performance.now() - began) / 1000);
			const { user, system } = process.cpuUsage(before);
			cpuSeconds.push((user + system) / 1_000_000);
			held &&= verified.intact && verified.events >= eventCount;
		}
		const middle = median(seconds);
		return [
			{
				measured: `${middle.toFixed(1)} s${held ? '' : ', and it did not hold'}`,
				reached: held && middle <= targetSeconds,
				beside: [`fastest ${Math.min(...seconds).toFixed(1)} s, slowest ${percentile(seconds, 1).toFixed(1)} s`, `${median(cpuSeconds).toFixed(1)} s of CPU`, `${Math.round(statSync(path).size / 1024 ** 2)} MiB`],
			},
		];
	},
};
