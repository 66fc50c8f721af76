import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import type { Readable } from 'node:stream';
import type { CommandEnd, CommandSpec } from '../../domain/run/execution.ts';
import type { CommandTree } from './commandTree.ts';
import { closePipe, drainOn, type Pipe } from './pipes.ts';
import { nameOf } from './family.ts';
import type { OutputStore } from './outputStore.ts';
import { markName, recordNames } from './records.ts';
import { startWords } from './startWords.ts';
import type { TreeEnd } from './endTree.ts';

/** After the end of its first process what a command has written is read for so long, where a child holds its output open. */
const drainMs = 500;
/** The file that asks for a cancel is looked for so often; the signal beside it is what makes it quick. */
const lookMs = 500;
/** Longest delay of a timer. */
const longestTimer = 2 ** 31 - 1;

export type Stop = 'timeout' | 'cancel';

/** How the first process of a command ended. */
interface Exit {
	readonly exitCode?: number;
	readonly signal?: string;
	readonly failedToStart?: string;
}

/** A command that was spawned. */
export interface Spawned {
	/** Absent where it failed to start. */
	readonly pid: number | undefined;
	readonly exit: Promise<Exit>;
	/** Starts reading; resolves when both streams have ended. */
	read(store: OutputStore): Promise<unknown>;
	/** Lets go of the output; daemons may go on writing to it. */
	release(): void;
}

const collect = (stream: Readable, take: (chunk: Buffer) => void): Promise<void> =>
	new Promise((resolve) => {
		stream.on('data', take);
		stream.once('close', resolve);
		stream.once('error', () => stream.destroy());
	});

/** Starts the command in a session of its own, without input. Its failure to start is an exit. */
export const spawnCommand = (spec: CommandSpec, mark: string, pipes: readonly [Pipe, Pipe] | undefined): Spawned => {
	const [program, ...rest] = spec.argv;
	const failure = (error: unknown): Exit => ({ failedToStart: startWords(error, program, spec.workingDir, spec.env['PATH']) });
	const { promise: exit, resolve } = Promise.withResolvers<Exit>();
	let child: ChildProcess | undefined;
	try {
		child = spawn(program, rest, {
			cwd: spec.workingDir,
			env: { ...spec.env, [markName]: mark },
			detached: true,
			stdio: ['ignore', pipes?.[0].write ?? 'pipe', pipes?.[1].write ?? 'pipe'],
		});
		child.once('error', (error) => resolve(failure(error)));
		child.once('exit', (code, signal) => resolve({ ...(code === null ? {} : { exitCode: code }), ...(signal === null ? {} : { signal }) }));
	} catch (error) {
		// Some failures are thrown, such as arguments that are too long.
		resolve(failure(error));
	}
	for (const pipe of pipes ?? []) closePipe(pipe.write);
	const open = pipes?.map((pipe) => new Socket({ fd: pipe.read, readable: true, writable: false }));
	const streams = { stdout: open?.[0] ?? child?.stdout, stderr: open?.[1] ?? child?.stderr };
	return {
		pid: child?.pid,
		exit,
		read: (store) =>
			Promise.all(
				(['stdout', 'stderr'] as const).map((name) => {
					const stream = streams[name];
					return stream === null || stream === undefined ? Promise.resolve() : collect(stream, (chunk) => store.take(name, chunk));
				}),
			),
		release() {
			for (const [index, stream] of [streams.stdout, streams.stderr].entries()) {
				const pipe = pipes?.[index];
				if (stream?.destroyed === false && pipe !== undefined) drainOn(pipe);
				stream?.destroy();
				if (pipe !== undefined) closePipe(pipe.spareRead);
			}
		},
	};
};

/** Resolves with why the command must be ended, if ever. */
export const stopReason = (folder: string, timeoutMs: number): { readonly reason: Promise<Stop>; readonly release: () => void } => {
	const { promise: reason, resolve } = Promise.withResolvers<Stop>();
	const cancel = (): void => resolve('cancel');
	const until = performance.now() + timeoutMs;
	let timer: NodeJS.Timeout;
	const wait = (): void => {
		const left = until - performance.now();
		if (left <= 0) resolve('timeout');
		else timer = setTimeout(wait, Math.min(left, longestTimer));
	};
	wait();
	const look = setInterval(() => existsSync(join(folder, recordNames.cancel)) && cancel(), lookMs);
	for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, cancel);
	return {
		reason,
		release() {
			clearTimeout(timer);
			clearInterval(look);
		},
	};
};

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** One turn of the event loop, in which everything that is there to be read is read. */
const oneTurn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

export type Outcome = Pick<CommandEnd, 'exitCode' | 'signal' | 'failedToStart' | 'timedOut' | 'cancelled' | 'survivors' | 'left'> & { readonly notes: readonly string[]; /** When nothing of it was left to wait for; monotonic, ms. */ readonly over: number };

/** Follows a spawned command to its end, and ends it where it must be ended. */
export const followCommand = async (spawned: Spawned, tree: CommandTree | undefined, store: OutputStore, stop: Promise<Stop>, graceMs: number): Promise<Outcome> => {
	const drained = spawned.read(store);
	const first = await Promise.race([spawned.exit, stop]);
	let over = performance.now();
	let ended: TreeEnd | undefined;
	let exit: Exit;
	if (typeof first === 'string') {
		ended = await tree?.end(graceMs);
		over = performance.now();
		// A process that cannot be killed must not hold up the word on it.
		const patience = (ended?.survivors.length ?? 0) > 0 ? [sleep(drainMs).then((): Exit => ({}))] : [];
		exit = await Promise.race([spawned.exit, ...patience]);
	} else {
		exit = first;
	}
	await Promise.race([drained, sleep(drainMs).then(oneTurn)]);
	const left = typeof first === 'string' ? [] : (tree?.alive([]) ?? []).map(nameOf);
	spawned.release();
	return {
		over,
		...exit,
		timedOut: first === 'timeout',
		cancelled: first === 'cancel',
		survivors: (ended?.survivors ?? []).map(nameOf),
		...(left.length === 0 ? {} : { left }),
		notes: [
			...(left.length === 0 ? [] : ['what it left running in the background is not ended, and its further output is not kept']),
			...((ended?.forbidden.length ?? 0) === 0 ? [] : [`no permission to end ${ended?.forbidden.map(nameOf).join(', ') ?? ''}`]),
		],
	};
};
