import { execa } from 'execa';
import { closeSync, createReadStream, openSync, statSync, writeSync } from 'node:fs';
import { rm } from 'node:fs/promises';
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

/** How PostgreSQL's tools are reached: on this machine, or inside a container. Files of backups are on this machine either way. */
export interface PostgresReach {
	/** In words, for messages: `on this machine` or `in container db`. */
	readonly where: string;
	/** Runs a tool; its standard output goes to `into` where that is given. */
	run(argv: readonly string[], env: Readonly<Record<string, string>>, into?: string): Promise<ToolEnd>;
	/** Makes a file of this machine readable for the tools. @returns its path there */
	lend(file: string): Promise<{ readonly path: string; give: () => Promise<void> }>;
}

const maxOutput = 1024 * 1024;

const missingTool = (tool: string, where: string): DatabaseError =>
	new DatabaseError(`${tool} is not there ${where}`, { advice: 'Install the PostgreSQL client, or name the container that has it (inContainer).' });

/** @throws DatabaseError where the tool is not installed */
export const hostReach = (ports: DatabasePorts): PostgresReach => ({
	where: 'on this machine',
	async run([tool = '', ...rest], env, into) {
		const end = await execa(tool, rest, {
			env,
			stdin: 'ignore',
			reject: false,
			timeout: ports.timeoutMs,
			cancelSignal: ports.signal,
			forceKillAfterDelay: 3000,
			maxBuffer: maxOutput,
			...(into === undefined ? {} : { stdout: { file: into }, buffer: { stdout: false } }),
		});
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
	const run: PostgresReach['run'] = async (argv, env, into) => {
		// Written at once and not queued: the engine waits, and a large dump does not pile up in memory.
		const file = into === undefined ? undefined : openSync(into, 'w', 0o600);
		const stop = new AbortController();
		let writeError: unknown;
		const keep = (bytes: Uint8Array): void => {
			if (file === undefined || writeError !== undefined) return;
			try {
				writeWhole(file, bytes);
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
				signal: AbortSignal.any([ports.signal, stop.signal]),
				maxOutputBytes: maxOutput,
				onOutput: (stream, bytes) => (stream === 'stdout' ? keep(bytes) : undefined),
			});
			if (writeError !== undefined) throw new DatabaseError(`${into ?? ''}: ${writeError instanceof Error ? writeError.message : 'it could not be written'}`, { advice: 'Free some space, or choose another disk.', cause: writeError });
			if (end.exitCode === 126 || end.exitCode === 127) throw missingTool(argv[0] ?? '', where);
			if (end.timedOut) throw new DatabaseError(`${argv[0] ?? ''} took longer than ${ports.timeoutMs / 1000} s and was ended`);
			if (end.lost) throw new DatabaseError(`the engine went away while ${argv[0] ?? ''} ran ${where}`);
			return { exitCode: end.exitCode, stdout: file === undefined ? Buffer.from(end.stdout).toString('utf8') : '', stderr: Buffer.from(end.stderr).toString('utf8') };
		} finally {
			if (file !== undefined) closeSync(file);
		}
	};
	return {
		where,
		run,
		async lend(file) {
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

/** Leaves no half-written file behind. */
export const discard = (file: string): Promise<void> => rm(file, { force: true });
