import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { absentTraces } from './hostTraces.ts';

/** Where a private engine keeps everything. All of it lies below one folder. */
export interface EngineFolder {
	readonly dir: string;
	readonly socket: string;
	readonly host: string;
	readonly data: string;
	readonly exec: string;
	readonly pidFile: string;
	readonly log: string;
	readonly settings: string;
	readonly runtime: { readonly data: string; readonly state: string; readonly socket: string; readonly settings: string; readonly log: string };
	readonly record: string;
}

/** A socket's address holds 107 bytes, and the longest one below the folder takes 40 of them. */
const longestFolder = 64;

/** @throws Error where the folder's name is too long for the sockets in it */
export function engineFolder(dir: string): EngineFolder {
	if (Buffer.byteLength(dir) > longestFolder || !dir.startsWith('/')) {
		throw new Error(`a private engine cannot live in ${dir}: its folder must be an absolute path of at most ${longestFolder} bytes, for sockets have short names`);
	}
	const socket = join(dir, 'docker.sock');
	return {
		dir,
		socket,
		host: `unix://${socket}`,
		data: join(dir, 'data'),
		exec: join(dir, 'exec'),
		pidFile: join(dir, 'engine.pid'),
		log: join(dir, 'engine.log'),
		settings: join(dir, 'engine.json'),
		runtime: {
			data: join(dir, 'runtime'),
			state: join(dir, 'state'),
			socket: join(dir, 'runtime.sock'),
			settings: join(dir, 'runtime.toml'),
			log: join(dir, 'runtime.log'),
		},
		record: join(dir, 'record.json'),
	};
}

/** Makes the folder, its settings, and notes what is not on this machine yet and will have to go with it. */
export async function prepareFolder(folder: EngineFolder): Promise<void> {
	await mkdir(folder.dir, { recursive: true, mode: 0o711 });
	// An own settings file, for the machine's /etc/docker/daemon.json is meant for the machine's engine.
	await writeFile(folder.settings, '{}\n');
	await writeFile(
		folder.runtime.settings,
		[
			'version = 2',
			`root = "${folder.runtime.data}"`,
			`state = "${folder.runtime.state}"`,
			// The first needs networks of Kubernetes, the second writes to /opt.
			'disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]',
			'[grpc]',
			`address = "${folder.runtime.socket}"`,
			'',
		].join('\n'),
	);
	if ((await absentBefore(folder)) === undefined) {
		await writeFile(folder.record, `${JSON.stringify({ absentBefore: absentTraces() })}\n`);
	}
}

/** What was not on this machine before the engine's first start; `undefined` where nothing was noted. */
export async function absentBefore(folder: EngineFolder): Promise<readonly string[] | undefined> {
	try {
		const record: unknown = JSON.parse(await readFile(folder.record, 'utf8'));
		const noted = typeof record === 'object' && record !== null && 'absentBefore' in record ? record.absentBefore : undefined;
		return Array.isArray(noted) ? noted.filter((path) => typeof path === 'string') : [];
	} catch {
		return undefined;
	}
}

/** The engine's arguments. It changes no firewall, makes no bridge of its own, and routes nothing. */
export function engineArguments(folder: EngineFolder, extra: readonly string[]): readonly string[] {
	return [
		`--config-file=${folder.settings}`,
		`--data-root=${folder.data}`,
		`--exec-root=${folder.exec}`,
		`--pidfile=${folder.pidFile}`,
		`--containerd=${folder.runtime.socket}`,
		`--host=${folder.host}`,
		'--group=0',
		'--bridge=none',
		'--iptables=false',
		'--ip6tables=false',
		'--ip-forward=false',
		'--ip-masq=false',
		// Many small networks of a range that few use; the engine skips those that a route of the machine covers.
		'--default-address-pool=base=10.213.0.0/16,size=24',
		'--shutdown-timeout=5',
		...extra,
	];
}
