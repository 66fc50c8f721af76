import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { TerminalSession } from '../../../src/console/terminal/session.ts';

const setUp = () => {
	const process = Object.assign(new EventEmitter(), { stopped: 0, stopSelf: () => process.stopped++ });
	const output = new EventEmitter();
	const input = new EventEmitter();
	const calls: string[] = [];
	const session = new TerminalSession(process, { output, input }, { suspend: () => calls.push('suspend'), resume: () => calls.push('resume') });
	return { process, output, input, calls, session };
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

	it('gives the terminal back before it stops, and takes it again after', () => {
		const { process, calls } = setUp();
		process.emit('SIGTSTP');
		process.emit('SIGCONT');
		expect(calls).toEqual(['suspend', 'resume']);
		expect(process.stopped).toBe(1);
	});
});
