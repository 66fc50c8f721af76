import { setTimeout as pass } from 'node:timers/promises';
import type { Figure } from '../figure.ts';
import { flood, selectFlood } from '../flood.ts';

const containers = 100;
const idleTarget = 1000;
const busyTarget = 40_000;
const windowMs = 15_000;

const rate = async (terminal: { bytesBetween(from: number, to: number): number }): Promise<number> => {
	const began = performance.now();
	await pass(windowMs);
	const now = performance.now();
	return (terminal.bytesBetween(began, now) / (now - began)) * 1000;
};

const kilo = (bytes: number): string => `${(bytes / 1000).toFixed(2)} kB/s`;

export const terminalBytes: Figure = {
	id: 'terminal-bytes',
	title: 'bytes to the terminal',
	promise: `idle <= ${idleTarget / 1000} kB/s, busy <= ${busyTarget / 1000} kB/s`,
	method: `bytes read from the terminal over ${windowMs / 1000} s: idle beside 100 sleeping containers, busy following a container that writes 20,000 lines a second`,
	async run(bench) {
		await bench.idle(containers);
		const idle: Record<string, number> = {};
		const busy: Record<string, number> = {};
		const sizes = [
			[80, 24],
			[120, 40],
			[200, 60],
		] as const;
		for (const [columns, rows] of sizes) {
			await using terminal = await bench.live({ columns, rows });
			await pass(5000);
			idle[`${columns}x${rows}`] = await rate(terminal);
		}
		await using chatty = await flood(bench, 20_000);
		for (const [columns, rows] of sizes) {
			await using terminal = await bench.live({ columns, rows });
			await selectFlood(terminal, chatty.name);
			busy[`${columns}x${rows}`] = await rate(terminal);
		}
		const list = (rates: Record<string, number>): string[] => Object.entries(rates).map(([size, value]) => `${size} ${kilo(value)}`);
		const idleRate = idle['80x24'] ?? Number.NaN;
		const busyRate = busy['80x24'] ?? Number.NaN;
		return [
			{ measured: `idle ${kilo(idleRate)}`, reached: idleRate <= idleTarget, beside: list(idle) },
			{ measured: `busy ${kilo(busyRate)}`, reached: busyRate <= busyTarget, beside: list(busy) },
		];
	},
};
