import type { PlaybookPort } from '../../src/cli/playbook/port.ts';
import type { CliPorts, Input, Output } from '../../src/cli/ports.ts';
import type { Situation } from '../../src/domain/situation.ts';
import { groupServices } from '../../src/observe/services.ts';
import { FakeEngine } from '../support/fakeEngine.ts';
import { ManualClock } from '../support/manualClock.ts';

/** An output in memory. */
export class MemoryOutput implements Output {
	isTTY = false;
	columns: number | undefined;
	rows: number | undefined;
	text = '';
	readonly writes: string[] = [];
	readonly #gone = new AbortController();
	/** The reader goes away after so many writes. */
	leaveAfter = Number.POSITIVE_INFINITY;
	/** Set: the reader takes nothing until `release`. */
	stalled = false;
	#waiting: (() => void)[] = [];

	get gone(): AbortSignal {
		return this.#gone.signal;
	}

	get lines(): readonly string[] {
		return this.text.split('\n').slice(0, -1);
	}

	write(data: string | Uint8Array): boolean {
		if (this.#gone.signal.aborted) return true;
		const text = typeof data === 'string' ? data : Buffer.from(data).toString('utf8');
		this.text += text;
		this.writes.push(text);
		if (this.writes.length >= this.leaveAfter) this.#gone.abort();
		return !this.stalled;
	}

	drained(): Promise<void> {
		if (!this.stalled) return Promise.resolve();
		return new Promise((resolve) => this.#waiting.push(resolve));
	}

	release(): void {
		this.stalled = false;
		for (const resolve of this.#waiting.splice(0)) resolve();
	}
}

/** Lines typed by a test, one at a time; `end` is EOF. */
export class MemoryInput implements Input {
	isTTY = true;
	readonly #lines: string[] = [];
	#ended = false;
	#wake: (() => void) | undefined;

	type(...lines: readonly string[]): void {
		this.#lines.push(...lines);
		this.#wake?.();
	}

	askSecret(question: string, output: Output): Promise<string | undefined> {
		output.write(`${question} \n`);
		return Promise.resolve(this.#lines.shift());
	}

	end(): void {
		this.#ended = true;
		this.#wake?.();
	}

	async *lines(): AsyncIterable<string> {
		for (;;) {
			const line = this.#lines.shift();
			if (line !== undefined) yield line;
			else if (this.#ended) return;
			else {
				await new Promise<void>((resolve) => {
					this.#wake = resolve;
				});
			}
		}
	}
}

export interface MemoryPorts extends CliPorts {
	readonly stdout: MemoryOutput;
	readonly stderr: MemoryOutput;
	readonly stdin: MemoryInput;
	readonly clock: ManualClock;
	readonly fake: FakeEngine;
	/** Files written, by path. */
	readonly files: Map<string, string>;
	readonly calls: string[];
	interrupt(signalName: string): void;
}

/** Playbooks of a test that is about something else: it records acts, and has no playbook. */
export const fakePlaybooks = (calls: string[]): PlaybookPort => {
	const refuse = (): never => {
		throw new Error('no playbooks in this test');
	};
	return {
		library: () => Promise.resolve({ playbooks: [], problems: [] }),
		readFile: refuse,
		lint: refuse,
		formatProblem: refuse,
		schema: refuse,
		import: refuse,
		write: refuse,
		review: refuse,
		fits: () => Promise.resolve([]),
		record(event) {
			calls.push(`record ${event.kind}`);
			return Promise.resolve({ actor: { user: 'ada', host: 'node-7', session: 'boot:1:2' }, event, seq: calls.length, at: 0, hash: '' });
		},
		ownFolder: '/own',
		witness: refuse,
		responding: refuse,
	};
};

/** Everything in memory; `over` changes what a test is about. */
export const memoryPorts = (over: Partial<CliPorts> & { readonly told?: Situation } = {}): MemoryPorts => {
	const { told, ...rest } = over;
	const fake = new FakeEngine();
	const files = new Map<string, string>();
	const calls: string[] = [];
	const interrupts = new AbortController();
	const refuse = (what: string) => (): Promise<never> => Promise.reject(new Error(`no ${what} in this test`));
	const stdout = new MemoryOutput();
	const stderr = new MemoryOutput();
	const stdin = new MemoryInput();
	const clock = new ManualClock();
	const drillCall = (what: string) => (request: { readonly print: (line: string) => void; readonly fault?: string | undefined }) => {
		calls.push(request.fault === undefined ? what : `${what} ${request.fault}`);
		request.print(`${what} done`);
		return Promise.resolve();
	};
	return {
		playbooks: () => Promise.resolve(fakePlaybooks(calls)),
		journal: refuse('journal'),
		version: '1.2.3',
		env: { TERM: 'xterm-256color', LANG: 'C.UTF-8' },
		workingDir: '/here',
		interrupts: () => interrupts.signal,
		interrupt: (signalName) => interrupts.abort(signalName),
		engine: () => Promise.resolve(fake),
		situation: told === undefined ? refuse('situation') : () => Promise.resolve(told),
		services: async () => groupServices(await fake.list()),
		watch: refuse('watch'),
		openConsole: () => {
			calls.push('console');
			return Promise.resolve(0);
		},
		engineTrials: () => Promise.resolve([{ origin: 'DOCKER_HOST', address: 'unix:///fake', outcome: 'answers', chosen: true }]),
		initialConfig: () => Promise.resolve({ text: 'schemaVersion: 1\n', notes: ['web publishes no port'] }),
		writeFile: (path, text, { overwrite }) => {
			if (files.has(path) && !overwrite) return Promise.reject(Object.assign(new Error('file exists'), { code: 'EEXIST' }));
			files.set(path, text);
			return Promise.resolve();
		},
		serviceNames: async () => groupServices(await fake.list()).map((service) => service.id),
		contextNames: () => Promise.resolve(['default', 'prod-1']),
		drill: () =>
			Promise.resolve({
				faults: [
					{ name: 'crash', title: 'ends with a code' },
					{ name: 'oom', title: 'killed for memory' },
				],
				up: drillCall('up'),
				down: drillCall('down'),
				break: drillCall('break'),
				heal: drillCall('heal'),
			}),
		system: {
			nodeVersion: 'v24.21.0',
			platform: 'linux x64',
			stateDir: '/state',
			user: { name: 'ops', groups: ['1000'] },
			path: () => Promise.resolve({ owner: 'root', group: 'docker', mode: 0o660, kind: 'socket', readable: true, writable: true }),
			tryWriting: () => Promise.resolve(),
			space: () => Promise.resolve({ freeBytes: 10 * 1024 ** 3, totalBytes: 20 * 1024 ** 3 }),
			sqliteVersion: () => Promise.resolve('3.50.0'),
		},
		...rest,
		stdout,
		stderr,
		stdin,
		clock,
		fake,
		files,
		calls,
	};
};
