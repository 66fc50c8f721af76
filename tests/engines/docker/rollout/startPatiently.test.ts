import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../../src/domain/engine.ts';
import { clearingMs, startPatiently } from '../../../../src/engines/docker/rollout/startPatiently.ts';

const taken = new EngineError('conflict', 'start ad3854: driver failed programming external connectivity: Bind for 127.0.0.1:8000 failed: port is already allocated');
const folder = new EngineError('engine', 'start 1d1075: failed to start shim: mkdir /run/task/moby/1d10: file exists');

/** A start that fails with these, in turn, and then works; time passes by waiting alone. */
const starting = (failures: readonly Error[]) => {
	const left = [...failures];
	let now = 0;
	let tries = 0;
	const run = startPatiently(
		() => {
			tries++;
			const failure = left.shift();
			return failure === undefined ? Promise.resolve() : Promise.reject(failure);
		},
		{
			monotonic: () => now,
			sleep: (ms) => {
				now += ms;
				return Promise.resolve();
			},
		},
	);
	return { run, tries: () => tries, waited: () => now };
};

describe('a start while the engine still clears away', () => {
	it('is tried again', async () => {
		const { run, tries } = starting([folder, folder, folder]);
		await run;
		expect(tries()).toBe(4);
	});

	it('is given up after some seconds, with the last words', async () => {
		const { run, waited } = starting(Array.from({ length: 1000 }, () => folder));
		await expect(run).rejects.toBe(folder);
		expect(waited()).toBe(clearingMs);
	});

	// Whoever holds the port does not let go of it in a few seconds, and nobody serves meanwhile.
	it.each([taken, new EngineError('engine', 'start 1: exec: "serve": executable file not found in $PATH')])('fails at once for anything else: $message', async (broken) => {
		const { run, tries } = starting([broken]);
		await expect(run).rejects.toBe(broken);
		expect(tries()).toBe(1);
	});
});
