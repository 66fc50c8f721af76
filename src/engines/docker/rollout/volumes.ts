import { fields, list, strings, text, type Fields } from '../narrow.ts';

/** The volumes of a container, so that a new one gets the same data. */
export interface CarriedVolumes {
	/** `HostConfig.Binds` */
	readonly binds: readonly string[];
	/** `HostConfig.Mounts` */
	readonly mounts: readonly Fields[];
	/** Volumes without a name of their own, which a new container would get afresh: bound by the name the engine gave them. */
	readonly rebound: readonly { readonly volume: string; readonly path: string }[];
}

/** @param container the reply of `/containers/{id}/json` */
export function carryVolumes(container: Fields): CarriedVolumes {
	const host = fields(container['HostConfig']);
	const actual = new Map<string, { readonly volume: string; readonly readOnly: boolean }>();
	for (const item of list(container['Mounts'])) {
		const mount = fields(item);
		const path = text(mount['Destination']);
		const volume = text(mount['Name']);
		if (mount['Type'] === 'volume' && path !== undefined && volume !== undefined) {
			actual.set(clean(path), { volume, readOnly: mount['RW'] === false });
		}
	}
	const rebound: { volume: string; path: string }[] = [];
	const taken = new Set<string>();
	const binds = strings(host['Binds']).map((bind) => {
		const path = bindPath(bind);
		taken.add(clean(path));
		const volume = bind.startsWith('/') && !bind.slice(1).includes(':') ? actual.get(clean(path)) : undefined;
		if (volume === undefined) {
			return bind;
		}
		rebound.push({ volume: volume.volume, path });
		return `${volume.volume}:${path}`;
	});
	const mounts = list(host['Mounts']).map((item) => {
		const mount = fields(item);
		const path = text(mount['Target']) ?? '';
		taken.add(clean(path));
		const volume = mount['Type'] === 'volume' && text(mount['Source']) === undefined ? actual.get(clean(path)) : undefined;
		if (volume === undefined) {
			return mount;
		}
		rebound.push({ volume: volume.volume, path });
		return { ...mount, Source: volume.volume };
	});
	const own: string[] = [];
	for (const path of Object.keys(fields(fields(container['Config'])['Volumes']))) {
		const volume = actual.get(clean(path));
		if (volume !== undefined && !taken.has(clean(path))) {
			rebound.push({ volume: volume.volume, path });
			own.push(`${volume.volume}:${path}${volume.readOnly ? ':ro' : ''}`);
		}
	}
	return { binds: [...binds, ...own], mounts, rebound };
}

/** `source:/path:options`, or `/path` alone. */
function bindPath(bind: string): string {
	const [first = '', second] = bind.split(':');
	return second ?? first;
}

/** The engine writes paths without a slash at their end. */
const clean = (path: string): string => (path.length > 1 ? path.replace(/\/+$/, '') : path);
