import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RolloutEngine } from '../../../src/domain/rollout.ts';
import type { openDocker } from '../../../src/engines/docker/index.ts';
import { openEngine, testEngineAddress } from '../../support/engine.ts';
import { RolloutBench } from './rolloutHarness.ts';
import { moveKind } from './rolloutKept.ts';
import { kinds } from './rolloutKinds.ts';

const address = testEngineAddress();
const bench = new RolloutBench(address, 'kinds');
let engine: ReturnType<typeof openDocker>;
let rollout: RolloutEngine;

beforeAll(async () => {
	engine = await openEngine(address);
	({ rollout } = engine);
	await bench.setUp();
});

afterAll(async () => {
	await bench.tearDown();
	await engine.close();
});

describe('a container made again on another image', () => {
	it('is tried for at least 40 kinds', () => {
		expect(kinds.length).toBeGreaterThanOrEqual(40);
	});

	it.each(kinds.map((kind, index) => ({ ...kind, index })))('keeps $name, and no default of the old image', async ({ index, ...kind }) => {
		const kept = await moveKind(bench, rollout, kind, index);
		expect(kept.refusals).toEqual([]);
		expect(kept.outcome).toMatchObject({ end: 'swapped' });
		expect(kept.runs).toBe(true);
		expect(kept.settings).toEqual(kept.wanted);
		// Data stays: every volume that was there is there again, the same one.
		expect(kept.volumes).toEqual(expect.arrayContaining([...kept.volumesBefore]));
	});
});
