import { randomBytes } from 'node:crypto';
import { EngineError, type ExecRequest, type ExecResult } from '../../../domain/engine.ts';
import { createKernelFiles } from '../cgroup/files.ts';
import type { Connection } from '../connection.ts';
import { Frames } from '../frames.ts';
import { fields, number, text } from '../narrow.ts';
import { atLeast } from '../negotiate.ts';
import { kernelRoots } from '../ports.ts';
import { endCommand, type Ended } from './endCommand.ts';
import { createHostReach } from './hostReach.ts';
import { createInsideReach, type RunInside } from './insideReach.ts';
import { BoundedOutput } from './output.ts';
import type { Reach } from './reach.ts';

const defaultMaxOutput = 1024 * 1024;
/** Stands in the environment of a command and of all it starts, by which they are found again. */
const markName = 'SITREP_EXEC';
/** The engine tells that a command is over a little after its output has ended. */
const stateLooksMs = [0, 20, 50, 100, 200, 500] as const;
/** What is asked of the container while ending a command must not hang itself. */
const helperTimeoutMs = 5000;
/** After a command was ended its output and exit code come at once or not at all. */
const lastWordsMs = 1500;

/** Runs a command inside a container. Contract: see `Engine.exec`. */
export async function runExec(connection: Connection, id: string, request: ExecRequest): Promise<ExecResult> {
	const { clock } = connection.ports;
	const began = clock.monotonic();
	const mark = `${markName}=${randomBytes(12).toString('hex')}`;
	const output = { stdout: new BoundedOutput(request.maxOutputBytes ?? defaultMaxOutput), stderr: new BoundedOutput(request.maxOutputBytes ?? defaultMaxOutput) };
	const take = (stream: 'stdout' | 'stderr', bytes: Uint8Array) => {
		output[stream].add(bytes);
		request.onOutput?.(stream, bytes);
	};
	const finish = (end: { exitCode?: number | undefined; timedOut?: boolean; cancelled?: boolean; lost?: boolean; ended?: Ended | undefined }): ExecResult => ({
		exitCode: end.exitCode,
		stdout: output.stdout.bytes(),
		stderr: output.stderr.bytes(),
		droppedBytes: output.stdout.dropped + output.stderr.dropped,
		timedOut: end.timedOut ?? false,
		cancelled: end.cancelled ?? false,
		survivors: end.ended?.survivors ?? [],
		...(end.ended?.note === undefined ? {} : { note: end.ended.note }),
		lost: end.lost ?? false,
		durationMs: clock.monotonic() - began,
	});
	if (request.signal?.aborted === true) {
		return finish({ cancelled: true });
	}

	const execId = await createExec(connection, id, request, mark);
	const stream = new AbortController();
	const over = followExec(connection, execId, take, stream.signal);
	const stop = stopReason(request, began, clock);
	try {
		const first = await Promise.race([over, stop.reason]);
		if (typeof first !== 'string') {
			return finish(first);
		}
		const ended = await endExec(connection, id, execId, mark, request.user);
		const patience = Promise.withResolvers<undefined>();
		const cancelPatience = clock.after(lastWordsMs, () => patience.resolve(undefined));
		const last = await Promise.race([over, patience.promise]);
		cancelPatience();
		return finish({ ...last, timedOut: first === 'timeout', cancelled: first === 'cancel', ended });
	} finally {
		stop.release();
		stream.abort();
	}
}

/** Resolves with why the command must be ended, if ever. */
function stopReason(request: ExecRequest, began: number, clock: Connection['ports']['clock']): { reason: Promise<'timeout' | 'cancel'>; release: () => void } {
	const { promise, resolve } = Promise.withResolvers<'timeout' | 'cancel'>();
	const cancelTimer = clock.after(Math.max(0, request.timeoutMs - (clock.monotonic() - began)), () => resolve('timeout'));
	const onAbort = () => resolve('cancel');
	request.signal?.addEventListener('abort', onAbort, { once: true });
	if (request.signal?.aborted === true) {
		onAbort();
	}
	return {
		reason: promise,
		release: () => {
			cancelTimer();
			request.signal?.removeEventListener('abort', onAbort);
		},
	};
}

