import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import process from 'node:process';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { CommandSpec } from '../../domain/run/execution.ts';
import { parseAnswer, type SupervisorAnswer } from './supervisorAnswer.ts';

// From the sources it is the file beside this one; in the bundle an entry of its own beside the main one.
export const supervisorProgram = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './supervisor.ts' : './stepSupervisor.js', import.meta.url));

/** A supervisor does little: small heaps, and no threads for compiling. Its own memory is then about 8 MiB; the rest is Node's program text, shared with the console. */
const nodeFlags = ['--max-semi-space-size=1', '--max-old-space-size=64', '--v8-pool-size=0', '--disable-warning=ExperimentalWarning'];

/** What a supervisor needs of our environment. A command's own comes with its spec. */
const environment = (): Record<string, string> =>
	Object.fromEntries(['PATH', 'TMPDIR', 'NODE_COMPILE_CACHE'].flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));

/** A supervisor process that waits for its command. */
export class Spare {
	readonly #child: ChildProcess;
	/** Resolves when the process is gone. */
	readonly gone: Promise<void>;
	alive = true;

	/** @param program path of the supervisor's program */
	constructor(program: string) {
		// No arguments of our own runtime: a debugger's port is taken.
		this.#child = spawn(process.execPath, [...nodeFlags, program], { detached: true, cwd: '/', env: environment(), stdio: ['pipe', 'pipe', 'ignore'] });
		// Neither the process nor its pipes keep the console alive.
		this.#child.unref();
		unrefStream(this.#child.stdin);
		unrefStream(this.#child.stdout);
		this.#child.stdin?.on('error', () => undefined);
		const { promise, resolve } = Promise.withResolvers<void>();
		this.gone = promise;
		const end = (): void => {
			this.alive = false;
			resolve();
		};
		this.#child.once('exit', end);
		this.#child.once('error', end);
	}

	get pid(): number | undefined {
		return this.#child.pid;
	}

	/** Hands over the command. @returns its answer; `undefined` where it went away without one */
	async give(spec: CommandSpec): Promise<SupervisorAnswer | undefined> {
		const { stdin, stdout } = this.#child;
		if (stdin === null || stdout === null) return undefined;
		this.#child.ref();
		const answered = firstLine(stdout);
		stdin.write(`${JSON.stringify(spec)}\n`);
		const line = await Promise.race([answered, this.gone.then(() => answered)]);
		this.#child.unref();
		stdin.destroy();
		stdout.destroy();
		return parseAnswer(line);
	}

	/** It ends by itself once its input does. */
	close(): void {
		this.#child.stdin?.destroy();
		this.#child.stdout?.destroy();
	}
}

/** Streams of a child are sockets, which can be let go of. */
const unrefStream = (stream: unknown): void => {
	if (stream instanceof Socket) stream.unref();
};

/** The first line of a stream without its end; empty where it ends before one. */
const firstLine = (stream: Readable): Promise<string> =>
	new Promise((resolve) => {
		let text = '';
		stream.setEncoding('utf8');
		stream.on('data', (part: string) => {
			text += part;
			const end = text.indexOf('\n');
			if (end !== -1) resolve(text.slice(0, end));
		});
		stream.once('close', () => resolve(''));
		stream.once('error', () => resolve(''));
	});
