import { spawn, type IPty } from '@lydell/node-pty';
import { patienceMs } from './patience.ts';
import { Emulator, type SeenCell } from './terminalEmulator.ts';
import { makeTestHome, type TestHome } from './terminalHome.ts';

export type { SeenCell };

export interface OpenTerminal {
	readonly command: string;
	readonly args?: readonly string[];
	/** Beside what `makeTestHome` gives; `undefined` takes a variable away. */
	readonly env?: Readonly<Record<string, string | undefined>>;
	/** 80 where it is not given. */
	readonly columns?: number;
	/** 24 where it is not given. */
	readonly rows?: number;
	readonly cwd?: string;
	/** Where settings are looked for. One is made, and removed at the end, where it is not given. */
	readonly home?: TestHome;
}

/** Bytes as they came from the program. `at` is `performance.now()`. */
export interface Chunk {
	readonly at: number;
	readonly bytes: Uint8Array;
}

export interface TerminalExit {
	readonly code: number;
	/** Number of the signal that ended the process, 0 where none did. */
	readonly signal: number;
	/** `performance.now()` */
	readonly at: number;
}

/** What a person's keys send. */
export const keys = {
	enter: '\r',
	escape: '\u001b',
	tab: '\t',
	backTab: '\u001b[Z',
	up: '\u001b[A',
	down: '\u001b[B',
	backspace: '\u007f',
	ctrl: (letter: string): string => String.fromCharCode(letter.toLowerCase().charCodeAt(0) - 96),
} as const;

/** A program in a real pseudo-terminal with a terminal emulator in front of it. */
export class TestTerminal {
	readonly exited: Promise<TerminalExit>;
	/** Set once the process has ended. */
	exit: TerminalExit | undefined;
	/** Everything the program wrote, with the time at which it was read. */
	readonly chunks: Chunk[] = [];
	readonly #pty: IPty & Closable;
	readonly #emulator: Emulator;
	readonly #watchers = new Set<() => void>();
	#open = true;

