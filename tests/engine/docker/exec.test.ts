import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine, ExecRequest, ExecResult } from '../../../src/domain/engine.ts';
import { Containers, eventually, openEngine, testEngineAddress } from '../../support/engine.ts';
import { busyboxImage } from '../../support/images.ts';
import { patienceMs, promised } from '../../support/patience.ts';

const address = testEngineAddress();
const containers = new Containers(address);
/** As where the engine is on another machine: nothing of it can be seen here. */
const farAway = { roots: { cgroup: '/nonexistent', proc: '/nonexistent' } };
let near: Engine;
let far: Engine;
let id: string;

beforeAll(async () => {
	near = await openEngine(address);
	far = await openEngine(address, farAway);
	id = await containers.run('while :; do sleep 1; done');
});

afterAll(async () => {
	await containers.removeAll();
	await near.close();
	await far.close();
});

const words = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');

/** Arguments of all processes in the container but its first. */
async function processes(): Promise<string> {
	const { stdout } = await near.exec(id, { argv: ['ps', '-o', 'pid,args'], timeoutMs: patienceMs });
	return words(stdout);
}

/** Gives a command that says `begun` and then does not end a time limit in which it gets as far as that. */
async function outlasted(engine: Engine, request: Omit<ExecRequest, 'timeoutMs'>): Promise<ExecResult> {
	for (let timeoutMs = 400; ; timeoutMs *= 4) {
		const result = await engine.exec(id, { ...request, timeoutMs });
		if (words(result.stdout).includes('begun') || timeoutMs > patienceMs) return result;
	}
}

describe('exec', () => {
	it('gives output, error output and exit code', async () => {
		const chunks: string[] = [];
		const result = await near.exec(id, {
			argv: ['sh', '-c', 'echo out; echo err >&2; echo "$A"; pwd; exit 3'],
			env: { A: 'b c' },
			workingDir: '/tmp',
			timeoutMs: patienceMs,
			onOutput: (stream, bytes) => chunks.push(`${stream}:${words(bytes)}`),
		});
		expect(result).toMatchObject({ exitCode: 3, timedOut: false, cancelled: false, lost: false, survivors: [], droppedBytes: 0 });
		expect(words(result.stdout)).toBe('out\nb c\n/tmp\n');
		expect(words(result.stderr)).toBe('err\n');
		expect(chunks.join('')).toContain('stderr:err\n');
	});

	it('runs as another user', async () => {
		const result = await near.exec(id, { argv: ['busybox', 'id', '-u'], user: '1234', timeoutMs: patienceMs });
		expect(words(result.stdout)).toBe('1234\n');
	});

	it('bounds its output and counts the rest', async () => {
		const result = await near.exec(id, { argv: ['head', '-c', '300000', '/dev/zero'], timeoutMs: patienceMs, maxOutputBytes: 1000 });
		expect(result.stdout.length).toBe(1000);
		expect(result.droppedBytes).toBe(299_000);
		expect(result.exitCode).toBe(0);
	});

	it('says that a program is not there', async () => {
		const result = await near.exec(id, { argv: ['no-such-program'], timeoutMs: patienceMs });
		expect([126, 127]).toContain(result.exitCode);
	});

	it('refuses where the container does not run, or is paused', async () => {
		const stopped = await containers.create('true');
		await expect(near.exec(stopped, { argv: ['true'], timeoutMs: patienceMs })).rejects.toMatchObject({ kind: 'conflict' });
		const paused = await containers.run('sleep 1000');
		await near.pause(paused);
		await expect(near.exec(paused, { argv: ['true'], timeoutMs: patienceMs })).rejects.toMatchObject({ kind: 'conflict' });
		await near.unpause(paused);
	});

	// Children of all sorts: in the background, deaf to TERM, in a session of their own, orphaned.
	const stubborn = '(sleep 7001 &); setsid sleep 7002 & trap "" TERM; echo begun; sleep 7003; sleep 7004';

	it.each([
		['from the host', () => near],
		['from inside the container', () => far],
	])('ends a command with all it started, %s, when its time is up', async (_way, engine) => {
		const result = await outlasted(engine(), { argv: ['sh', '-c', stubborn] });
		expect(result).toMatchObject({ timedOut: true, cancelled: false, survivors: [], lost: false });
		expect(result.note).toBeUndefined();
		expect(result.exitCode).toBe(137);
		expect(await processes()).not.toMatch(/sleep 700\d/);
	});

	it('ends a command of another user, from inside', async () => {
		const result = await outlasted(far, { argv: ['sh', '-c', 'sleep 7005 & echo begun; sleep 7006'], user: '1234' });
		expect(result).toMatchObject({ timedOut: true, survivors: [] });
		expect(await processes()).not.toMatch(/sleep 700\d/);
	});

	it('ends a command when cancelled', async () => {
		const abort = new AbortController();
		const result = near.exec(id, { argv: ['sh', '-c', 'echo begun; sleep 7007'], timeoutMs: patienceMs, signal: abort.signal, onOutput: () => abort.abort() });
		expect(await result).toMatchObject({ cancelled: true, timedOut: false, survivors: [] });
		expect(await processes()).not.toMatch(/sleep 7007/);
	});

	it('leaves other commands in the container alone', async () => {
		const abort = new AbortController();
		const other = near.exec(id, { argv: ['sleep', '6001'], timeoutMs: patienceMs, signal: abort.signal });
		await eventually('it runs', async () => (await processes()).includes('sleep 6001'));
		await outlasted(far, { argv: ['sh', '-c', 'echo begun; sleep 6002'] });
		expect(await processes()).toContain('sleep 6001');
		abort.abort();
		expect(await other).toMatchObject({ exitCode: 143, cancelled: true });
	});

	it('ends a command in an image without a shell from the host, and says where it cannot', async () => {
		const image = await busyboxImage(address, { shell: false });
		// A program that says nothing can only be given time to start.
		const silentMs = await promised(500);
		const bare = await containers.run('', { image, argv: ['/bin/sleep', '1000'] });
		const done = await near.exec(bare, { argv: ['/bin/sleep', '7008'], timeoutMs: silentMs });
		expect(done).toMatchObject({ timedOut: true, survivors: [], exitCode: 143 });
		const undone = await far.exec(bare, { argv: ['/bin/sleep', '7009'], timeoutMs: silentMs });
		expect(undone).toMatchObject({ timedOut: true, exitCode: undefined, note: expect.stringContaining('no shell') });
	});
});
