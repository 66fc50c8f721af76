import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../../src/cli/run.ts';
import type { Engine } from '../../../src/domain/engine.ts';
import { systemClock } from '../../../src/domain/systemClock.ts';
import { groupServices } from '../../../src/observe/services.ts';
import { MemoryOutput, type MemoryPorts, memoryPorts } from '../../cli/ports.ts';
import { Containers, eventually, openEngine, testEngineAddress } from '../../support/engine.ts';

const address = testEngineAddress();
const containers = new Containers(address);
const prefix = `sitrep-cli-${process.pid}`;
let engine: Engine;

beforeAll(async () => {
	engine = await openEngine(address);
});

afterAll(async () => {
	await containers.removeAll();
	await engine.close();
});

/** The command line on the real engine, with streams in memory. */
const real = (): { readonly ports: MemoryPorts; readonly run: (...words: readonly string[]) => Promise<number> } => {
	const ports = memoryPorts({ engine: () => Promise.resolve(engine), services: async () => groupServices(await engine.list()) });
	return { ports, run: (...words) => runCli({ ...ports, clock: systemClock }, ['logs', ...words]) };
};

const ended = (id: string): Promise<unknown> => eventually('it has ended', async () => (await engine.inspect(id))?.state === 'exited');

describe('sitrep logs on a real engine', () => {
	it('merges two containers in the order in which they spoke', async () => {
		const first = await containers.run('for i in 1 3 5; do echo a$i; sleep 0.4; done', { name: `${prefix}-a` });
		const second = await containers.run('sleep 0.2; for i in 2 4 6; do echo b$i; sleep 0.4; done', { name: `${prefix}-b` });
		await Promise.all([ended(first), ended(second)]);
		const { ports, run } = real();
		expect(await run(`${prefix}-a`, `${prefix}-b`, '--tail', 'all', '--timestamps')).toBe(0);
		const times = ports.stdout.lines.map((line) => line.split(' ')[0] ?? '');
		expect(times).toHaveLength(6);
		expect(times).toEqual(times.toSorted());
		expect(new Set(ports.stdout.lines.map((line) => line.trim().split(/\s+/).at(-1)))).toEqual(new Set(['a1', 'b2', 'a3', 'b4', 'a5', 'b6']));
	});

	it('hands over bytes as they are with --raw, and harmless without', async () => {
		const id = await containers.run(String.raw`printf '\033]0;x\007end\n'`, { name: `${prefix}-raw` });
		await ended(id);
		const plain = real();
		expect(await plain.run(`${prefix}-raw`)).toBe(0);
		expect(plain.ports.stdout.text).toBe('\\x1b]0;x\\x07end\n');
		const raw = real();
		const pieces: Uint8Array[] = [];
		raw.ports.stdout.write = (data) => {
			pieces.push(typeof data === 'string' ? Buffer.from(data) : data);
			return true;
		};
		expect(await raw.run(`${prefix}-raw`, '--raw')).toBe(0);
		expect(Buffer.concat(pieces).toString('latin1')).toBe('\u001b]0;x\u0007end\n');
	});

	it('goes on over a restart without a line lost or repeated', async () => {
		const name = `${prefix}-again`;
		const id = await containers.run('i=0; while [ $i -lt 50 ]; do echo run-$$-$i-$(cat /proc/sys/kernel/random/uuid); i=$((i+1)); done; sleep 1000', { name });
		const { ports, run } = real();
		const done = run(name, '-f', '--tail', 'all');
		await eventually('the first run was read', () => ports.stdout.lines.length === 50);
		await engine.restart(id, 0);
		await eventually('the second run was read', () => ports.stdout.lines.length >= 100);
		ports.interrupt('SIGINT');
		expect(await done).toBe(130);
		expect(ports.stdout.lines).toHaveLength(100);
		expect(new Set(ports.stdout.lines).size).toBe(100);
	});

	it('says that a log cannot be read', async () => {
		const id = await containers.run('echo lost', { name: `${prefix}-none`, host: { LogConfig: { Type: 'none', Config: {} } } });
		await ended(id);
		const { ports, run } = real();
		expect(await run(`${prefix}-none`)).toBe(1);
		expect(ports.stderr.text).toContain('its log cannot be read');
	});
});

describe('sitrep doctor on a real engine', () => {
	it('finds it and tells its version', async () => {
		const stdout = new MemoryOutput();
		const ports = { ...memoryPorts({ engine: () => Promise.resolve(engine) }), clock: systemClock, stdout };
		expect(await runCli(ports, ['doctor'])).toBe(0);
		expect(stdout.text).toMatch(/ok {4}engine .*API 1\.\d+/);
		expect(stdout.text).toMatch(/ok {4}latency .*ms/);
	});
});
