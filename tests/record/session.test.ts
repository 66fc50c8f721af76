import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { actorOf, machineProcesses, parseSession, type ProcessPort, sessionLives, sessionOf } from '../../src/record/session.ts';

const fake = (start: string): ProcessPort => ({ pid: 7, bootId: () => 'boot', startOf: () => start });

describe('a session', () => {
	it('names boot, process and its start', () => {
		expect(sessionOf(fake('100'))).toBe('boot:7:100');
		expect(parseSession('boot:7:100')).toEqual({ bootId: 'boot', pid: 7, start: '100' });
		expect(parseSession(sessionOf())).toMatchObject({ bootId: machineProcesses.bootId(), pid: process.pid });
		expect(sessionOf()).toBe(sessionOf());
	});

	it('of this machine begins with its boot', () => {
		expect(sessionOf()).toContain(readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
	});

	it.each(['', 'boot', 'boot:7', 'boot:x:1', ':7:1', 'boot:7:1:2', 'a b'])('is not %j', (text) => {
		expect(parseSession(text)).toBeUndefined();
		expect(sessionLives(text)).toBeUndefined();
	});

	it('lives as long as its process', async () => {
		expect(sessionLives(sessionOf())).toBe(true);
		const child = spawn('sleep', ['1000']);
		const session = `${machineProcesses.bootId()}:${child.pid}:${machineProcesses.startOf(child.pid ?? 0)}`;
		expect(sessionLives(session)).toBe(true);
		const gone = once(child, 'exit');
		child.kill('SIGKILL');
		await gone;
		expect(sessionLives(session)).toBe(false);
	});

	it('lives where the machine does not tell when a process started, as long as there is one', () => {
		expect(sessionLives('boot:7:unknown', fake('unknown'))).toBe(true);
		expect(sessionLives('boot:7:100', fake('unknown'))).toBe(true);
		expect(sessionLives('boot:7:unknown', fake('gone'))).toBe(false);
	});
});

describe('an actor', () => {
	it('is the account, the machine and this process', () => {
		const account = { user: () => 'ops', host: () => 'prod-1' };
		expect(actorOf({ account, processes: fake('100') })).toEqual({ user: 'ops', host: 'prod-1', session: 'boot:7:100' });
		expect(actorOf({ account, processes: fake('100'), person: 'Ada' })).toEqual({ user: 'ops', person: 'Ada', host: 'prod-1', session: 'boot:7:100' });
		expect(actorOf()).toMatchObject({ user: expect.stringMatching(/./), host: expect.stringMatching(/./), session: sessionOf() });
	});
});
