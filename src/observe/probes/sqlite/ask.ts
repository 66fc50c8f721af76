import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { SqliteCheck, SqliteFinding } from './check.ts';

/** Runs a check elsewhere and hands over what it finds, until it ends or the signal kills it. @throws Error */
export type AskSqlite = (check: SqliteCheck, tell: (finding: SqliteFinding) => void, signal: AbortSignal) => Promise<void>;

// From the sources it is the file beside this one; in the bundle an entry of its own beside the main one.
const childPath = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './child.ts' : './sqliteChild.js', import.meta.url));

type Message = { readonly finding?: SqliteFinding; readonly end?: true; readonly error?: string };
const isMessage = (message: unknown): message is Message => typeof message === 'object' && message !== null;

/** Asks a child process, and kills it at the abort. */
export const askChild: AskSqlite = (check, tell, signal) =>
	new Promise((resolve, reject) => {
		// No arguments of our own runtime: a debugger's port is taken.
		const child = fork(childPath, [], { execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'], serialization: 'json' });
		const kill = (): void => {
			child.kill('SIGKILL');
		};
		const settle = (error?: Error): void => {
			signal.removeEventListener('abort', kill);
			kill();
			if (error === undefined) resolve();
			else reject(error);
		};
		if (signal.aborted) kill();
		signal.addEventListener('abort', kill, { once: true });
		child.on('error', settle);
		child.on('exit', (code, killer) => settle(new Error(`the database check ended by itself (${killer ?? `exit ${code ?? '?'}`})`)));
		child.on('message', (message) => {
			if (!isMessage(message)) return;
			if (message.finding !== undefined) tell(message.finding);
			if (message.error !== undefined) settle(new Error(message.error));
			if (message.end === true) settle();
		});
		child.send(check, (error) => {
			if (error !== null) settle(error);
		});
	});
