import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pipeline } from 'node:stream/promises';
import { PassThrough } from 'node:stream';
import type Docker from 'dockerode';
import { pack } from 'tar-stream';
import { EngineError } from '../domain/engine.ts';
import { imageLabel, imageRepository, releases, type Release } from './rangeNames.ts';
import { textArchive } from './textArchive.ts';
import { runtimeFiles } from './runtimeFiles.ts';

/** The architectures of engines, in Node's words. */
const architectures: Readonly<Record<string, string>> = { amd64: 'x64', arm64: 'arm64', x86_64: 'x64', aarch64: 'arm64' };

/** Used where this machine's own Node cannot run in the engine: on a Mac, or another architecture. Has to be pulled. */
const pulledBase = 'node:24-slim';

/** The first flag is for Node 22.12, whose SQLite is still behind it. */
const entrypoint = ['node', '--experimental-sqlite', '--disable-warning=ExperimentalWarning'] as const;

/**
 * Makes the range's images where they are missing or made from other files: a base of the Node that runs now
 * with its libraries (some 130 MB, once), and on it one image a release, which add only the service itself.
 * @param say one line at a time about what is done
 * @throws EngineError; the signal's reason
 */
export async function ensureImages(docker: Docker, say: (line: string) => void, { node = process.execPath, signal }: { readonly node?: string; readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
	const source = await serviceSource();
	const base = await ensureBase(docker, say, node, signal);
	const stamped = releases.map((release) => ({ release, stamp: createHash('sha256').update(base.stamp).update(JSON.stringify([entrypoint, source, release])).digest('hex').slice(0, 16) }));
	const kept = await Promise.all(stamped.map(async ({ release, stamp }) => (await stampOf(docker, `${imageRepository}:${release.version}`)) === stamp));
	const missing = stamped.filter((_, index) => kept[index] !== true);
	if (missing.length > 0) {
		await makeReleases(docker, base.image, missing, source, signal);
	}
}

interface Base {
	readonly image: string;
	readonly stamp: string;
}

async function ensureBase(docker: Docker, say: (line: string) => void, node: string, signal: AbortSignal | undefined): Promise<Base> {
	const { Arch, Os } = await docker.version();
	if (process.platform !== 'linux' || Os !== 'linux' || architectures[Arch] !== process.arch) {
		return pullBase(docker, say, `${Os}/${Arch}`, signal);
	}
	const { size, mtimeMs } = await stat(node);
	const stamp = createHash('sha256').update(`${process.version} ${size} ${mtimeMs}`).digest('hex').slice(0, 16);
	const image = `${imageRepository}-base:${stamp}`;
	if ((await stampOf(docker, image)) === undefined) {
		say(`making the range's base image from Node ${process.versions.node}`);
		await importBase(docker, node, stamp, signal);
	}
	return { image, stamp };
}

async function pullBase(docker: Docker, say: (line: string) => void, platform: string, signal: AbortSignal | undefined): Promise<Base> {
	try {
		await docker.getImage(pulledBase).inspect();
	} catch {
		say(`this Node cannot run on an engine of ${platform}: pulling ${pulledBase}`);
		try {
			await finish(docker, await docker.pull(pulledBase, signal === undefined ? {} : { abortSignal: signal }));
		} catch (cause) {
			signal?.throwIfAborted();
			throw new EngineError('engine', `the image ${pulledBase} cannot be pulled`, { advice: 'The range needs it on this machine. Check the network, then run this again.', cause });
		}
	}
	return { image: pulledBase, stamp: pulledBase };
}

/** An import that is cut off leaves no image behind: the engine refuses an archive without its end. */
async function importBase(docker: Docker, node: string, stamp: string, signal: AbortSignal | undefined): Promise<void> {
	const archive = pack();
	const body = new PassThrough();
	const fill = async () => {
		for (const name of ['app', 'control', 'data', 'tmp', 'proc', 'sys', 'dev', 'etc', 'root']) {
			archive.entry({ name, type: 'directory', mode: name === 'tmp' ? 0o1777 : 0o755 });
		}
		archive.entry({ name: 'etc/passwd' }, 'root:x:0:0:root:/root:/bin/sh\n');
		archive.entry({ name: 'etc/group' }, 'root:x:0:\n');
		for (const file of await runtimeFiles(node)) {
			const { size } = await stat(file.from);
			await pipeline(createReadStream(file.from), archive.entry({ name: file.to, size, mode: 0o755 }));
		}
		archive.finalize();
	};
	const sending = Promise.all([fill().catch((error: unknown) => {
		archive.destroy(error instanceof Error ? error : new Error(String(error)));
		throw error;
	}), pipeline(archive, body, signal === undefined ? {} : { signal })]);
	const importing = docker.importImage(body, { repo: `${imageRepository}-base`, tag: stamp, changes: `LABEL ${imageLabel}=${stamp}` });
	const [, progress] = await Promise.all([sending, importing]);
	await finish(docker, progress);
}

/** All of them from one container, so that they share the layer with the service's files and differ in a variable only. */
async function makeReleases(docker: Docker, base: string, missing: readonly { readonly release: Release; readonly stamp: string }[], source: ServiceSource, signal: AbortSignal | undefined): Promise<void> {
	const container = await docker.createContainer({
		Image: base,
		Entrypoint: [...entrypoint],
		Cmd: ['/app/api.mjs'],
		WorkingDir: '/app',
		Env: ['PATH=/usr/local/bin:/bin:/usr/bin'],
		NetworkDisabled: true,
	});
	try {
		const files = Object.entries(source).map(([name, text]) => ({ name: `app/${name}`, text }));
		await container.putArchive(await textArchive(files, ['app', 'control']), { path: '/' });
		for (const { release, stamp } of missing) {
			signal?.throwIfAborted();
			const changes = [
				`ENV APP_VERSION=${release.version} APP_RELEASE=${release.behaviour}`,
				`LABEL ${imageLabel}=${stamp} org.opencontainers.image.version=${release.version} org.opencontainers.image.title=cloud-native-poc`,
			].join('\n');
			await container.commit({ repo: imageRepository, tag: release.version, changes });
		}
	} finally {
		await container.remove({ force: true });
	}
}

/** What the image was made from; `undefined` where there is no such image. */
async function stampOf(docker: Docker, image: string): Promise<string | undefined> {
	try {
		const { Config } = await docker.getImage(image).inspect();
		return Config.Labels?.[imageLabel];
	} catch (error) {
		if (error instanceof Error && 'statusCode' in error && error.statusCode === 404) {
			return undefined;
		}
		throw error;
	}
}

/** Waits for the end of a stream of progress. @throws Error where it says that it failed */
async function finish(docker: Docker, progress: NodeJS.ReadableStream): Promise<void> {
	await new Promise<void>((resolve, reject) => {
		docker.modem.followProgress(progress, (error) => (error === null ? resolve() : reject(error)));
	});
}

/** File name to text. */
type ServiceSource = Readonly<Record<string, string>>;

/** The service's files lie beside this one in a checkout, and in `range/` beside the bundle. */
async function serviceSource(): Promise<ServiceSource> {
	for (const folder of ['./range/', './service/']) {
		const path = fileURLToPath(new URL(folder, import.meta.url));
		const names = await filesIn(path);
		if (names.length > 0) {
			return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(join(path, name), 'utf8')] as const)));
		}
	}
	throw new Error("the range's service is missing from this installation: build it again (npm run build)");
}

async function filesIn(folder: string): Promise<readonly string[]> {
	try {
		return (await readdir(folder)).filter((name) => name.endsWith('.mjs')).sort();
	} catch {
		return [];
	}
}
