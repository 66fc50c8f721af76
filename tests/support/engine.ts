import Docker from 'dockerode';
import { systemClock } from '../../src/domain/systemClock.ts';
import { openDocker, resolveTarget, systemProbes, type DockerPorts } from '../../src/engines/docker/index.ts';
import { busyboxImage, testLabel } from './images.ts';
import { patienceMs } from './patience.ts';

/**
 * Address of the engine that tests use.
 * @throws Error where none was given: a test that needs an engine must not pass without one
 */
export function testEngineAddress(): string {
	const address = process.env['SITREP_TEST_ENGINE'];
	if (address === undefined || address === '') {
		throw new Error('SITREP_TEST_ENGINE is not set: give the address of a Docker engine for tests, such as unix:///run/docker.sock');
	}
	return address;
}

/** Opens the adapter on an address. */
export async function openEngine(address: string, ports: Partial<DockerPorts> = {}, env: Record<string, string> = {}): Promise<ReturnType<typeof openDocker>> {
	const resolution = await resolveTarget({ host: address, env, homeDir: '/nonexistent', uid: process.getuid?.() ?? 0, ...systemProbes });
	if (resolution.kind === 'failed') {
		throw new Error(resolution.message);
	}
	return openDocker(resolution.target, { clock: systemClock, ...ports });
}

export interface RunOptions {
	readonly name?: string;
	readonly tty?: boolean;
	readonly host?: Docker.HostConfig;
	readonly create?: Partial<Docker.ContainerCreateOptions>;
	/** Of images without a shell. */
	readonly argv?: readonly string[];
	readonly image?: string;
}

/** Containers of one test file, removed at its end. */
export class Containers {
	readonly docker: Docker;
	readonly address: string;
	readonly #made: Docker.Container[] = [];
	#count = 0;

	constructor(address: string) {
		this.address = address;
		this.docker = new Docker({ socketPath: address.replace('unix://', '') });
	}

	/** Creates and starts one that runs a shell script. Returns its id. */
	async run(script: string, options: RunOptions = {}): Promise<string> {
		const id = await this.create(script, options);
		await this.docker.getContainer(id).start();
		return id;
	}

	async create(script: string, options: RunOptions = {}): Promise<string> {
		const image = options.image ?? (await busyboxImage(this.address));
		const container = await this.docker.createContainer({
			Image: image,
			name: options.name ?? `sitrep-test-${process.pid}-${Date.now().toString(36)}-${this.#count++}`,
			Cmd: options.argv === undefined ? ['sh', '-c', script] : [...options.argv],
			Tty: options.tty ?? false,
			HostConfig: { NetworkMode: 'none', ...options.host },
			...options.create,
			Labels: { [testLabel]: '1', ...options.create?.Labels },
		});
		this.#made.push(container);
		return container.id;
	}

	async removeAll(): Promise<void> {
		await Promise.all(
			this.#made.splice(0).map(async (container) => {
				try {
					await container.remove({ force: true, v: true });
				} catch {
					// Removed by the test itself.
				}
			}),
		);
	}
}

/** Waits for a condition. @throws Error that names it where it does not come true in time */
export async function eventually<T>(what: string, check: () => Promise<T | undefined | false> | T | undefined | false, timeoutMs = patienceMs): Promise<T> {
	const until = performance.now() + timeoutMs;
	for (;;) {
		const value = await check();
		if (value !== undefined && value !== false) {
			return value;
		}
		if (performance.now() > until) {
			throw new Error(`did not come true within ${timeoutMs / 1000} s: ${what}`);
		}
		await new Promise((resolve) => setTimeout(resolve, 25));
	}
}
