import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { EngineHost } from './engineClient.ts';

/** What the demo made, so that it can be taken away. */
export interface DemoRecord {
	readonly host: EngineHost;
	readonly privateEngine: boolean;
	/** Debian packages that the demo installed. */
	readonly packages: readonly string[];
}

/** Everything of the demo lies below one folder. Root's has a short name, for a private engine's sockets are in it. */
export function demoFolder(env: Readonly<Record<string, string | undefined>>, uid: number, home: string = homedir()): string {
	if (uid === 0) {
		return '/var/lib/sitrep-demo';
	}
	const state = env['XDG_STATE_HOME'];
	return join(state === undefined || state === '' ? join(home, '.local', 'state') : state, 'sitrep', 'demo');
}

const recordFile = (folder: string): string => join(folder, 'demo.json');

/** What an earlier demo left; `undefined` where there was none. */
export async function readRecord(folder: string): Promise<DemoRecord | undefined> {
	try {
		return asRecord(JSON.parse(await readFile(recordFile(folder), 'utf8')));
	} catch {
		return undefined;
	}
}

function asRecord(value: unknown): DemoRecord | undefined {
	if (typeof value !== 'object' || value === null || !('host' in value) || typeof value.host !== 'string') {
		return undefined;
	}
	const packages = 'packages' in value && Array.isArray(value.packages) ? value.packages.filter((name) => typeof name === 'string') : [];
	return { host: value.host, privateEngine: 'privateEngine' in value && value.privateEngine === true, packages };
}

/** Notes what was made. Packages that an earlier demo installed stay on the list. */
export async function writeRecord(folder: string, record: DemoRecord): Promise<void> {
	const earlier = await readRecord(folder);
	await mkdir(folder, { recursive: true });
	const packages = [...new Set([...(earlier?.packages ?? []), ...record.packages])];
	await writeFile(recordFile(folder), `${JSON.stringify({ ...record, packages }, undefined, '\t')}\n`);
}

export async function removeRecord(folder: string): Promise<void> {
	await rm(folder, { recursive: true, force: true });
}
