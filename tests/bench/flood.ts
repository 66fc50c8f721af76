import type { TestTerminal } from '../support/terminal.ts';
import type { Bench } from './bench.ts';

/** A line as services write them. */
const line = '2026-01-01T00:00:00Z INFO  handled GET /api/items/4711 status=200 took=12ms user=anonymous';
/** Pauses between two bursts of a flood. */
const perSecond = 20;

/** A container that writes so many lines a second until it is disposed of. */
export const flood = async (bench: Bench, linesPerSecond: number, name = 'flood'): Promise<{ readonly name: string } & AsyncDisposable> => {
	const burst = Math.round(linesPerSecond / perSecond);
	const container = await bench.run(name, `yes '${line}' | head -n ${burst} > /tmp/burst; while :; do cat /tmp/burst; sleep ${1 / perSecond}; done`, {
		LogConfig: { Type: 'json-file', Config: { 'max-size': '200m', 'max-file': '2' } },
	});
	return { name, [Symbol.asyncDispose]: async () => bench.remove(container.id) };
};

/** Leaves the services filtered to one that floods, with its log live in view. */
export const selectFlood = async (terminal: TestTerminal, name: string): Promise<void> => {
	terminal.type(`/${name}\r`);
	await terminal.waitFor(new RegExp(`^>\\S+ +${name} `, 'm'), { what: `the row of ${name}` });
	await terminal.waitFor(/handled GET/, { timeout: 20_000, what: 'its log' });
};