	constructor(options: OpenTerminal, env: Readonly<Record<string, string>>) {
		const { columns = 80, rows = 24 } = options;
		this.#pty = closable(
			spawn(options.command, [...(options.args ?? [])], {
				cols: columns,
				rows,
				env,
				encoding: null,
				...(env['TERM'] === undefined ? {} : { name: env['TERM'] }),
				...(options.cwd === undefined ? {} : { cwd: options.cwd }),
			}),
		);
		this.#emulator = new Emulator(columns, rows, (text) => this.type(text));
		// Without an encoding the data are bytes, whatever the type says.
		this.#pty.onData((data: string | Uint8Array) => void this.#read(typeof data === 'string' ? Buffer.from(data) : data));
		this.exited = new Promise((resolve) => {
			this.#pty.onExit(({ exitCode, signal }) => {
				this.#open = false;
				const exit = { code: exitCode, signal: signal ?? 0, at: performance.now() };
				// Its last words may still be on their way to the screen.
				void this.#emulator.write(new Uint8Array()).then(() => {
					this.exit = exit;
					resolve(exit);
					this.#look();
				});
			});
		});
	}

	get pid(): number {
		return this.#pty.pid;
	}

	get title(): string {
		return this.#emulator.title;
	}

	get alternateScreen(): boolean {
		return this.#emulator.alternateScreen;
	}

	get cursorShown(): boolean {
		return this.#emulator.cursorShown;
	}

	get bracketedPaste(): boolean {
		return this.#emulator.bracketedPaste;
	}

	get clipboard(): readonly string[] {
		return this.#emulator.clipboard;
	}

	get bells(): number {
		return this.#emulator.bells;
	}

	/** How many bytes the program wrote between two moments, epoch of `performance.now()`. */
	bytesBetween(from: number, to: number): number {
		return this.chunks.reduce((sum, { at, bytes }) => (at >= from && at < to ? sum + bytes.length : sum), 0);
	}

	/** Everything the program wrote, as text with its control sequences. */
	raw(): string {
		return Buffer.concat(this.chunks.map(({ bytes }) => bytes)).toString('utf8');
	}

	/** Lines in view, top first. */
	screen(): readonly string[] {
		return this.#emulator.lines();
	}

	/** The whole screen as one text. */
	text(): string {
		return this.screen().join('\n');
	}

	/** What is in view and what scrolled out above it. */
	history(): readonly string[] {
		return this.#emulator.allLines();
	}

	cells(row: number): readonly SeenCell[] {
		return this.#emulator.cells(row);
	}

	type(text: string): void {
		if (this.#open) this.#pty.write(text);
	}

	resize(columns: number, rows: number): void {
		this.#emulator.resize(columns, rows);
		this.#pty.resize(columns, rows);
	}

	/** The link stalls: nothing is read from the terminal any more, and the program's writes fill up the kernel. */
	pauseReading(): void {
		this.#pty.pause();
	}

	resumeReading(): void {
		this.#pty.resume();
	}

	kill(signal: NodeJS.Signals): void {
		process.kill(this.pid, signal);
	}

	/** The terminal goes away, as when an SSH link drops: the kernel hangs the session up. */
	closePty(): void {
		if (!this.#open) return;
		this.#open = false;
		this.#pty.destroy();
	}

	/**
	 * Waits until the screen holds a text, matches a pattern, or a look at it comes out true. It looks again at
	 * every byte that comes, not on a clock.
	 * @returns when that was, in `performance.now()`
	 * @throws Error that shows the screen
	 */
	async waitFor(wanted: string | RegExp | ((terminal: this) => boolean), options: { readonly timeout?: number; readonly what?: string } = {}): Promise<number> {
		const { timeout = patienceMs } = options;
		const seen = (): boolean => {
			if (typeof wanted === 'function') return wanted(this);
			return typeof wanted === 'string' ? this.text().includes(wanted) : wanted.test(this.text());
		};
		if (!this.#emulator.updating && seen()) return performance.now();
		return new Promise((resolve, reject) => {
			const end = (): void => {
				clearTimeout(timer);
				this.#watchers.delete(look);
			};
			const fail = (why: string): void => {
				end();
				const what = options.what ?? (typeof wanted === 'function' ? 'the screen that was asked for' : String(wanted));
				const state = this.exit === undefined ? 'running' : `ended with ${this.exit.code}, signal ${this.exit.signal}`;
				reject(new Error(`${why} for ${what}; the program is ${state}; the screen:\n${this.text()}`));
			};
			const timer = setTimeout(() => fail(`waited ${timeout} ms`), timeout);
			const look = (): void => {
				try {
					if (seen()) {
						end();
						resolve(performance.now());
					} else if (this.exit !== undefined) {
						fail('waited in vain');
					}
				} catch (error) {
					end();
					reject(error instanceof Error ? error : new Error(String(error)));
				}
			};
			this.#watchers.add(look);
			if (this.exit !== undefined) look();
		});
	}

	/** Waits until the process has ended. @throws Error that shows the screen */
	async waitForExit(timeout = patienceMs): Promise<TerminalExit> {
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise<never>((_, reject) => {
			timer = setTimeout(() => reject(new Error(`the program did not end within ${timeout} ms; the screen:\n${this.text()}`)), timeout);
		});
		try {
			return await Promise.race([this.exited, late]);
		} finally {
			clearTimeout(timer);
		}
	}

	/** Ends the program, however it stands. */
	async close(): Promise<void> {
		if (this.exit === undefined) {
			this.resumeReading();
			try {
				process.kill(this.pid, 'SIGKILL');
			} catch {
				// It ended meanwhile.
			}
			this.closePty();
			await this.waitForExit();
		}
		this.#emulator.dispose();
	}

	async #read(bytes: Uint8Array): Promise<void> {
		this.chunks.push({ at: performance.now(), bytes });
		await this.#emulator.write(bytes);
		this.#look();
	}

	#look(): void {
		// A frame that has not arrived whole is not shown by a terminal that knows synchronised updates, nor judged here.
		if (this.#emulator.updating && this.exit === undefined) return;
		for (const watcher of this.#watchers) watcher();
	}
}

interface Closable {
	/** Closes the master side. The library has it, its types do not. */
	destroy(): void;
}

const closable = (pty: IPty): IPty & Closable => {
	if (isClosable(pty)) return pty;
	throw new Error('this version of node-pty cannot close its terminal: tests/support/terminal.ts needs another way');
};

const isClosable = (pty: IPty): pty is IPty & Closable => 'destroy' in pty && typeof pty.destroy === 'function';

/** Starts a program in a new terminal. It is ended with `close`, or by `await using`. */
export const openTerminal = async (options: OpenTerminal): Promise<TestTerminal & AsyncDisposable> => {
	const home = options.home ?? (await makeTestHome());
	const env: Record<string, string> = {};
	for (const [name, value] of Object.entries({ ...home.env, ...options.env })) {
		if (value !== undefined) env[name] = value;
	}
	const terminal = new TestTerminal({ cwd: home.dir, ...options }, env);
	return Object.assign(terminal, {
		[Symbol.asyncDispose]: async () => {
			await terminal.close();
			if (options.home === undefined) await home.remove();
		},
	});
};
