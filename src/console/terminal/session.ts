import type { Cancel } from '../../domain/clock.ts';

/** What the console needs of the process it runs in, so that a test can stand in for it. */
export interface ProcessPort {
	on(event: NodeJS.Signals | 'uncaughtException' | 'unhandledRejection', listener: (reason: unknown) => void): void;
	off(event: NodeJS.Signals | 'uncaughtException' | 'unhandledRejection', listener: (reason: unknown) => void): void;
	/** Stops this process until SIGCONT, as Ctrl-Z does. */
	stopSelf(): void;
}

/** How the console ended. */
export type SessionEnd =
	| { readonly kind: 'quit' }
	/** The terminal is gone: nothing can be written to it any more. */
	| { readonly kind: 'hangup'; readonly why: string }
	| { readonly kind: 'signal'; readonly signal: NodeJS.Signals }
	| { readonly kind: 'crash'; readonly error: unknown };

/** What the session calls when the process is stopped and goes on. */
export interface SessionHooks {
	/** Before the process stops: give the terminal back, close streams. */
	suspend(): Promise<void>;
	/** After it goes on: take the terminal again, read everything anew. */
	resume(): void;
}

/**
 * The life of the console in its terminal: ends once, by quit, hang-up, signal or crash, and says which.
 * A lost terminal ends it at once: it must never spin on a dead SSH link.
 */
export class TerminalSession {
	readonly ended: Promise<SessionEnd>;
	#end!: (end: SessionEnd) => void;
	#over = false;
	readonly #undo: Cancel[] = [];

	constructor(
		process: ProcessPort,
		streams: { readonly output: NodeJS.EventEmitter; readonly input: NodeJS.EventEmitter },
		hooks: SessionHooks,
	) {
		this.ended = new Promise((resolve) => {
			this.#end = resolve;
		});
		const listen = (
			event: NodeJS.Signals | 'uncaughtException' | 'unhandledRejection',
			listener: (reason: unknown) => void,
		): void => {
			process.on(event, listener);
			this.#undo.push(() => process.off(event, listener));
		};
		listen('SIGHUP', () => this.end({ kind: 'hangup', why: 'SIGHUP' }));
		listen('SIGTERM', () => this.end({ kind: 'signal', signal: 'SIGTERM' }));
		listen('SIGINT', () => this.end({ kind: 'signal', signal: 'SIGINT' }));
		listen('uncaughtException', (error) => this.#failed(error));
		listen('unhandledRejection', (error) => this.#failed(error));
		listen('SIGTSTP', () => {
			void hooks.suspend().finally(() => process.stopSelf());
		});
		listen('SIGCONT', () => hooks.resume());
		const broken = (error: NodeJS.ErrnoException): void => this.#failed(error);
		const inputEnded = (): void => this.end({ kind: 'hangup', why: 'the terminal closed' });
		streams.output.on('error', broken);
		streams.input.on('error', broken);
		streams.input.on('end', inputEnded);
		streams.input.on('close', inputEnded);
		// The error listeners stay: a write that fails after the end must not crash the way out.
		this.#undo.push(() => {
			streams.input.off('end', inputEnded);
			streams.input.off('close', inputEnded);
		});
	}

	end(end: SessionEnd): void {
		if (this.#over) return;
		this.#over = true;
		for (const undo of this.#undo) undo();
		this.#end(end);
	}

	#failed(error: unknown): void {
		const code = error instanceof Error && 'code' in error ? String(error.code) : '';
		if (code === 'EIO' || code === 'EPIPE' || code === 'EBADF') this.end({ kind: 'hangup', why: code });
		else this.end({ kind: 'crash', error });
	}
}
