import type { TestTerminal } from '../support/terminal.ts';
import type { Bench } from './bench.ts';

/** Bursts a second. */
const perSecond = 20;

/** A container that writes so many lines a second until it is disposed of. */
export const flood = async (bench: Bench, linesPerSecond: number, name = 'flood'): Promise<{ readonly name: string } & AsyncDisposable> => {
	const burst = Math.round(linesPerSecond / perSecond);
	// No two lines are alike: what repeats would cost a screen nothing.
	const script = `BEGIN { for (;;) { for (i = 0; i < ${burst}; i++) printf "%09d INFO handled GET /api/items/%d status=200 took=%dms\\n", n++, n % 9973, n % 97; fflush(); system("sleep ${1 / perSecond}") } }`;
	const container = await bench.run(name, `busybox awk '${script}'`, {
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
