import { openJournal } from '../../../src/record/journal.ts';
import type { Figure } from '../figure.ts';
import { eventCount, millionEvents, someRuns } from '../millionEvents.ts';
import { ms, percentile, spread } from '../statistics.ts';

const targetMs = 100;
const turns = 40;

export const journalOpen: Figure = {
	id: 'journal-open',
	title: `a run's events read from ${eventCount.toLocaleString('en')}`,
	promise: `<= ${targetMs} ms at p95`,
	method: `the journal opened, its unfinished and its 50 newest runs listed, and the events of one run read; ${turns} runs from all over it, a new connection each`,
	async run() {
		const path = millionEvents();
		const times: number[] = [];
		let events = 0;
		for (const runId of someRuns(turns)) {
			const began = performance.now();
			const journal = await openJournal(path);
			await journal.runs({ unfinished: true });
			await journal.runs({ limit: 50 });
			events = (await journal.readRun(runId)).length;
			times.push(performance.now() - began);
			await journal.close();
		}
		const p95 = percentile(times, 0.95);
		return [{ measured: ms(p95), reached: events > 0 && p95 <= targetMs, beside: [spread(times), `${events} events a run`] }];
	},
};
