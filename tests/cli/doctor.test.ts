import { describe, expect, it } from 'vitest';
import { engineChecks, trialChecks } from '../../src/cli/doctor/engineChecks.ts';
import { doctorJson, verdictOf } from '../../src/cli/doctor/json.ts';
import { diskChecks, versionChecks } from '../../src/cli/doctor/machineChecks.ts';
import { permissionChecks } from '../../src/cli/doctor/permissionChecks.ts';
import type { PathFacts, SystemPort } from '../../src/cli/doctor/systemPort.ts';
import { terminalChecks } from '../../src/cli/doctor/terminalChecks.ts';
import { doctorLines } from '../../src/cli/doctor/text.ts';
import { doctorShape } from '../../src/cli/reference/shapes.ts';
import { plain } from '../../src/cli/style.ts';
import { EngineError } from '../../src/domain/engine.ts';
import { FakeEngine } from '../support/fakeEngine.ts';
import { ManualClock } from '../support/manualClock.ts';
import { MemoryInput, MemoryOutput, memoryPorts } from './ports.ts';

const system = (over: Partial<SystemPort> = {}): SystemPort => ({ ...memoryPorts().system, ...over });
const socket = (over: Partial<PathFacts>): SystemPort =>
	system({ path: () => Promise.resolve({ owner: 'root', group: 'docker', mode: 0o660, kind: 'socket', readable: true, writable: true, ...over }) });

const terminal = (columns: number, rows: number): MemoryOutput => Object.assign(new MemoryOutput(), { isTTY: true, columns, rows });
const stateOf = (checks: readonly { readonly id: string; readonly state: string }[], id: string): string | undefined => checks.find((check) => check.id === id)?.state;

describe('engine', () => {
	it('tells version, API and latency of one that answers', async () => {
		const checks = await engineChecks(() => Promise.resolve(new FakeEngine()), new ManualClock());
		expect(checks.map((check) => check.state)).toEqual(['ok', 'ok', 'ok', 'ok']);
		expect(checks[0]?.words).toContain('API 1.41');
	});

	it('fails with what the engine advises where it does not answer', async () => {
		const checks = await engineChecks(() => Promise.reject(new EngineError('permission', 'permission denied', { advice: 'Join the group docker.' })), new ManualClock());
		expect(checks).toMatchObject([{ id: 'engine.reachable', state: 'fail', words: 'permission denied', advice: 'Join the group docker.' }]);
	});

	it('warns of a clock that is off', async () => {
		const engine = new FakeEngine();
		const info = await engine.info();
		engine.info = () => Promise.resolve({ ...info, clockSkewMs: -5000 });
		const checks = await engineChecks(() => Promise.resolve(engine), new ManualClock());
		expect(checks.find((check) => check.id === 'engine.clock')).toMatchObject({ state: 'warn', words: "the engine's clock is 5.0 s behind this machine's" });
	});

	it('lists what was tried', () => {
		const checks = trialChecks([{ origin: 'usual socket', address: 'unix:///var/run/docker.sock', outcome: 'no such socket', chosen: false }]);
		expect(checks[0]?.words).toBe('unix:///var/run/docker.sock from usual socket: no such socket');
	});
});

describe('permissions', () => {
	it.each([
		['allowed', {}, 'ok', /^$/],
		['denied, but for a group', { readable: false, writable: false }, 'fail', /usermod -aG docker ops/],
		['denied to everybody but root', { readable: false, writable: false, group: 'root', mode: 0o600 }, 'fail', /sudo/],
		['open to everybody', { mode: 0o666 }, 'warn', /chmod o-rw/],
		['not a socket', { kind: 'directory' }, 'fail', /--host/],
	] as const)('%s', async (_name, facts, state, advice) => {
		const [check] = await permissionChecks('unix:///var/run/docker.sock', socket(facts));
		expect(check?.state).toBe(state);
		expect(check?.advice ?? '').toMatch(advice);
	});

	it('says nothing of an engine that is not on this machine', async () => {
		expect(await permissionChecks('ssh://ops@prod-1', system())).toEqual([]);
		expect(await permissionChecks(undefined, system())).toEqual([]);
	});
});

describe('terminal', () => {
	const check = (env: Record<string, string>, columns = 120, rows = 40) => terminalChecks(env, new MemoryInput(), terminal(columns, rows));

	it('is content with a usual one', () => {
		expect(verdictOf(check({ TERM: 'xterm-256color', LANG: 'en_GB.UTF-8' }))).toBe('ok');
	});

	it.each([
		['terminal.type', 'warn', { LANG: 'C.UTF-8' }, 120, 40],
		['terminal.type', 'warn', { LANG: 'C.UTF-8', TERM: 'dumb' }, 120, 40],
		['terminal.unicode', 'warn', { LANG: 'C', TERM: 'xterm' }, 120, 40],
		['terminal.size', 'fail', { TERM: 'xterm' }, 59, 24],
		['terminal.size', 'warn', { TERM: 'xterm' }, 79, 24],
		['terminal.clipboard', 'warn', { TERM: 'screen', STY: '1.host' }, 80, 24],
	])('%s %s', (id, state, env, columns, rows) => {
		expect(stateOf(check(env, columns, rows), id)).toBe(state);
	});
});

describe('versions and disk', () => {
	it('fails where the addon does not load, the Node is too old, or nothing can be written', async () => {
		const bad = system({
			nodeVersion: 'v20.20.2',
			sqliteVersion: () => Promise.reject(new Error('it ends with SIGSEGV')),
			tryWriting: () => Promise.reject(new Error('EACCES')),
			space: () => Promise.resolve({ freeBytes: 1024, totalBytes: 1024 ** 3 }),
		});
		const checks = [...(await versionChecks('1.2.3', bad)), ...(await diskChecks(bad))];
		expect(checks.filter((check) => check.state === 'fail').map((check) => check.id)).toEqual(['versions.node', 'versions.sqlite', 'disk.state', 'disk.space']);
		expect(checks.filter((check) => check.state !== 'ok' && check.advice === undefined)).toEqual([]);
	});
});

describe('the report', () => {
	it('groups its lines, and its JSON has the shape that is documented', async () => {
		const checks = [...(await versionChecks('1.2.3', system())), ...(await diskChecks(system({ tryWriting: () => Promise.reject(new Error('EACCES')) })))];
		expect(doctorLines(checks, plain).at(-1)).toBe('5 checks: 1 failed.');
		expect(() => doctorShape.parse(doctorJson(checks))).not.toThrow();
		expect(doctorJson(checks).verdict).toBe('fail');
	});
});
