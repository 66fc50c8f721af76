import { readFile, stat } from 'node:fs/promises';
import process from 'node:process';
import { configPlaces, distrust } from '../config/find.ts';
import type { Config } from '../config/schema.ts';

/** The configuration that holds, and where it stands. */
export interface FoundConfig {
	readonly path: string;
	readonly config: Config;
}

/**
 * Reads the first configuration that is there. The schema and the YAML parser are loaded only then: most consoles
 * open without a file.
 * @throws ConfigError with every mistake in it; Error where it must not be trusted or a named one is missing
 */
export const readConfig = async (option: string | undefined): Promise<FoundConfig | undefined> => {
	for (const place of configPlaces(process.env, process.cwd(), option)) {
		const found = await stat(place.path).catch(() => undefined);
		if (found === undefined) {
			if (place.required) throw new Error(`${place.path} (${place.origin}): no such file`);
			continue;
		}
		const doubt = place.fromDirectory ? distrust({ uid: found.uid, mode: found.mode }, process.getuid?.() ?? 0) : undefined;
		if (doubt !== undefined) throw new Error(`${place.path}: ${doubt}`);
		const { loadConfig } = await import('../config/load.ts');
		return { path: place.path, config: await loadConfig((path) => readFile(path, 'utf8'), place.path) };
	}
	return undefined;
};
