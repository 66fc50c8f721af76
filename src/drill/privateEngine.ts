import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { answers } from './engineClient.ts';
import { absentBefore, engineArguments, engineFolder, prepareFolder, type EngineFolder } from './engineFolder.ts';
import { emptyEngine } from './emptyEngine.ts';
import { removeTraces } from './hostTraces.ts';
import { allProcesses, descendantsOf, endProcess, readProcess, signalProcess, stopProcess, unmountBelow, usersOf } from './processes.ts';
import { searchPath } from './searchPath.ts';
import { HopelessError, until } from './until.ts';

export interface PrivateEngineOptions {
	/** Everything of the engine goes here. Absolute, at most 64 bytes long. Made where it is missing. */
	readonly dir: string;
	/** Further arguments of `dockerd`. */
	readonly extra?: readonly string[];
	/** How long the engine may take to answer, ms. */
	readonly readyTimeoutMs?: number;
	readonly signal?: AbortSignal;
}

/** A Docker engine of our own, beside whatever else runs on the machine. */
export interface PrivateEngine {
	/** `unix://…` */
	readonly host: string;
	readonly dir: string;
	readonly logPath: string;
	/** Changes with a restart. */
	readonly pid: number;
	/** Sends a signal to the engine alone; its containers run on. */
	kill(signal: NodeJS.Signals): void;
	/** The engine stops answering, without closing a connection. */
	pause(): void;
	resume(): void;
	/** Ends the engine (or finds it killed) and starts it again on the same data. @throws Error where it does not answer */
	restart(): Promise<void>;
	/** Ends the engine, its runtime and everything they ran. The data stays. */
	stop(): Promise<void>;
	/** Stops it and removes everything it made: containers, networks, images, volumes, data. */
	destroy(): Promise<void>;
}

/** The programs that a private engine needs, as they are called on every Linux. */
export const enginePrograms = ['dockerd', 'containerd', 'runc'] as const;

const defaultReadyTimeoutMs = 30_000;

/**
 * Starts an engine with its own socket, data and runtime, or takes over the one that already runs in this
 * folder. What a crash left behind there is cleared away first. Needs root on Linux.
 * @throws Error that ends with the engine's own last lines where it does not come up
 */
export async function startPrivateEngine(options: PrivateEngineOptions): Promise<PrivateEngine> {
	const folder = engineFolder(options.dir);
	await prepareFolder(folder);
	let pid = (await runningEngine(folder)) ?? (await startAfresh(folder, options));
	return {
		host: folder.host,
		dir: folder.dir,
		logPath: folder.log,
		get pid() {
			return pid;
		},
		kill: (signal) => void signalProcess(pid, signal),
		pause: () => stopProcess(pid),
		resume: () => void signalProcess(pid, 'SIGCONT'),
		restart: async () => {
			await endProcess(pid, stopGraceMs);
			pid = await start(folder, options);
		},
		stop: async () => stop(folder),
		destroy: async () => destroyPrivateEngine(folder.dir),
	};
}

/** The containers have 5 s (`--shutdown-timeout`), the engine itself some more. */
const stopGraceMs = 15_000;

/** Removes the engine of this folder with everything it made, whether it runs, was killed, or never came up. */
export async function destroyPrivateEngine(dir: string): Promise<void> {
	const folder = engineFolder(dir);
	if (!existsSync(dir)) {
		return;
	}
	await emptyRunning(folder);
	await stop(folder);
	await removeTraces((await absentBefore(folder)) ?? []);
	await rm(dir, { recursive: true, force: true });
}

/** Only a running engine can take down the bridges of its networks: one that was killed is started once more. */
async function emptyRunning(folder: EngineFolder): Promise<void> {
	if (!existsSync(folder.data)) {
		return;
	}
	try {
		const running = await runningEngine(folder);
		if (running === undefined) {
			await prepareFolder(folder);
			await startAfresh(folder, { dir: folder.dir });
		} else {
			signalProcess(running, 'SIGCONT');
		}
		await emptyEngine(folder.host);
	} catch {
		// It may be broken for good. What can be seen from outside is ended and removed all the same.
	}
}

async function stop(folder: EngineFolder): Promise<void> {
	const engine = await runningEngine(folder);
	if (engine !== undefined) {
		await endProcess(engine, stopGraceMs);
	}
	await endLeftovers(folder);
	await rm(folder.pidFile, { force: true });
	await rm(folder.socket, { force: true });
}

