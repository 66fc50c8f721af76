import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Ours are told by their ending, wherever another console keeps its own. */
const ending = '.sitrep.yaml';

export const isOverride = (path: string): boolean => path.endsWith(ending);

/** @param folder where files of ours for compose are kept */
export const overridePath = (folder: string, project: string, service: string): string => join(folder, project, `${service}${ending}`);

/** @param name of the file, without its folder */
export const serviceOf = (name: string): string => name.slice(0, -ending.length);

const engineWords = '# Engine: ';

/** Address of the engine that a file of ours is for; `undefined` where it does not say. */
export function engineOf(source: string): string | undefined {
	return source.split('\n').find((line) => line.startsWith(engineWords))?.slice(engineWords.length);
}

/**
 * Only the image: all else stays the project's own.
 * @param carried paths of volumes without a name, which compose keeps where a file names them
 */
export function overrideText(service: string, image: string, carried: readonly string[] = [], engine?: string): string {
	const volumes = carried.length === 0 ? '' : `    volumes:\n${carried.map((path) => `    - ${JSON.stringify(path)}\n`).join('')}`;
	return `# Written by sitrep: the version that ${service} was moved to. Compose reads it after the project's own files.\n${engine === undefined ? '' : `${engineWords}${engine.replaceAll(/[\r\n]/g, '')}\n`}services:\n  ${JSON.stringify(service)}:\n    image: ${JSON.stringify(image)}\n${volumes}`;
}

/** In one step: compose never reads half of it. */
export async function writeOverride(path: string, service: string, image: string, carried: readonly string[] = [], engine?: string): Promise<void> {
	await mkdir(dirname(path), { recursive: true, mode: 0o700 });
	const draft = `${path}.${process.pid}`;
	await writeFile(draft, overrideText(service, image, carried, engine), { mode: 0o600 });
	await rename(draft, path);
}
