import { describe, expect, it } from 'vitest';
import type { DrillPort, DrillRequest } from '../../src/cli/ports.ts';
import { runCli } from '../../src/cli/run.ts';
import { memoryPorts } from './ports.ts';

/** A range whose commands do what the test says. */
const rangeThat = (work: (request: DrillRequest & { readonly fault?: string | undefined }) => Promise<void>): (() => Promise<DrillPort>) => async () => ({
	faults: [{ name: 'crash', title: 'ends with a code' }],
	up: work,
	down: work,
	break: work,
	heal: work,
});

describe('sitrep drill', () => {
	it('heals one fault that is named, or all', async () => {
		const healed: (string | undefined)[] = [];
		const ports = memoryPorts({
			drill: rangeThat((request) => {
				healed.push(request.fault);
				return Promise.resolve();
			}),
		});
		expect(await runCli(ports, ['drill', 'heal', 'crash'])).toBe(0);
		expect(await runCli(ports, ['drill', 'heal'])).toBe(0);
		expect(healed).toEqual(['crash', undefined]);
		expect(await runCli(ports, ['drill', 'heal', 'meteor'])).toBe(2);
		expect(ports.stderr.text).toContain('there is no fault "meteor"\n  There are: crash.');
		expect(healed).toHaveLength(2);
	});

	it('keeps its answer on stdout, and what it does meanwhile on stderr', async () => {
		const asked: boolean[] = [];
		const ports = memoryPorts({
			drill: rangeThat((request) => {
				asked.push(request.json);
				request.say('making the image');
				request.print('{"name":"range"}');
				return Promise.resolve();
			}),
		});
		expect(await runCli(ports, ['drill', 'up', '--json'])).toBe(0);
		expect(asked).toEqual([true]);
		expect(ports.stdout.text).toBe('{"name":"range"}\n');
		expect(ports.stderr.text).toBe('making the image\n');
	});

	it('lists the faults as JSON', async () => {
		const ports = memoryPorts({ drill: rangeThat(() => Promise.resolve()) });
		expect(await runCli(ports, ['drill', 'list', '--json'])).toBe(0);
		expect(JSON.parse(ports.stdout.text)).toEqual({ schemaVersion: 1, faults: [{ name: 'crash', title: 'ends with a code' }] });
	});

	it.each([
		[['up'], 'What it made is there'],
		[['down'], '`sitrep drill down` removes the rest'],
		[['break', 'crash'], 'The fault may be half made'],
		[['heal', 'crash'], 'The range may be half mended'],
	])('ends %j with the signal, and says what is left', async (words, left) => {
		const ports = memoryPorts({
			drill: rangeThat(
				(request) =>
					new Promise((_resolve, reject) => {
						request.signal.addEventListener('abort', () => reject(new Error('aborted')));
						queueMicrotask(() => ports.interrupt('SIGINT'));
					}),
			),
		});
		expect(await runCli(ports, ['drill', ...words])).toBe(130);
		expect(ports.stderr.lines).toHaveLength(1);
		expect(ports.stderr.text).toContain(left);
	});
});
