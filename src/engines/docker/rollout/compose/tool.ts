import { EngineError } from '../../../../domain/engine.ts';
import type { Connection } from '../../connection.ts';
import { engineEnv } from './engineEnv.ts';
import { composeErrorWords } from './errorWords.ts';
import type { ProgramEnd, RunProgram } from './ports.ts';
import type { ProjectFiles } from './project.ts';
import { runProgram } from './runProgram.ts';

/** Starting compose takes up to a second; a project of hundreds of services some more. */
const readWithinMs = 60_000;
const versionWithinMs = 15_000;
/** Creating and starting, beyond the grace of what is stopped. */
const upWithinMs = 180_000;

export interface UpRequest {
	/** Files beside the project's own, in their order. */
	readonly overrides: readonly string[];
	readonly service: string;
	readonly scale: number;
	/** What is there is left as it is; only what is missing is made. */
	readonly keep: boolean;
	/** Its files ask for images to be fetched each time. */
	readonly neverPull: boolean;
	/** Grace of those that are stopped, s. */
	readonly stopSeconds: number;
}

/** The compose of this machine, speaking to one engine. */
export class ComposeTool {
	/** `docker compose` or `docker-compose`. */
	readonly name: string;
	readonly version: string;
	readonly #argv: readonly string[];
	readonly #env: Readonly<Record<string, string>>;
	readonly #run: RunProgram;

	constructor(argv: readonly string[], version: string, env: Readonly<Record<string, string>>, run: RunProgram) {
		this.#argv = argv;
		this.name = argv.slice(0, argv[0] === 'docker' ? 2 : 1).join(' ');
		this.version = version;
		this.#env = env;
		this.#run = run;
	}

	/** The first one, in Python, went by other rules. */
	get isFirst(): boolean {
		return this.version.startsWith('1.');
	}

	/** The project as compose reads it, written out in full. Never to be kept: secrets stand in it. */
	async config(files: ProjectFiles, overrides: readonly string[], signal?: AbortSignal): Promise<ProgramEnd> {
		return this.#compose(files, overrides, ['config'], readWithinMs, signal);
	}

	/** What compose would write on a container of the service now, to tell a changed one; absent where it does not say. */
	async hash(files: ProjectFiles, overrides: readonly string[], service: string, signal?: AbortSignal): Promise<ProgramEnd & { readonly hash?: string }> {
		const end = await this.#compose(files, overrides, ['config', '--hash', service], readWithinMs, signal);
		const line = end.exitCode === 0 ? end.stdout.split('\n').find((each) => each.startsWith(`${service} `)) : undefined;
		return { ...end, ...(line === undefined ? {} : { hash: line.slice(service.length + 1).trim() }) };
	}

	/** Ids of the containers that compose takes for the service's. */
	async containers(files: ProjectFiles, service: string, signal?: AbortSignal): Promise<ProgramEnd & { readonly ids: readonly string[] }> {
		const end = await this.#compose(files, [], ['ps', '-q', ...(this.isFirst ? [] : ['--all']), service], readWithinMs, signal);
		return { ...end, ids: end.stdout.split('\n').map((line) => line.trim()).filter((line) => /^[0-9a-f]{12,64}$/.test(line)) };
	}

	/** @throws EngineError with compose's own words */
	async up(files: ProjectFiles, request: UpRequest, signal?: AbortSignal): Promise<void> {
		const { service, scale, keep, neverPull, overrides, stopSeconds } = request;
		const argv = ['up', '-d', '--no-deps', '--no-build', ...(keep ? ['--no-recreate'] : []), ...(neverPull && !this.isFirst ? ['--pull', 'never'] : []), '--scale', `${service}=${scale}`, service];
		const end = await this.#compose(files, overrides, argv, upWithinMs + stopSeconds * 1000, signal);
		signal?.throwIfAborted();
		if (end.exitCode !== 0) {
			throw new EngineError('engine', `${this.name} up ${service}: ${composeErrorWords(end)}`, { advice: 'Run it by hand in the project\'s folder to see all that it says.' });
		}
	}

	async #compose(files: ProjectFiles, overrides: readonly string[], argv: readonly string[], timeoutMs: number, signal?: AbortSignal): Promise<ProgramEnd> {
		const project = ['--project-name', files.project, '--project-directory', files.workingDir, ...files.envFiles.flatMap((file) => ['--env-file', file]), ...[...files.files, ...overrides].flatMap((file) => ['--file', file])];
		return this.#run([...this.#argv, ...project, ...argv], { env: this.#env, timeoutMs, ...(signal === undefined ? {} : { signal }) });
	}
}

const found = new WeakMap<Connection, Promise<ComposeTool | undefined>>();

/** The compose of this machine, whichever is there; looked for once, the newer first. `undefined` where there is none. */
export async function composeTool(connection: Connection): Promise<ComposeTool | undefined> {
	const known = found.get(connection) ?? lookFor(connection);
	found.set(connection, known);
	return known;
}

async function lookFor({ target, ports: { compose = {} } }: Connection): Promise<ComposeTool | undefined> {
	const { run = runProgram, environment = process.env } = compose;
	const env = engineEnv(target, environment);
	for (const argv of [['docker', 'compose'], ['docker-compose']]) {
		const { exitCode, stdout } = await run([...argv, 'version', '--short'], { env, timeoutMs: versionWithinMs });
		const version = /^v?(\d+\.\d+\S*)\s*$/.exec(stdout)?.[1];
		if (exitCode === 0 && version !== undefined) {
			// The first one takes a context as an option alone.
			const context = version.startsWith('1.') && env['DOCKER_CONTEXT'] !== undefined ? ['--context', env['DOCKER_CONTEXT']] : [];
			return new ComposeTool([...argv, ...context], version, env, run);
		}
	}
	return undefined;
}