async function createExec(connection: Connection, id: string, request: Pick<ExecRequest, 'argv' | 'env' | 'user' | 'workingDir'>, mark?: string): Promise<string> {
	const { version } = await connection.negotiated();
	const env = Object.entries(request.env ?? {}).map(([name, value]) => `${name}=${value}`);
	if (env.length > 0 && !atLeast(version, '1.25')) {
		throw new EngineError('unsupported', `the engine's API ${version} cannot set the environment of a command`, { advice: 'Upgrade the engine, or leave the environment out.' });
	}
	if (request.workingDir !== undefined && !atLeast(version, '1.35')) {
		throw new EngineError('unsupported', `the engine's API ${version} cannot set the working directory of a command`, { advice: 'Upgrade the engine, or leave it out.' });
	}
	const marked = mark !== undefined && atLeast(version, '1.25') ? [...env, mark] : env;
	const body = await connection.call({
		method: 'POST',
		path: `/containers/${encodeURIComponent(id)}/exec`,
		body: {
			AttachStdin: false,
			AttachStdout: true,
			AttachStderr: true,
			Tty: false,
			Cmd: request.argv,
			...(marked.length === 0 ? {} : { Env: marked }),
			...(request.user === undefined ? {} : { User: request.user }),
			...(request.workingDir === undefined ? {} : { WorkingDir: request.workingDir }),
		},
		what: `run ${request.argv[0] ?? ''} in ${id.slice(0, 12)}`,
	});
	const execId = text(fields(body)['Id']);
	if (execId === undefined) {
		throw new EngineError('engine', `${connection.target.address}: the engine gave no id for a command`);
	}
	return execId;
}

interface Over {
	readonly exitCode?: number | undefined;
	readonly lost: boolean;
}

/**
 * Starts it and reads its output until it is over. An end of the output alone proves nothing: an engine that is
 * killed ends it just so. Only the engine's own word on the exit code does.
 */
async function followExec(connection: Connection, execId: string, take: (stream: 'stdout' | 'stderr', bytes: Uint8Array) => void, signal: AbortSignal): Promise<Over> {
	const response = await connection.open(
		{ method: 'POST', path: `/exec/${execId}/start`, body: { Detach: false, Tty: false }, what: 'start a command' },
		signal,
		30_000,
	);
	const frames = new Frames((kind, bytes, start, end) => take(kind === 2 ? 'stderr' : 'stdout', bytes.subarray(start, end)));
	try {
		for await (const chunk of response) {
			if (chunk instanceof Uint8Array) {
				frames.push(chunk);
			}
		}
	} catch {
		// A broken stream is judged like an ended one: by what the engine says, if it still says anything.
	}
	for (let look = 0; !signal.aborted; look++) {
		await new Promise<void>((resolve) => connection.ports.clock.after(stateLooksMs[look] ?? 500, resolve));
		const state = await execState(connection, execId);
		if (state === undefined || (!state.running && state.exitCode === undefined)) {
			return { lost: true };
		}
		if (!state.running) {
			return { exitCode: state.exitCode, lost: false };
		}
	}
	return { lost: true };
}

interface ExecState {
	readonly running: boolean;
	readonly exitCode: number | undefined;
	readonly pid: number | undefined;
	readonly containerId: string | undefined;
}

/** `undefined` where the engine cannot say: it is gone, or was started anew and has forgotten. */
async function execState(connection: Connection, execId: string): Promise<ExecState | undefined> {
	try {
		const body = fields(await connection.call({ method: 'GET', path: `/exec/${execId}/json`, what: 'look at a command' }, { timeoutMs: helperTimeoutMs }));
		const pid = number(body['Pid']);
		return {
			running: body['Running'] === true,
			exitCode: number(body['ExitCode']),
			pid: pid === undefined || pid <= 0 ? undefined : pid,
			containerId: text(body['ContainerID']),
		};
	} catch {
		return undefined;
	}
}

/** Ends the command inside the container, from the host where that can be done, else from inside. */
async function endExec(connection: Connection, id: string, execId: string, mark: string, user: string | undefined): Promise<Ended> {
	const state = await execState(connection, execId);
	if (state === undefined) {
		return { survivors: [], note: 'the engine did not answer, so the command could not be ended; it may still run' };
	}
	const reaches: Reach[] = [];
	const { ports, target } = connection;
	if (target.transport.kind === 'unix' && state.pid !== undefined && state.containerId !== undefined) {
		const parts = { files: createKernelFiles(), roots: ports.roots ?? kernelRoots, kill: (pid: number, signal: NodeJS.Signals | 0) => void process.kill(pid, signal) };
		reaches.push(createHostReach(parts, state.containerId, state.pid, mark));
	}
	reaches.push(createInsideReach(runInside(connection, id), mark, user));
	return endCommand(reaches, state.pid, ports.clock);
}

/** A small helper command inside the container; `undefined` where it cannot be run, such as in an image without a shell. */
function runInside(connection: Connection, id: string): RunInside {
	return async (argv, user) => {
		const output = new BoundedOutput(defaultMaxOutput);
		const stop = new AbortController();
		const cancel = connection.ports.clock.after(helperTimeoutMs, () => stop.abort());
		try {
			const execId = await createExec(connection, id, { argv, ...(user === undefined ? {} : { user }) });
			const over = await followExec(connection, execId, (stream, bytes) => (stream === 'stdout' ? output.add(bytes) : undefined), stop.signal);
			return over.exitCode === 0 ? Buffer.from(output.bytes()).toString('utf8') : undefined;
		} catch {
			return undefined;
		} finally {
			cancel();
			stop.abort();
		}
	};
}
