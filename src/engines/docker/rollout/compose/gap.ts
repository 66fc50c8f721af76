import { setTimeout as sleep } from 'node:timers/promises';
import { EngineError, type EngineEvent } from '../../../../domain/engine.ts';
import type { Connection } from '../../connection.ts';
import { Endings } from '../../endings.ts';
import { followEvents } from '../../followEvents.ts';
import { PodmanStops } from '../../podmanStops.ts';

/** The engine tells of a start a moment after it has answered. */
const lastWordMs = 100;

/** When a service went and came, by the engine's own clock, epoch ms. */
export interface Gap {
	/** The last of those that ran was asked to end. */
	readonly downAt?: number;
	/** The first one after that was started. */
	readonly upAt?: number;
}

/** Nobody answers from the end of the last of those that ran until the first start after it. Pure. */
export function gapOf(events: readonly EngineEvent[], ran: readonly string[], project: string, service: string): Gap {
	const own = events.filter(({ attributes }) => attributes['com.docker.compose.project'] === project && attributes['com.docker.compose.service'] === service);
	const ends = ran.map((id) => own.find(({ containerId, kind }) => containerId === id && (kind === 'stopping' || kind === 'killed' || kind === 'died'))?.at);
	const starts = own.filter(({ kind }) => kind === 'started').map(({ at }) => at);
	const known = ends.filter((at) => at !== undefined);
	const downAt = known.length === 0 || known.length < ends.length ? undefined : Math.max(...known);
	const upAt = starts.filter((at) => downAt === undefined || at >= downAt).sort((a, b) => a - b)[0];
	const before = starts.some((at) => downAt !== undefined && at < downAt);
	return { ...(downAt === undefined || before ? {} : { downAt }), ...(upAt === undefined ? {} : { upAt }) };
}

/** Does something and tells from the engine's events when the service went and came while it was done. Without events it tells nothing. */
export async function withGap(connection: Connection, { ran, project, service }: { readonly ran: readonly string[]; readonly project: string; readonly service: string }, run: () => Promise<void>, tell: (gap: Gap) => void): Promise<void> {
	const events: EngineEvent[] = [];
	const stop = new AbortController();
	const stream = followEvents(connection, new Endings(connection.ports.clock), new PodmanStops(connection.ports.clock), (event) => events.push(event), stop.signal);
	try {
		await stream.ready.catch((error: unknown) => {
			if (!(error instanceof EngineError)) {
				throw error;
			}
		});
		await run();
		const { downAt, upAt } = gapOf(events, ran, project, service);
		if (downAt !== undefined && upAt === undefined) {
			await sleep(lastWordMs);
		}
	} finally {
		stop.abort();
		tell(gapOf(events, ran, project, service));
	}
}
