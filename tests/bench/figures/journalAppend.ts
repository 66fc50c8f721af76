import { join } from 'node:path';
import { openJournal } from '../../../src/record/journal.ts';
import { actorOf } from '../../../src/record/session.ts';
import type { Figure } from '../figure.ts';
import { eventCount, journalFolder, millionEvents } from '../millionEvents.ts';
import { median, percentile } from '../statistics.ts';

const targetMs = 5;
const turns = 2000;

const fine = (value: number): string => `${value.toFixed(2)} ms`;

/** How long each of many appends takes, one after the other, ms. */
const appendTimes = async (path: string): Promise<readonly number[]> => {
	const journal = await openJournal(path);
	const actor = actorOf();
	const times: number[] = [];
	for (let turn = 0; turn < turns; turn++) {
		const began = performance.now();
		await journal.append([
			{
				actor,
				runId: 'measured',
				event: { kind: 'step_started', step: 'start', execution: `start.${turn}`, attempt: turn, risk: 'change', confirmation: 'key', command: 'docker start cloud-native-poc', target: 'cloud-native-poc', undo: false },
			},
		]);
		times.push(performance.now() - began);
	}
	await journal.close();
	return times;
};

const words = (times: readonly number[]): string => `p50 ${fine(median(times))}, p95 ${fine(percentile(times, 0.95))}, worst ${fine(Math.max(...times))}, n ${times.length}`;

export const journalAppend: Figure = {
	id: 'journal-append',
	title: 'an event made durable in the journal',
	promise: `<= ${targetMs} ms at the median`,
	method: `${turns.toLocaleString('en')} appends of one event each, one after the other, each synced to the disk of the folder for temporary files; in a new journal, and in one of ${eventCount.toLocaleString('en')} events`,
	async run() {
		const measured = [
			['new journal', await appendTimes(join(journalFolder(), 'journal.db'))],
			[`${eventCount.toLocaleString('en')} events`, await appendTimes(millionEvents())],
		] as const;
		return measured.map(([name, times]) => ({ measured: `${name}: ${fine(median(times))}`, reached: median(times) <= targetMs, beside: [words(times)] }));
	},
};