/** Runtime, shims and containers that outlived their engine, and what they had mounted. */
async function endLeftovers(folder: EngineFolder): Promise<void> {
	const processes = await allProcesses();
	const own = usersOf(processes, folder.dir).filter(({ pid, argv }) => pid !== process.pid && isEngineProgram(argv[0]));
	const shims = own.filter(({ argv }) => programName(argv[0]).startsWith('containerd-shim'));
	const contained = descendantsOf(processes, shims.map(({ pid }) => pid));
	for (const { pid } of contained) {
		signalProcess(pid, 'SIGKILL');
	}
	await Promise.all([...contained, ...own].map(async ({ pid }) => endProcess(pid, 3000)));
	await unmountBelow(folder.dir);
}

function programName(path: string | undefined): string {
	return path?.split('/').at(-1) ?? '';
}

function isEngineProgram(path: string | undefined): boolean {
	return /^(dockerd|containerd|containerd-shim.*|docker-proxy|runc)$/.test(programName(path));
}

/** The engine named by the pid file, where that process is this folder's engine and not a later one with its number. */
async function runningEngine(folder: EngineFolder): Promise<number | undefined> {
	const pid = Number.parseInt(await textOf(folder.pidFile), 10);
	if (!Number.isInteger(pid) || pid <= 0) {
		return undefined;
	}
	const found = await readProcess(pid);
	return found !== undefined && programName(found.argv[0]) === 'dockerd' && usersOf([found], folder.dir).length > 0 ? pid : undefined;
}

/** An engine that finds containers of its last life gives each 10 s to end: those that nobody watches are ended first. */
async function startAfresh(folder: EngineFolder, options: PrivateEngineOptions): Promise<number> {
	await endLeftovers(folder);
	return start(folder, options);
}

async function start(folder: EngineFolder, options: PrivateEngineOptions): Promise<number> {
	await rm(folder.pidFile, { force: true });
	await rm(folder.socket, { force: true });
	const timeoutMs = options.readyTimeoutMs ?? defaultReadyTimeoutMs;
	await startRuntime(folder, timeoutMs, options.signal);
	const engine = launch('dockerd', engineArguments(folder, options.extra ?? []), folder.log);
	try {
		await until(
			async () => {
				engine.throwIfEnded();
				return answers(folder.host, 1000);
			},
			{ timeoutMs, what: 'the private engine to answer', signal: options.signal },
		);
		return engine.pid;
	} catch (error) {
		await stop(folder);
		throw await withLastLines(error, folder.log);
	}
}

async function startRuntime(folder: EngineFolder, timeoutMs: number, signal: AbortSignal | undefined): Promise<void> {
	const running = usersOf(await allProcesses(), folder.dir).some(({ argv }) => programName(argv[0]) === 'containerd');
	if (running) {
		return;
	}
	await rm(folder.runtime.socket, { force: true });
	const runtime = launch('containerd', ['--config', folder.runtime.settings], folder.runtime.log);
	try {
		await until(
			() => {
				runtime.throwIfEnded();
				return existsSync(folder.runtime.socket);
			},
			{ timeoutMs, what: 'the container runtime to listen', signal },
		);
	} catch (error) {
		await stop(folder);
		throw await withLastLines(error, folder.runtime.log);
	}
}

interface Launched {
	readonly pid: number;
	/** @throws Error where it has ended already or could not be started */
	throwIfEnded(): void;
}

/** Starts a program in a session of its own, so that a Ctrl-C meant for us does not reach it, and that outlives us. */
function launch(program: string, argv: readonly string[], log: string): Launched {
	const output = openSync(log, 'a', 0o600);
	const child = spawn(program, argv, { detached: true, stdio: ['ignore', output, output], env: { ...process.env, PATH: searchPath() } });
	closeSync(output);
	child.unref();
	let end: string | undefined;
	child.once('error', (error) => {
		end = `${program} cannot be started: ${error.message}`;
	});
	child.once('exit', (code, signal) => {
		end = `${program} ended at once (${signal ?? `exit code ${code}`})`;
	});
	return {
		pid: child.pid ?? -1,
		throwIfEnded: () => {
			if (end !== undefined) {
				throw new HopelessError(end);
			}
		},
	};
}

const linesShown = 12;

async function withLastLines(error: unknown, log: string): Promise<Error> {
	const lines = (await textOf(log)).trimEnd().split('\n').slice(-linesShown).join('\n');
	const message = error instanceof Error ? error.message : String(error);
	return new Error(`${message}\n${lines}\n(${log})`, { cause: error });
}

/** Empty where the file is not there. */
async function textOf(path: string): Promise<string> {
	try {
		return await readFile(path, 'utf8');
	} catch {
		return '';
	}
}
