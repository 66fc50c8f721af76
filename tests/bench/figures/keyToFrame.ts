import { setTimeout as pass } from 'node:timers/promises';
import type { TestTerminal } from '../../support/terminal.ts';
import type { Figure } from '../figure.ts';
import { flood, selectFlood } from '../flood.ts';
import { ms, percentile, spread } from '../statistics.ts';

const containers = 100;
const linesPerSecond = 20_000;
const targetMs = 50;
const pressesEach = 40;

/** A key and what tells that its frame is there. */
interface Press {
	readonly kind: string;
	readonly key: string;
	readonly shown: (terminal: TestTerminal) => boolean;
}

const help = (terminal: TestTerminal): boolean => terminal.text().includes('─ keys ─');
const zoomed = (terminal: TestTerminal): boolean => !terminal.text().includes('SERVICES');
const prompting = (text: string) => (terminal: TestTerminal): boolean => terminal.text().includes(`: ${text}`);

/** Pairs that end where they began, so that they can go on for ever. */
const presses: readonly Press[] = [
	{ kind: 'help', key: '?', shown: help },
	{ kind: 'help', key: '?', shown: (terminal) => !help(terminal) },
	{ kind: 'zoom', key: '+', shown: zoomed },
	{ kind: 'zoom', key: '+', shown: (terminal) => !zoomed(terminal) },
	{ kind: 'palette', key: ':', shown: (terminal) => terminal.text().includes('─ commands ─') },
	{ kind: 'typing', key: 'z', shown: prompting('z') },
	{ kind: 'typing', key: 'o', shown: prompting('zo') },
	{ kind: 'palette', key: '\u001b', shown: (terminal) => !terminal.text().includes('─ commands ─') },
];

export const keyToFrame: Figure = {
	id: 'key-to-frame',
	title: 'key to frame under 20,000 log lines a second',
	promise: `p95 <= ${targetMs} ms`,
	method: `${pressesEach} rounds of help, zoom, palette and typing in it, at 120x40 beside 100 containers, while the selected container writes ${linesPerSecond.toLocaleString('en')} lines a second: from the key to the bytes that show what it did`,
	async run(bench) {
		await bench.idle(containers);
		await using chatty = await flood(bench, linesPerSecond);
		await using terminal = await bench.live({ columns: 120, rows: 40 });
		await selectFlood(terminal, chatty.name);
		await pass(3000);
		terminal.type('2');
		const times = new Map<string, number[]>();
		for (let round = 0; round < pressesEach / 4; round++) {
			for (const press of presses) {
				// Keys fall anywhere in the rhythm of the frames.
				await pass(40 + Math.random() * 160);
				const began = performance.now();
				terminal.type(press.key);
				await terminal.waitFor(press.shown, { what: `the frame of ${press.kind}` });
				const took = (terminal.chunks.at(-1)?.at ?? performance.now()) - began;
				times.set(press.kind, [...(times.get(press.kind) ?? []), took]);
			}
		}
		const all = [...times.values()].flat();
		const p95 = percentile(all, 0.95);
		return [{ measured: `p95 ${ms(p95)}`, reached: p95 <= targetMs, beside: [`all ${spread(all)}`, ...[...times].map(([kind, each]) => `${kind} ${spread(each)}`)] }];
	},
};
