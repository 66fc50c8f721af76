import { mkdtemp, rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../../src/cli/run.ts';
import type { Engine } from '../../../src/domain/engine.ts';
import { systemClock } from '../../../src/domain/systemClock.ts';
import { startPrivateEngine, type PrivateEngine } from '../../../src/drill/privateEngine.ts';
import { groupServices } from '../../../src/observe/services.ts';
import { memoryPorts } from '../../cli/ports.ts';
import { Containers, eventually, openEngine } from '../../support/engine.ts';

let dir: string;
let owned: PrivateEngine;
let containers: Containers;
let engine: Engine;

beforeAll(async () => {
	dir = await mkdtemp('/tmp/sitrep-loss-');
	owned = await startPrivateEngine({ dir, extra: ['--live-restore'] });
	containers = new Containers(owned.host);
	engine = await openEngine(owned.host);
});

afterAll(async () => {
	await containers.removeAll();
	await engine.close();
	await owned.destroy();
	await rm(dir, { recursive: true, force: true });
});

describe('sitrep logs --follow', () => {
	it('reads on after its engine was killed and came back, without a line lost or repeated', async () => {
		await containers.run('i=0; while :; do i=$((i+1)); echo tick-$i-; sleep 0.05; done', { name: 'ticker' });
		const ports = memoryPorts({ engine: () => Promise.resolve(engine), services: async () => groupServices(await engine.list()) });
		const done = runCli({ ...ports, clock: systemClock }, ['logs', 'ticker', '-f', '--tail', 'all']);
		await eventually('lines', () => ports.stdout.lines.length > 20);
		owned.kill('SIGKILL');
		await eventually('the word that it is gone', () => ports.stderr.text.includes('next try in'), 20_000);
		await owned.restart();
		await eventually('the word that it is back', () => ports.stderr.text.includes('back; reading on'), 60_000);
		const had = ports.stdout.lines.length;
		await eventually('new lines', () => ports.stdout.lines.length > had + 20, 20_000);
		ports.interrupt('SIGINT');
		expect(await done).toBe(130);
		const numbers = ports.stdout.lines.map((line) => Number(/tick-(\d+)-/.exec(line)?.[1]));
		expect(numbers).toEqual(numbers.map((_, index) => index + 1));
	});
});
