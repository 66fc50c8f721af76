import type Docker from 'dockerode';
import { containerName, networkName } from '../../src/drill/rangeNames.ts';
import { field } from './field.ts';

/** Requests of the range's load generator that were sent in one window. Every one is in exactly one of ok, failed, underWay. */
export interface LoadWindow {
	readonly id: number;
	readonly sent: number;
	readonly ok: number;
	readonly failed: number;
	readonly underWay: number;
	/** How many failed, by why. */
	readonly reasons: Readonly<Record<string, number>>;
	/** Longest time without any answer, ms. */
	readonly longestGapMs: number;
	readonly lastedMs: number;
	/** False for the window that goes on. */
	readonly over: boolean;
}

/** Ends the window that goes on, and begins another. @returns the one that ended; requests may still be under way in it */
export const turnStats = async (docker: Docker, range: string): Promise<LoadWindow> => ask(docker, range, '/stats', 'POST');

/** @param id of an earlier window; the one that goes on where absent @throws Error */
export const readStats = async (docker: Docker, range: string, id?: number): Promise<LoadWindow> => ask(docker, range, id === undefined ? '/stats' : `/stats/${id}`, 'GET');

const ask = async (docker: Docker, range: string, path: string, method: 'GET' | 'POST'): Promise<LoadWindow> => {
	const { NetworkSettings } = await docker.getContainer(containerName(range, 'loadgen')).inspect();
	return askStats(NetworkSettings.Networks[networkName(range)]?.IPAddress ?? '', path, method);
};

/** @param address of a load generator's container, which this machine reaches @throws Error */
export const askStats = async (address: string, path: string, method: 'GET' | 'POST'): Promise<LoadWindow> => {
	const response = await fetch(`http://${address}:8081${path}`, { method, signal: AbortSignal.timeout(5000) });
	return windowOf(await response.json());
};

const windowOf = (value: unknown): LoadWindow => {
	const count = (name: string): number => {
		const found = field(value, name);
		if (typeof found !== 'number') throw new Error(`the load generator says nothing of ${name}: ${JSON.stringify(value)}`);
		return found;
	};
	const reasons = field(value, 'reasons');
	return {
		id: count('id'),
		sent: count('sent'),
		ok: count('ok'),
		failed: count('failed'),
		underWay: count('underWay'),
		reasons: Object.fromEntries(Object.entries(typeof reasons === 'object' && reasons !== null ? reasons : {}).map(([why, times]) => [why, Number(times)])),
		longestGapMs: count('longestGapMs'),
		lastedMs: count('lastedMs'),
		over: field(value, 'over') === true,
	};
};
