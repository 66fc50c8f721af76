import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fields, isFields, parseJson, text } from './narrow.ts';
import type { TlsMaterial } from './target.ts';

/** Reads a whole text file; `undefined` where it does not exist. Other failures reject. */
export type ReadText = (path: string) => Promise<string | undefined>;

/** Where a docker context points. */
export interface ContextEndpoint {
	readonly host: string;
	readonly tls?: TlsMaterial;
}

/** Folder of the docker CLI's settings. */
export function configDir(env: Readonly<Record<string, string | undefined>>, homeDir: string): string {
	const named = env['DOCKER_CONFIG'];
	return named === undefined || named === '' ? join(homeDir, '.docker') : named;
}

/** Settings of the docker CLI that cannot be read, and so cannot tell which engine is meant. */
export class SettingsError extends Error {
	override readonly name = 'SettingsError';
}

/**
 * The `currentContext` of config.json; `undefined` where none is set or there is no such file.
 * @throws SettingsError where the file is broken: it may name another engine than the usual one
 */
export async function currentContext(directory: string, readText: ReadText): Promise<string | undefined> {
	const path = join(directory, 'config.json');
	const source = await readSettings(path, readText);
	if (source === undefined || source.trim() === '') {
		return undefined;
	}
	const settings = parseJson(source);
	if (!isFields(settings)) {
		throw new SettingsError(`${path} is no JSON object`);
	}
	return text(settings['currentContext']);
}

/**
 * Where a named context points, with its TLS material; `undefined` where there is no such context.
 * The store names a context's folders by the SHA-256 of its name.
 */
export async function readContext(directory: string, name: string, readText: ReadText): Promise<ContextEndpoint | undefined> {
	const key = createHash('sha256').update(name).digest('hex');
	const source = await readSettings(join(directory, 'contexts', 'meta', key, 'meta.json'), readText);
	if (source === undefined) {
		return undefined;
	}
	const endpoint = fields(fields(fields(parseJson(source))['Endpoints'])['docker']);
	const host = text(endpoint['Host']);
	if (host === undefined) {
		return undefined;
	}
	const material = await readPems(join(directory, 'contexts', 'tls', key, 'docker'), readText);
	const skipVerify = endpoint['SkipTLSVerify'] === true;
	if (Object.keys(material).length === 0 && !skipVerify) {
		return { host };
	}
	return { host, tls: { ...material, verify: !skipVerify } };
}

/**
 * TLS material from the environment, as the docker CLI reads it: DOCKER_TLS_VERIFY asks for a verified
 * connection, DOCKER_TLS for an unverified one, DOCKER_CERT_PATH says where the certificates are.
 */
export async function environmentTls(
	env: Readonly<Record<string, string | undefined>>,
	directory: string,
	readText: ReadText,
): Promise<TlsMaterial | undefined> {
	const verify = (env['DOCKER_TLS_VERIFY'] ?? '') !== '';
	if (!verify && (env['DOCKER_TLS'] ?? '') === '') {
		return undefined;
	}
	const named = env['DOCKER_CERT_PATH'] ?? '';
	return { ...(await readPems(named === '' ? directory : named, readText)), verify };
}

async function readPems(directory: string, readText: ReadText): Promise<{ ca?: string; cert?: string; key?: string }> {
	const [ca, cert, key] = await Promise.all(
		['ca.pem', 'cert.pem', 'key.pem'].map(async (file) => readSettings(join(directory, file), readText)),
	);
	return {
		...(ca === undefined ? {} : { ca }),
		...(cert === undefined ? {} : { cert }),
		...(key === undefined ? {} : { key }),
	};
}

async function readSettings(path: string, readText: ReadText): Promise<string | undefined> {
	try {
		return await readText(path);
	} catch (cause) {
		throw new SettingsError(`${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
	}
}
