import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { configDir, type ReadText } from './contexts.ts';
import { fields, parseJson, text } from './narrow.ts';

/** Names of the docker contexts of this account, `default` first; only that one where there are no others. */
export async function contextNames(env: Readonly<Record<string, string | undefined>>, homeDir: string, readText: ReadText): Promise<readonly string[]> {
	const folder = join(configDir(env, homeDir), 'contexts', 'meta');
	const entries = await readdir(folder).catch((): string[] => []);
	const names: string[] = [];
	for (const entry of entries) {
		const source = await readText(join(folder, entry, 'meta.json')).catch(() => undefined);
		const name = source === undefined ? undefined : text(fields(parseJson(source))['Name']);
		if (name !== undefined) names.push(name);
	}
	return ['default', ...names.toSorted((a, b) => a.localeCompare(b))];
}
