import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SshLogins } from '../../../src/engines/docker/sshLogins.ts';

class FakeSsh extends EventEmitter {
	readonly stdout = new PassThrough();
}

describe('logins by ssh', () => {
	let logins: SshLogins;
	let begun: FakeSsh[];
	const enter = (count: number) => {
		for (let each = 0; each < count; each++) {
			logins.enter(() => {
				const ssh = new FakeSsh();
				begun.push(ssh);
				return ssh;
			});
		}
	};
	beforeEach(() => {
		vi.useFakeTimers();
		logins = new SshLogins();
		begun = [];
	});
	afterEach(() => {
		vi.useRealTimers();
	});

	it('are four at a time: the next begins once one has answered, ended, failed, or said nothing for long', () => {
		enter(9);
		expect(begun).toHaveLength(4);
		begun[0]?.stdout.emit('data', 'HTTP/1.1 200 OK');
		begun[0]?.stdout.emit('data', 'more');
		begun[0]?.emit('close');
		expect(begun).toHaveLength(5);
		begun[1]?.emit('close');
		expect(begun).toHaveLength(6);
		begun[2]?.emit('error', new Error('no ssh'));
		begun[2]?.emit('close');
		expect(begun).toHaveLength(7);
		vi.advanceTimersByTime(10_000);
		expect(begun).toHaveLength(9);
	});

	it('that wait are dropped when the engine is closed', () => {
		enter(6);
		logins.close();
		begun[0]?.emit('close');
		enter(1);
		expect(begun).toHaveLength(4);
	});
});
