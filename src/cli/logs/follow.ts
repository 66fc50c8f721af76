import { backoffMs } from '../../domain/backoff.ts';
import { formatDuration } from '../../domain/duration.ts';
import { EngineError } from '../../domain/engine.ts';
import { chosenNow, type FollowRequest, FollowSession, pass } from './followSession.ts';
import type { LineTaker } from './line.ts';
import type { Position } from './read.ts';

/** Time between two signs of life asked of the engine, ms: a connection that is dead without a word is noticed. */
const pingEveryMs = 5000;
/** So many pings in a row without an answer mean that it is. */
const silentPings = 2;

/**
 * Follows the logs of containers over stops, starts and re-creation, and over an engine that goes away and comes back:
 * each log is taken up again where it was left, and one that is made anew is followed from its beginning. Ends with the
 * signal, or once every container is gone for good.
 * @throws EngineError where the engine cannot be reached at first
 */
export const followLogs = async (request: FollowRequest): Promise<void> => {
	const { engine, clock, signal } = request;
	const following = new Following(request);
	for (let attempt = 0; !signal.aborted; attempt++) {
		const startedAt = clock.monotonic();
		try {
			await following.connected();
			return;
		} catch (error) {
			if (signal.aborted) return;
			if (!following.begun || !(error instanceof EngineError)) throw error;
			if (clock.monotonic() - startedAt > 30_000) attempt = 0;
			const waitMs = backoffMs(attempt, request.random());
			request.tell(`${engine.target.name}: ${error.message}; next try in ${formatDuration(waitMs)}`);
			await pass(clock, waitMs, signal);
		}
	}
};

/** What is kept over connections: where each log was left, and where its lines go. */
class Following {
	readonly #request: FollowRequest;
	readonly #positions = new Map<string, Position>();
	/** Containers whose log ended and goes on only when they start again, with their labels. */
	readonly #resting = new Map<string, string>();
	#taker: (LineTaker & { logs: number }) | undefined;

	constructor(request: FollowRequest) {
		this.#request = request;
	}

	/** True once the first list has been followed: from then on an engine that goes away is waited for. */
	get begun(): boolean {
		return this.#taker !== undefined;
	}

	/** Follows over one connection. Resolves at the end of it all. @throws EngineError when the engine goes away */
	async connected(): Promise<void> {
		const { engine, signal } = this.#request;
		const session = new AbortController();
		const stop = (): void => session.abort();
		signal.addEventListener('abort', stop, { once: true });
		const failure = Promise.withResolvers<never>();
		// It may fail before anybody waits for it.
		failure.promise.catch(() => {});
		const over = Promise.withResolvers<void>();
		const reader = new FollowSession(this.#request, session.signal, this.#positions, this.#resting, failure.reject, over.resolve);
		try {
			// Events first, then the list: nothing that starts in between is missed.
			const events = engine.events((event) => {
				if (event.kind === 'started') reader.refresh();
				else if (event.kind === 'removed') reader.removed(event.containerId);
			}, session.signal);
			events.ended.catch(failure.reject);
			await events.ready;
			const services = await this.#request.services();
			const again = this.#taker !== undefined;
			const sources = again ? chosenNow(this.#request, services) : this.#request.choose(services);
			this.#taker ??= this.#request.begin(sources);
			if (again) this.#request.tell(`${engine.target.name}: back; reading on`);
			reader.begin(this.#taker, sources, services);
			session.signal.addEventListener('abort', () => over.resolve(), { once: true });
			if (session.signal.aborted) return;
			void this.#listen(session.signal).catch(failure.reject);
			await Promise.race([over.promise, failure.promise]);
		} finally {
			signal.removeEventListener('abort', stop);
			session.abort();
			if (this.#taker !== undefined) this.#taker.logs = 0;
		}
	}

	/** @throws EngineError when the engine does not answer any more */
	async #listen(signal: AbortSignal): Promise<void> {
		const { engine, clock } = this.#request;
		for (let silent = 0; ; ) {
			await pass(clock, pingEveryMs, signal);
			if (signal.aborted) return;
			try {
				await engine.ping({ signal });
				silent = 0;
			} catch (error) {
				silent++;
				if (signal.aborted) return;
				if (silent >= silentPings) throw error;
			}
		}
	}
}
