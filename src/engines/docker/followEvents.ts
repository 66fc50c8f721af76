import type { EngineEvent } from '../../domain/engine.ts';
import type { Connection } from './connection.ts';
import type { Endings } from './endings.ts';
import { parseEvent } from './events.ts';
import { JsonLines } from './jsonLines.ts';
import { PodmanStops } from './podmanStops.ts';

/** Asked of Docker only: Podman filters by its own words. `health_status` matches whatever result follows it; `disconnect` is a network's. */
const wantedActions = [
	'create',
	'start',
	'die',
	'stop',
	'kill',
	'oom',
	'pause',
	'unpause',
	'restart',
	'rename',
	'health_status',
	'health_status: healthy',
	'health_status: unhealthy',
	'destroy',
	'update',
	'disconnect',
];

/** Follows the engine's events. Contract: see `Engine.events`. @param endings begun with this stream @param stops for Podman */
export function followEvents(connection: Connection, endings: Endings, stops: PodmanStops, sink: (event: EngineEvent) => void, signal: AbortSignal): { ready: Promise<void>; ended: Promise<void> } {
	let isReady = () => {};
	let isNotReady = (_error: unknown) => {};
	const ready = new Promise<void>((resolve, reject) => {
		isReady = resolve;
		isNotReady = reject;
	});
	const ended = run(connection, endings, stops, sink, signal, isReady);
	// Whoever waits for one of the two hears of a failure; the other must not end the process.
	ended.then(isReady, isNotReady);
	ready.catch(() => {});
	ended.catch(() => {});
	return { ready, ended };
}

/** Events between two moments, both in the engine's past: the engine sends what it remembers and ends the stream. */
export async function readPastEvents(connection: Connection, fromMs: number, toMs: number, signal: AbortSignal): Promise<readonly EngineEvent[]> {
	try {
		const { kind } = await connection.negotiated({ signal });
		const query = { filters: filtersFor(kind), since: (fromMs / 1000).toFixed(3), until: (toMs / 1000).toFixed(3) };
		const response = await connection.open({ method: 'GET', path: '/events', query, what: 'read past events' }, signal);
		const events: EngineEvent[] = [];
		const stops = new PodmanStops(connection.ports.clock);
		const lines = new JsonLines((document) => {
			const event = parseEvent(document);
			if (event !== undefined) {
				events.push(...(kind === 'docker' ? [event] : stops.note(event)));
			}
		});
		for await (const chunk of response) {
			if (chunk instanceof Uint8Array) {
				lines.push(chunk);
			}
		}
		return events;
	} catch (error) {
		throw await connection.explain(error, 'read past events');
	}
}

const filtersFor = (kind: string): string => JSON.stringify(kind === 'docker' ? { type: ['container', 'network'], event: wantedActions } : { type: ['container'] });

async function run(connection: Connection, endings: Endings, stops: PodmanStops, sink: (event: EngineEvent) => void, signal: AbortSignal, isReady: () => void): Promise<void> {
	try {
		const { kind } = await connection.negotiated({ signal });
		const response = await connection.open({ method: 'GET', path: '/events', query: { filters: filtersFor(kind) }, what: 'follow events' }, signal);
		isReady();
		const lines = new JsonLines((document) => {
			const event = parseEvent(document);
			if (event !== undefined) {
				// Podman sends no word of the signals of a stop: their absence proves nothing there.
				for (const each of kind === 'docker' ? [endings.note(event)] : stops.note(event)) {
					sink(each);
				}
			}
		});
		for await (const chunk of response) {
			if (chunk instanceof Uint8Array) {
				lines.push(chunk);
			}
		}
		// An engine ends this stream only by going away.
		throw Object.assign(new Error('the engine ended the stream'), { code: 'ECONNRESET' });
	} catch (error) {
		if (signal.aborted) {
			return;
		}
		throw await connection.explain(error, 'follow events');
	}
}
