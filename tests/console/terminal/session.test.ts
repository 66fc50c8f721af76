import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { TerminalSession } from '../../../src/console/terminal/session.ts';

const setUp = () => {
	const process = Object.assign(new EventEmitter(), { stopped: 0, stopSelf: () => process.stopped++ });
	const output = new EventEmitter();
	const input = new EventEmitter();
	const calls: string[] = [];
	const given = Promise.withResolvers<void>();
	const suspend = (): Promise<void> => {
		calls.push('suspend');
		return given.promise;
	};
	const session = new TerminalSession(process, { output, input }, { suspend, resume: () => calls.push('resume') });
	return { process, output, input, calls, session, given };
};

describe('TerminalSession', () => {
	it.each(['EIO', 'EPIPE', 'EBADF'])('ends at once where the terminal is gone: %s', async (code) => {
		const { output, session } = setUp();
		output.emit('error', Object.assign(new Error('gone'), { code }));
		expect(await session.ended).toEqual({ kind: 'hangup', why: code });
	});

	it('ends on SIGHUP, and a write that fails afterwards is no crash', async () => {
		const { process, output, session } = setUp();
		process.emit('SIGHUP');
		output.emit('error', Object.assign(new Error('gone'), { code: 'EIO' }));
		expect(await session.ended).toEqual({ kind: 'hangup', why: 'SIGHUP' });
		expect(process.listenerCount('SIGTERM')).toBe(0);
	});

	it('ends where the input closes', async () => {
		const { input, session } = setUp();
		input.emit('end');
		expect(await session.ended).toEqual({ kind: 'hangup', why: 'the terminal closed' });
	});

	it('says what crashed', async () => {
		const { process, session } = setUp();
		const error = new Error('a bug');
		process.emit('unhandledRejection', error);
		expect(await session.ended).toEqual({ kind: 'crash', error });
	});

	it('gives the terminal back before it stops, and takes it again after', async () => {
		const { process, calls, given } = setUp();
		process.emit('SIGTSTP');
		expect(process.stopped).toBe(0);
		given.resolve();
		await vi.waitFor(() => expect(process.stopped).toBe(1));
		process.emit('SIGCONT');
		expect(calls).toEqual(['suspend', 'resume']);
	});
});
