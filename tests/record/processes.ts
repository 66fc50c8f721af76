import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** Another console: a process with the journal of its own. */
export interface OtherConsole {
	readonly pid: number;
	/** What it says was appended, in its order. */
	readonly acknowledged: { readonly seq: number; readonly text: string }[];
	/** @returns its answer */
	order(line: string): Promise<unknown>;
	/** Resolves once it has said that so many were appended. */
	hasAcknowledged(count: number): Promise<void>;
	/** kill -9, and waits until it is gone. */
	kill(): Promise<void>;
}

export const otherConsole = async (path: string): Promise<OtherConsole> => {
	const child: ChildProcess = fork(fileURLToPath(new URL('./child.ts', import.meta.url)), [path], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
	const gone = once(child, 'exit');
	onTestFinished(async () => {
		child.kill('SIGKILL');
		await gone;
	});
	const acknowledged: { seq: number; text: string }[] = [];
	const answers: unknown[] = [];
	let waiting: (() => void)[] = [];
	const wake = (): void => {
		const all = waiting;
		waiting = [];
		for (const each of all) each();
	};
	child.on('message', (message: { readonly answer?: unknown; readonly acknowledged?: number; readonly text?: string }) => {
		if (message.acknowledged !== undefined) acknowledged.push({ seq: message.acknowledged, text: message.text ?? '' });
		else answers.push(message.answer);
		wake();
	});
	child.on('exit', wake);
	const until = async (holds: () => boolean): Promise<void> => {
		while (!holds()) {
			if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the other console ended with ${child.signalCode ?? child.exitCode}`);
			await new Promise<void>((resolve) => waiting.push(resolve));
		}
	};
	await until(() => answers.length > 0);
	answers.shift();
	return {
		pid: child.pid ?? 0,
		acknowledged,
		async order(line) {
			child.send(line);
			await until(() => answers.length > 0);
			return answers.shift();
		},
		hasAcknowledged: async (count) => until(() => acknowledged.length >= count),
		async kill() {
			child.kill('SIGKILL');
			await gone;
		},
	};
};
