import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineError, type Engine } from '../../../src/domain/engine.ts';
import { startPrivateEngine, type PrivateEngine } from '../../../src/drill/privateEngine.ts';
import { systemClock } from '../../../src/domain/systemClock.ts';
import { openDocker } from '../../../src/engines/docker/index.ts';
import { Containers, eventually, openEngine } from '../../support/engine.ts';
import { LineCollector } from '../../support/logLines.ts';
import { patienceMs, promised, testLimitMs } from '../../support/patience.ts';

let dir: string;
let owned: PrivateEngine;
let containers: Containers;
let engine: Engine;
const never = new AbortController().signal;

beforeAll(async () => {
	dir = await mkdtemp('/tmp/sitrep-faults-');
	owned = await startPrivateEngine({ dir: join(dir, 'engine') });
	containers = new Containers(owned.host);
	engine = await openEngine(owned.host);
	await engine.info();
});

afterAll(async () => {
	owned.resume();
	await engine.close();
	await owned.destroy();
	await rm(dir, { recursive: true, force: true });
});

/** What a call fails with. */
async function failure(call: Promise<unknown>): Promise<EngineError> {
	try {
		await call;
	} catch (error) {
		if (error instanceof EngineError) {
			return error;
		}
		throw error;
	}
	throw new Error('the call succeeded');
}

// Ends when it is asked to: an engine that ends waits 10 s for each container that does not.
const tick = 'trap "exit 0" TERM; while :; do echo tick; sleep 0.02; done';

describe('an engine that stops answering', () => {
	it('is called unresponsive by its ping, and goes on as if nothing had been', async () => {
		const id = await containers.run(tick);
		const other = await containers.run(tick);
		const sink = new LineCollector();
		const abort = new AbortController();
		const logs = engine.logs(id, { follow: true, signal: abort.signal }, sink);
		const events = engine.events(() => {}, abort.signal);
		await events.ready;
		await eventually('lines', () => sink.lines.length > 0);
		owned.pause();
		const began = performance.now();
		const silent = await failure(engine.ping());
		expect(silent).toMatchObject({ kind: 'unresponsive' });
		expect(silent.message).toContain('no answer within 3 s');
		expect(performance.now() - began).toBeLessThan(await promised(4000));
		expect(await failure(engine.list({ timeoutMs: 500 }))).toMatchObject({ kind: 'unresponsive' });
		// The engine carries it out once it wakes, as an order that was given stays given: so it is another one's stop.
		expect(await failure(engine.stop(other, 1, { timeoutMs: 500 }))).toMatchObject({ kind: 'unresponsive' });
		// A container it cannot ask about gives no figures, and no zeroes either; the streams just wait.
		owned.resume();
		await engine.ping({ timeoutMs: patienceMs });
		const count = sink.lines.length;
		await eventually('lines go on', () => sink.lines.length > count);
		abort.abort();
		await Promise.all([logs, events.ended]);
		await containers.removeAll();
	});
});

describe('an engine that goes away', () => {
	it('breaks its streams with an error when it is told to end, and works again once it is back', async () => {
		const id = await containers.run(tick);
		const sink = new LineCollector();
		// Its containers end with it, so a log may also end in order; what it must not do is hang.
		const logs = engine.logs(id, { follow: true, signal: never }, sink).catch((error: unknown) => error);
		const events = engine.events(() => {}, never);
		await events.ready;
		const ended = failure(events.ended);
		const chunks: Uint8Array[] = [];
		const command = engine.exec(id, { argv: ['sh', '-c', 'echo begun; sleep 1000'], timeoutMs: testLimitMs, onOutput: (_stream, bytes) => chunks.push(bytes) });
		await eventually('both began', () => sink.lines.length > 0 && chunks.length > 0);
		await owned.restart();
		expect(await ended).toMatchObject({ kind: 'unreachable' });
		const logEnd = await logs;
		expect(logEnd instanceof EngineError ? logEnd.kind : logEnd).toSatisfy((end) => end === 'unreachable' || (typeof end === 'object' && end.kind === 'ended'));
		const result = await command;
		expect(result.lost || result.exitCode !== 0).toBe(true);
		await engine.ping({ timeoutMs: patienceMs });
		expect((await engine.list()).some((one) => one.id === id)).toBe(true);
		await containers.removeAll();
	});

	it('never lets a command pass for done when it is killed', async () => {
		const id = await containers.run(tick);
		const chunks: Uint8Array[] = [];
		const command = engine.exec(id, { argv: ['sh', '-c', 'echo begun; sleep 1000'], timeoutMs: testLimitMs, onOutput: (_stream, bytes) => chunks.push(bytes) });
		await eventually('it began', () => chunks.length > 0);
		const sink = new LineCollector();
		const logs = failure(engine.logs(id, { follow: true, signal: never }, sink));
		await eventually('lines', () => sink.lines.length > 0);
		owned.kill('SIGKILL');
		expect(await command).toMatchObject({ lost: true, exitCode: undefined, timedOut: false });
		expect(await logs).toMatchObject({ kind: 'unreachable' });
		const gone = await failure(engine.ping());
		expect(gone).toMatchObject({ kind: 'unreachable', message: expect.stringMatching(/connection refused|socket is gone/), advice: expect.stringContaining('systemctl start docker') });
		await owned.restart();
		await engine.ping({ timeoutMs: patienceMs });
		await containers.removeAll();
	});
});

describe('a socket', () => {
	it('that is not there is told apart from one that nobody listens on', async () => {
		const path = join(dir, 'absent.sock');
		const absent = openDocker({ name: 'local', kind: 'docker', address: `unix://${path}`, origin: '--host', transport: { kind: 'unix', path } }, { clock: systemClock });
		expect(await failure(absent.ping())).toMatchObject({ kind: 'unreachable', message: expect.stringContaining('the socket is gone') });
	});

	it('that may not be opened is a matter of permission, with the group that owns it', async () => {
		await chmod(dir, 0o755);
		const script = `
			const { resolveTarget, systemProbes, openDocker } = await import(${JSON.stringify(new URL('../../../src/engines/docker/index.ts', import.meta.url).href)});
			const { systemClock } = await import(${JSON.stringify(new URL('../../../src/domain/systemClock.ts', import.meta.url).href)});
			process.setgroups([]); process.setgid(65534); process.setuid(65534);
			const resolution = await resolveTarget({ host: ${JSON.stringify(owned.host)}, env: {}, homeDir: '/nonexistent', uid: 65534, ...systemProbes });
			const path = ${JSON.stringify(owned.host.replace('unix://', ''))};
			const engine = openDocker({ name: 'local', kind: 'docker', address: path, origin: 'test', transport: { kind: 'unix', path } }, { clock: systemClock });
			let error;
			try { await engine.ping(); } catch (caught) { error = { kind: caught.kind, advice: caught.advice }; }
			console.log(JSON.stringify({ resolution, error }));
		`;
		// The libraries are loaded before the process gives its rights away, as they may lie where nobody else may read.
		const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', `await import('dockerode');${script}`], { cwd: new URL('../../..', import.meta.url).pathname });
		const { resolution, error } = JSON.parse(stdout);
		expect(resolution).toMatchObject({ kind: 'failed', error: 'permission', message: expect.stringContaining('permission denied'), tried: [{ outcome: 'permission denied' }] });
		expect(resolution.advice).toMatch(/The socket belongs to/);
		expect(error).toMatchObject({ kind: 'permission', advice: resolution.advice });
	});
});
