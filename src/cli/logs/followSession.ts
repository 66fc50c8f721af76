import type { Clock } from '../../domain/clock.ts';
import { formatDuration } from '../../domain/duration.ts';
import type { Engine } from '../../domain/engine.ts';
import type { Service } from '../../domain/service.ts';
import type { LineTaker, LogSource } from './line.ts';
import type { LogsOptions } from './options.ts';
import { type Position, readSource } from './read.ts';

/** So long a container that was removed may take to be made anew, ms: a deployment that takes longer starts a new watch. */
const goneMs = 60_000;

export interface FollowRequest {
	readonly engine: Engine;
	readonly clock: Clock;
	readonly random: () => number;
	readonly options: LogsOptions;
	/** Whether the level of each line must be known. */
	readonly levels: boolean;
	readonly services: () => Promise<readonly Service[]>;
	/** Which containers are meant, of those there are. Throws where none is. */
	readonly choose: (services: readonly Service[]) => readonly LogSource[];
	readonly signal: AbortSignal;
	/** Called once with the containers there are at first. @returns where their lines go */
	readonly begin: (sources: readonly LogSource[]) => LineTaker & { logs: number };
	/** Something a person should know, in one line. */
	readonly tell: (words: string) => void;
}

/** Waits, or until the signal aborts. */
export const pass = (clock: Clock, ms: number, signal: AbortSignal): Promise<void> =>
	new Promise((resolve) => {
		const done = (): void => {
			cancel();
			signal.removeEventListener('abort', done);
			resolve();
		};
		const cancel = clock.after(ms, done);
		signal.addEventListener('abort', done, { once: true });
		if (signal.aborted) done();
	});

/** The logs that are read over one connection. */
export class FollowSession {
	readonly #request: FollowRequest;
	readonly #signal: AbortSignal;
	readonly #positions: Map<string, Position>;
	readonly #resting: Map<string, string>;
	readonly #fail: (error: unknown) => void;
	readonly #over: () => void;
	readonly #open = new Set<string>();
	#taker: (LineTaker & { logs: number }) | undefined;
	/** One list at a time; an event that comes meanwhile asks for another. */
	#listing = false;
	#again = false;
	#watching = false;

	constructor(request: FollowRequest, signal: AbortSignal, positions: Map<string, Position>, resting: Map<string, string>, fail: (error: unknown) => void, over: () => void) {
		this.#request = request;
		this.#signal = signal;
		this.#positions = positions;
		this.#resting = resting;
		this.#fail = fail;
		this.#over = over;
	}

	begin(taker: LineTaker & { logs: number }, sources: readonly LogSource[], services: readonly Service[]): void {
		this.#taker = taker;
		const wanted = sources.filter((source) => !this.#resting.has(source.containerId) || isUp(services, source.containerId));
		// Told before the first line comes: several logs are put in order of time, one is not held.
		taker.logs = wanted.length;
		for (const source of wanted) this.#attach(source);
		if (sources.length === 0) this.#waitForAnother();
	}

	refresh(): void {
		if (this.#listing) {
			this.#again = true;
			return;
		}
		this.#listing = true;
		this.#request
			.services()
			.then((services) => {
				for (const source of chosenNow(this.#request, services)) if (isUp(services, source.containerId)) this.#attach(source);
			})
			.catch(this.#fail)
			.finally(() => {
				this.#listing = false;
				if (!this.#again) return;
				this.#again = false;
				this.refresh();
			});
	}

	/** A container is gone whose log has ended; while it is being read, its end comes by itself. */
	removed(id: string): void {
		const label = this.#resting.get(id);
		if (label === undefined) return;
		this.#resting.delete(id);
		this.#positions.delete(id);
		this.#request.tell(`${label}: removed; waiting ${formatDuration(goneMs)} for it to be made anew`);
		this.#waitForAnother();
	}

	#attach(source: LogSource): void {
		const id = source.containerId;
		const taker = this.#taker;
		if (taker === undefined || this.#open.has(id) || this.#signal.aborted) return;
		this.#open.add(id);
		this.#resting.delete(id);
		const { engine, options, levels } = this.#request;
		taker.logs = Math.max(taker.logs, this.#open.size);
		const { end, position } = readSource({ engine, options, levels, signal: this.#signal, taker }, source, this.#positions.get(id));
		this.#positions.set(id, position);
		end.then(
			(ended) => {
				taker.flush();
				this.#open.delete(id);
				taker.logs = this.#open.size;
				if (this.#signal.aborted) return;
				this.#resting.set(id, source.label);
				if (ended.kind === 'unsupported') this.#request.tell(`${source.label}: its log cannot be read: ${ended.words} (log driver ${ended.driver})`);
				else if (ended.kind === 'ended') this.#request.tell(`${source.label}: stopped; its log goes on when it starts again`);
				else this.removed(id);
			},
			(error: unknown) => {
				taker.flush();
				// Nothing of it was read: the next try begins like the first.
				if (position.atMs < 0) this.#positions.delete(id);
				this.#fail(error);
			},
		);
	}

	/** Ends it all where no container that is meant is there any more, and none comes in time. */
	#waitForAnother(): void {
		if (this.#watching) return;
		this.#watching = true;
		void pass(this.#request.clock, goneMs, this.#signal)
			.then(async () => {
				this.#watching = false;
				if (this.#signal.aborted || this.#open.size > 0) return;
				if (chosenNow(this.#request, await this.#request.services()).length > 0) return;
				this.#request.tell('every container is removed; nothing is left to follow');
				this.#over();
			})
			.catch(this.#fail);
	}
}

const isUp = (services: readonly Service[], id: string): boolean =>
	services.some((service) => service.containers.some((each) => each.id === id && each.state === 'running'));

/** A service may be gone for a moment while it is made anew. */
export const chosenNow = (request: FollowRequest, services: readonly Service[]): readonly LogSource[] => {
	try {
		return request.choose(services);
	} catch {
		return [];
	}
};
