import { execa } from 'execa';
import { closeSync, createReadStream, openSync, statSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import type { Engine } from '../../../domain/engine.ts';
import { DatabaseError, type DatabasePorts } from '../work.ts';

/** What one run of a tool came to. */
export interface ToolEnd {
	readonly exitCode: number | undefined;
	/** At most 1 MiB; what went to a file is not in it. */
	readonly stdout: string;
	readonly stderr: string;
}

/** Where the standard output of a tool goes, and how it is ended. */
export interface RunOptions {
	/** A file of this machine. */
	readonly into?: string;
	/** Gets it as it comes, and none is kept. */
	readonly onBytes?: (bytes: Uint8Array) => void;
	/** True: it is carried out though the step was cancelled, to clean up after it. */
	readonly always?: boolean;
}

/** Begins the name of a file or folder that is inside the container where the tools run, such as `container:/backups`. */
export const insideMark = 'container:';

/**
 * How PostgreSQL's tools are reached: on this machine, or inside a container. Files of backups are on this machine, but for those
 * whose name begins with `container:`.
 */
export interface PostgresReach {
	/** In words, for messages: `on this machine` or `in container db`. */
	readonly where: string;
	/** True where the tools run inside a container. */
	readonly inside: boolean;
	run(argv: readonly string[], env: Readonly<Record<string, string>>, options?: RunOptions): Promise<ToolEnd>;
	/** Makes a file readable for the tools. @returns its path there */
	lend(file: string): Promise<{ readonly path: string; give: () => Promise<void> }>;
}

const maxOutput = 1024 * 1024;

const missingTool = (tool: string, where: string): DatabaseError =>
	new DatabaseError(`${tool} is not there ${where}`, { advice: 'Install the PostgreSQL client, or name the container that has it (inContainer).' });

/** @throws DatabaseError where the tool is not installed */
export const hostReach = (ports: DatabasePorts): PostgresReach => ({
	where: 'on this machine',
	inside: false,
	async run([tool = '', ...rest], env, { into, onBytes, always = false } = {}) {
		const running = execa(tool, rest, {
			env,
			stdin: 'ignore',
			reject: false,
			timeout: ports.timeoutMs,
			...(always ? {} : { cancelSignal: ports.signal }),
			forceKillAfterDelay: 3000,
			maxBuffer: maxOutput,
			...(into === undefined ? {} : { stdout: { file: into } }),
			...(into === undefined && onBytes === undefined ? {} : { buffer: { stdout: false } }),
		});
		let readError: Error | undefined;
		if (onBytes !== undefined) {
			running.stdout.on('data', (bytes: Uint8Array) => {
				try {
					if (readError === undefined) onBytes(bytes);
				} catch (error) {
					readError = error instanceof Error ? error : new Error(String(error));
					running.kill();
				}
			});
		}
		const end = await running;
		if (readError !== undefined) throw readError;
		if (end.code === 'ENOENT') throw missingTool(tool, 'on this machine');
		if (end.timedOut) throw new DatabaseError(`${tool} took longer than ${ports.timeoutMs / 1000} s and was ended`);
		return { exitCode: end.exitCode, stdout: end.stdout ?? '', stderr: end.stderr };
	},
	lend: (file) => Promise.resolve({ path: file, give: () => Promise.resolve() }),
});

const writeWhole = (file: number, bytes: Uint8Array): void => {
	for (let at = 0; at < bytes.byteLength; ) at += writeSync(file, bytes, at);
};

/** @throws DatabaseError where there is no such container, or it does not run */
export const containerReach = async (name: string, engine: Engine, ports: DatabasePorts): Promise<PostgresReach> => {
	const container = (await engine.list()).find((each) => each.name === name || each.id === name);
	if (container === undefined) throw new DatabaseError(`there is no container ${name}`, { advice: 'See its name with `docker ps -a`.' });
	if (container.state !== 'running') throw new DatabaseError(`container ${name} is ${container.state}`, { advice: `Start it first: PostgreSQL's tools run inside it.` });
	const where = `in container ${name}`;
	const run: PostgresReach['run'] = async (argv, env, { into, onBytes, always = false } = {}) => {
		// Written at once and not queued: the engine waits, and a large dump does not pile up in memory.
		const file = into === undefined ? undefined : openSync(into, 'w', 0o600);
		const stop = new AbortController();
		let writeError: unknown;
		const keep = (bytes: Uint8Array): void => {
			if (writeError !== undefined) return;
			try {
				if (file !== undefined) writeWhole(file, bytes);
				onBytes?.(bytes);
			} catch (error) {
				writeError = error;
				stop.abort();
			}
		};
		try {
			const end = await engine.exec(container.id, {
				argv,
				env,
				timeoutMs: ports.timeoutMs,
				signal: always ? stop.signal : AbortSignal.any([ports.signal, stop.signal]),
				maxOutputBytes: maxOutput,
				onOutput: (stream, bytes) => (stream === 'stdout' ? keep(bytes) : undefined),
			});
			if (writeError instanceof DatabaseError) throw writeError;
			if (writeError !== undefined) throw new DatabaseError(`${into ?? ''}: ${writeError instanceof Error ? writeError.message : 'it could not be written'}`, { advice: 'Free some space, or choose another disk.', cause: writeError });
			if (end.exitCode === 126 || end.exitCode === 127) throw missingTool(argv[0] ?? '', where);
			if (end.timedOut) throw new DatabaseError(`${argv[0] ?? ''} took longer than ${ports.timeoutMs / 1000} s and was ended`);
			if (end.lost) throw new DatabaseError(`the engine went away while ${argv[0] ?? ''} ran ${where}`);
			return { exitCode: end.exitCode, stdout: file === undefined && onBytes === undefined ? Buffer.from(end.stdout).toString('utf8') : '', stderr: Buffer.from(end.stderr).toString('utf8') };
		} finally {
			if (file !== undefined) closeSync(file);
		}
	};
	return {
		where,
		inside: true,
		run,
		async lend(file) {
			if (file.startsWith(insideMark)) return { path: file.slice(insideMark.length), give: () => Promise.resolve() };
			const name = `sitrep-${process.pid}-${basename(file).replaceAll(/[^\w.-]/g, '_')}`;
			// The tools run as whoever the container runs as, and only they shall read it.
			const uid = Number(Buffer.from((await engine.exec(container.id, { argv: ['id', '-u'], timeoutMs: 10_000 })).stdout).toString('utf8').trim());
			await engine.putFile(container.id, { folder: '/tmp', name, ...(Number.isSafeInteger(uid) ? { uid } : {}), bytes: statSync(file).size, content: createReadStream(file) }, { timeoutMs: ports.timeoutMs, signal: ports.signal });
			const path = `/tmp/${name}`;
			return {
				path,
				async give() {
					await engine.exec(container.id, { argv: ['rm', '-f', path], timeoutMs: 10_000 });
				},
			};
		},
	};
};
