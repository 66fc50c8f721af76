import { afterEach, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import type { ContainerSummary } from '../../src/domain/container.ts';
import type { ExecResult } from '../../src/domain/engine.ts';
import { makeSetting } from '../../src/main/setting.ts';
import { listed, settled, startWatch, type Watch } from '../../src/main/watching.ts';
import { container, FakeEngine } from '../support/fakeEngine.ts';

/** Lists when it is told to, and lets commands run inside. */
class SlowEngine extends FakeEngine {
	readonly answer = Promise.withResolvers<void>();

	override async list(): Promise<readonly ContainerSummary[]> {
		await this.answer.promise;
		return super.list();
	}

	override exec(): Promise<ExecResult> {
		this.calls.push('exec');
		return Promise.resolve({ exitCode: 0, stdout: new Uint8Array(), stderr: new Uint8Array(), droppedBytes: 0, timedOut: false, cancelled: false, survivors: [], lost: false, durationMs: 1 });
	}
}

let watch: Watch | undefined;
afterEach(async () => watch?.close());

test('a probe inside a container waits for the first list, instead of saying that none runs', async () => {
	const engine = new SlowEngine();
	engine.add(container('web'));
	const config = parseConfig('schemaVersion: 1\nservices:\n  web:\n    container: web\n    probes:\n      - {name: inside, kind: command, inContainer: true, run: [check]}\n', 'sitrep.yaml');
	watch = startWatch(await makeSetting(engine, config));
	// Time for it to go wrong: the probe is begun at once, while the engine takes its time.
	await new Promise((resolve) => {
		setTimeout(resolve, 50);
	});
	engine.answer.resolve();
	await listed(watch.live);
	await expect.poll(() => engine.calls.includes('exec')).toBe(true);
	await settled(watch.live, 200);
	watch.live.judgeNow();
	expect(watch.live.status('web')?.alerts).toEqual([]);
});
