import type { Engine } from '../../domain/engine.ts';
import type { Service } from '../../domain/service.ts';
import type { LogLine, LogSource } from './line.ts';
import type { LogsOptions } from './options.ts';
import { type Position, readSource } from './read.ts';

export interface FollowRequest {
	readonly engine: Engine;
	readonly options: LogsOptions;
	readonly services: () => Promise<readonly Service[]>;
	/** Which containers are meant, of those there are. Throws where none is. */
	readonly choose: (services: readonly Service[]) => readonly LogSource[];
	readonly signal: AbortSignal;
	/** Called once with the containers there are at first. */
	readonly begin: (sources: readonly LogSource[]) => void;
	readonly take: (line: LogLine) => void;
	/** Something a person should know, in one line. */
	readonly tell: (words: string) => void;
}

/**
 * Follows the logs of containers over stops, starts and re-creation: one that stops is taken up again where it was
 * left, one that is made anew is followed from its beginning. Ends with the signal.
 * @throws EngineError when the engine goes away
 */
export const followLogs = async (request: FollowRequest): Promise<void> => {
	const { engine, signal } = request;
	const open = new Set<string>();
	const positions = new Map<string, Position>();
	const failure = Promise.withResolvers<never>();
	// It may fail before anybody waits for it.
	failure.promise.catch(() => {});

	const attach = (source: LogSource): void => {
		const id = source.containerId;
		if (open.has(id) || signal.aborted) return;
		open.add(id);
		const { end, position } = readSource(engine, source, request.options, signal, request.take, positions.get(id));
		positions.set(id, position);
		end.then((ended) => {
			open.delete(id);
			if (signal.aborted) return;
			if (ended.kind === 'unsupported') request.tell(`${source.label}: its log cannot be read: ${ended.words} (log driver ${ended.driver})`);
			else request.tell(`${source.label}: ${ended.kind === 'gone' ? 'removed' : 'stopped'}; its log goes on when it starts again`);
		}, failure.reject);
	};
	/** One list at a time; an event that comes meanwhile asks for another. */
	let listing: Promise<void> | undefined;
	let again = false;
	const refresh = (): void => {
		if (listing !== undefined) {
			again = true;
			return;
		}
		listing = request
			.services()
			.then((services) => {
				for (const source of chosenNow(request, services)) if (isUp(services, source.containerId)) attach(source);
			})
			.catch(failure.reject)
			.finally(() => {
				listing = undefined;
				if (again) {
					again = false;
					refresh();
				}
			});
	};

	// Events first, then the list: nothing that starts in between is missed.
	const events = engine.events((event) => {
		if (event.kind === 'started') refresh();
	}, signal);
	events.ended.catch(failure.reject);
	await events.ready;
	const sources = request.choose(await request.services());
	request.begin(sources);
	for (const source of sources) attach(source);
	const aborted = Promise.withResolvers<void>();
	if (signal.aborted) return;
	signal.addEventListener('abort', () => aborted.resolve(), { once: true });
	await Promise.race([aborted.promise, failure.promise]);
};

const isUp = (services: readonly Service[], id: string): boolean =>
	services.some((service) => service.containers.some((each) => each.id === id && each.state === 'running'));

/** A service may be gone for a moment while it is made anew. */
const chosenNow = (request: FollowRequest, services: readonly Service[]): readonly LogSource[] => {
	try {
		return request.choose(services);
	} catch {
		return [];
	}
};
