import { setTimeout as sleep } from 'node:timers/promises';
import { EngineError, type CallOptions } from '../../../domain/engine.ts';
import type { RolloutSubject } from '../../../domain/rollout.ts';
import { fields, isFields, list, stringMap, strings, text, type Fields } from '../narrow.ts';
import { nameOf, type RolloutCalls } from './calls.ts';
import { whyNotCompose } from './compose/whyNotCompose.ts';
import { idOf, networksOf } from './look.ts';
import { getsAddressAgain } from './names.ts';

/** Everything a plan is worked out from. */
export interface PlanFacts {
	/** Replies of the engine. */
	readonly container: Fields;
	readonly fromImage: Fields | undefined;
	readonly toImage: Fields | undefined;
	readonly others: readonly Fields[];
	/** True where there are more than were looked at. */
	readonly moreOthers: boolean;
	/** Networks of it that are there: name to id. */
	readonly networks: ReadonlyMap<string, string>;
	/** Names of those where it may not get its address again once it has left them. */
	readonly otherAddress: ReadonlySet<string>;
	/** Paths written in the container's own layer; absent where the engine did not tell in time. */
	readonly written: readonly string[] | undefined;
	readonly apiVersion: string;
	readonly product: 'docker' | 'podman';
	/** Bytes free where the engine keeps its data, where that is on this machine. */
	readonly freeBytes: number | undefined;
	/** Why compose, which made it, cannot be asked to move it; absent where it can, or did not make it. */
	readonly whyNotCompose?: string | undefined;
}

/** Looking at each costs 0.3 ms. */
const mostOthers = 1000;
/** A container may have written millions of files. */
const changesWithinMs = 3000;

/** @throws EngineError */
export async function gatherFacts(calls: RolloutCalls, subject: RolloutSubject, toImage: string, freeBytes: () => Promise<number | undefined>, options: CallOptions): Promise<PlanFacts> {
	const agreed = await calls.connection.negotiated(options);
	const container = await calls.container(subject.id, options);
	if (container === undefined) {
		throw new EngineError('not-found', `there is no container ${subject.name}`, { advice: 'Look at what is there with `docker ps -a`.' });
	}
	const id = idOf(container);
	const [fromImage, target, listed, written, free, compose] = await Promise.all([
		calls.image(text(container['Image']) ?? '', options),
		calls.image(toImage, options),
		calls.containers(options),
		writtenFiles(calls, container, options),
		freeBytes(),
		whyNotCompose(calls.connection, stringMap(fields(container['Config'])['Labels']), options.signal),
	]);
	const ids = listed.map(idOf).filter((other) => other !== '' && other !== id);
	const others: Fields[] = [];
	const wanted = ids.slice(0, mostOthers);
	for (let at = 0; at < wanted.length; at += 16) {
		const found = await Promise.all(wanted.slice(at, at + 16).map(async (other) => calls.container(other, options)));
		others.push(...found.filter(isFields));
	}
	const networks = new Map<string, string>();
	const otherAddress = new Set<string>();
	for (const [name, networkId] of networksOf(container)) {
		const network = await calls.network(networkId ?? name, options);
		const found = text(network?.['Id']);
		if (network !== undefined && found !== undefined) {
			networks.set(name, found);
			if (!getsAddressAgain(network, container, name)) {
				otherAddress.add(name);
			}
		}
	}
	return { container, fromImage, toImage: target, others, moreOthers: ids.length > mostOthers, networks, otherAddress, written, apiVersion: agreed.version, product: agreed.kind, freeBytes: free, whyNotCompose: compose };
}

/** Files only: a folder counts as changed by what is in it, and where something is mounted the engine makes one. */
async function writtenFiles(calls: RolloutCalls, container: Fields, options: CallOptions): Promise<readonly string[] | undefined> {
	const late = new AbortController();
	const timer = sleep(changesWithinMs, undefined, { signal: late.signal, ref: false }).catch(() => undefined);
	try {
		const found = await Promise.race([calls.changedFiles(idOf(container), { ...options, timeoutMs: changesWithinMs }), timer]);
		if (found === undefined) {
			return undefined;
		}
		const paths = found.flatMap((change) => text(change['Path']) ?? []);
		const folders = new Set(paths.map((path) => path.slice(0, path.lastIndexOf('/'))));
		const mounted = new Set([...list(container['Mounts']).map((mount) => text(fields(mount)['Destination'])), ...Object.keys(fields(fields(container['HostConfig'])['Tmpfs']))]);
		return paths.filter((path) => !folders.has(path) && !mounted.has(path) && !/^\/(tmp|run|var\/run|dev|proc|sys)(\/|$)/.test(path));
	} catch (error) {
		if (error instanceof EngineError && error.kind !== 'unreachable') {
			return undefined;
		}
		throw error;
	} finally {
		late.abort();
	}
}

/** How another container depends on this one; absent where it does not. */
export function dependence(other: Fields, container: Fields): 'network' | 'pid' | 'ipc' | 'link' | 'volumes' | undefined {
	const host = fields(other['HostConfig']);
	const [id, name] = [idOf(container), nameOf(container)];
	const means = (word: string) => word === name || (word.length >= 12 && id.startsWith(word));
	for (const [field, kind] of [['NetworkMode', 'network'], ['PidMode', 'pid'], ['IpcMode', 'ipc']] as const) {
		const mode = text(host[field]) ?? '';
		if (mode.startsWith('container:') && means(mode.slice('container:'.length))) {
			return kind;
		}
	}
	if (strings(host['Links']).some((link) => means((link.split(':')[0] ?? '').replace(/^\//, '')))) {
		return 'link';
	}
	return strings(host['VolumesFrom']).some((from) => means(from.split(':')[0] ?? '')) ? 'volumes' : undefined;
}
