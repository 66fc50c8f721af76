import { setTimeout as pass } from 'node:timers/promises';
import { startRun } from '../../pty/playbooks.ts';
import { makeRunHome } from '../../support/runHome.ts';
import type { TestTerminal } from '../../support/terminal.ts';
import type { Figure } from '../figure.ts';
import { ms, percentile, spread } from '../statistics.ts';

const containers = 20;
const linesPerSecond = 50_000;
const seconds = 60;
const rounds = 12;
const targetMs = 50;

/** Prints numbered lines of some 80 bytes at the rate asked for. */
const writer = `const rest = ' INFO handled GET /api/items in 12 ms, 200, 1532 bytes'.padEnd(66, '.') + String.fromCharCode(10);
const began = Date.now(); let made = 0; const all = ${linesPerSecond * seconds};
const timer = setInterval(() => { const due = Math.min(all, Math.floor((Date.now() - began) * ${linesPerSecond / 1000})); let text = ''; while (made < due) text += 'line-' + String(made++) + rest; process.stdout.write(text); if (made === all) clearInterval(timer); }, 10);`;

const newest = (terminal: TestTerminal): number => Math.max(-1, ...[...terminal.text().matchAll(/line-(\d+) INFO/g)].map(([, number]) => Number(number)));

const help = (terminal: TestTerminal): boolean => terminal.text().includes('─ keys ─');
const prompting = (text: string) => (terminal: TestTerminal): boolean => terminal.text().includes(`: ${text}`);
const presses: readonly { readonly key: string; readonly shown: (terminal: TestTerminal) => boolean }[] = [
	{ key: '?', shown: help },
	{ key: '?', shown: (terminal) => !help(terminal) },
	{ key: ':', shown: (terminal) => terminal.text().includes('─ commands ─') },
	{ key: 'z', shown: prompting('z') },
	{ key: '\u001b', shown: (terminal) => !terminal.text().includes('─ commands ─') },
];

export const runOutput: Figure = {
	id: 'run-output',
	title: `a step that prints ${linesPerSecond / 1000}k lines a second, in the console`,
	promise: `shown live, at most 1 s old, with keys answered: p95 <= ${targetMs} ms`,
	method: `${rounds} rounds of help, palette and typing in it, at 120x40 beside ${containers} containers, while a step of a run prints ${linesPerSecond.toLocaleString('en')} lines a second: from the key to the bytes that show what it did; between the rounds the newest line on the screen is compared with those printed by then`,
	async run(bench) {
		await bench.idle(containers);
		await using home = await makeRunHome({ output: `steps:\n- {id: flood, title: Flood, risk: read, timeoutSeconds: 300, run: ['${process.execPath}', -e, "${writer.replaceAll('\n', ' ')}"]}\n` });
		await using terminal = await bench.live({ home, env: home.env, columns: 120, rows: 40 });
		await startRun(terminal, 'output');
		await terminal.waitFor(() => newest(terminal) > linesPerSecond, { what: 'its lines, live' });
		const started = performance.now() - (newest(terminal) / linesPerSecond) * 1000;
		const took: number[] = [];
		const behind: number[] = [];
		for (let round = 0; round < rounds; round++) {
			for (const { key, shown } of presses) {
				await pass(40 + Math.random() * 160);
				const began = performance.now();
				terminal.type(key);
				await terminal.waitFor(shown, { what: `the frame of ${key}` });
				took.push((terminal.chunks.at(-1)?.at ?? performance.now()) - began);
			}
			await pass(300);
			behind.push(performance.now() - started - (newest(terminal) / linesPerSecond) * 1000);
		}
		terminal.type('4a');
		await terminal.waitFor('Cancel the run');
		terminal.type('jjjj\r');
		await terminal.waitFor(/^ OVER /m);
		const p95 = percentile(took, 0.95);
		const age = percentile(behind, 0.95);
		return [{ measured: `p95 ${ms(p95)}, lines ${ms(age)} older than the first ones shown (p95)`, reached: p95 <= targetMs && age <= 1000, beside: [`keys ${spread(took)}`, `age of the newest line on the screen, against the first look ${spread(behind)}`] }];
	},
};
