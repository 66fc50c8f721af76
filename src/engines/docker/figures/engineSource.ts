import type { Clock } from '../../../domain/clock.ts';
import { EngineError } from '../../../domain/engine.ts';
import type { Connection } from '../connection.ts';
import { JsonLines } from '../jsonLines.ts';
import { atLeast } from '../negotiate.ts';
import type { Reading } from '../reading.ts';
import { readStats, type StatsContext } from '../statsReply.ts';
import type { EngineSource } from './follower.ts';
import { Schedule } from './schedule.ts';

/** Streams at once: each keeps the engine reading at 1 Hz whether or not anybody looks. */
const maxStreams = 50;
/** One-shot samples that come faster than this are cheap (engines from 24.0.7 and 25 on); before, each takes a second or two. */
const quickMs = 100;
/** Samples under way at once. Slow ones mostly wait within the engine, so more of them may. */
const maxQuick = 4;
const maxSlow = 8;
/** A stream that broke is opened again after this. */
const reopenMs = 2000;

export interface EngineSourceParts {
	readonly connection: Connection;
	/** Cores a container may use, where known. */
	readonly quotaOf: (id: string) => number | undefined;
	readonly hostMemoryBytes: () => number;
}

type Publish = (id: string, reading: Reading, before: Reading | undefined) => void;

/** Reads figures through the engine: by quick samples where it gives them, else by streams and slow samples. */
export function createEngineSource(parts: EngineSourceParts, publish: Publish): EngineSource {
	return new Source(parts, publish);
}

class Source implements EngineSource {
	readonly #parts: EngineSourceParts;
	readonly #publish: Publish;
	readonly #clock: Clock;
	readonly #schedule = new Schedule();
	readonly #streams = new Map<string, AbortController>();
	readonly #busy = new Set<string>();
	readonly #abort = new AbortController();
	#fast: readonly string[] = [];
	#slow: readonly string[] = [];
	/** How samples come; unknown until the first has come. */
	#quick: boolean | undefined;
	#probing = false;
	#cancel: (() => void) | undefined;

	constructor(parts: EngineSourceParts, publish: Publish) {
		this.#parts = parts;
		this.#publish = publish;
		this.#clock = parts.connection.ports.clock;
	}

	follow(fast: readonly string[], slow: readonly string[]): void {
		if (this.#abort.signal.aborted) {
			return;
		}
		this.#fast = fast;
		this.#slow = slow;
		this.#arrange();
	}

	describe(): string {
		if (this.#quick === undefined) {
			return 'engine';
		}
		return this.#quick ? 'engine, quick samples' : `engine, ${this.#streams.size} streams, ${this.#sampled().length} sampled`;
	}

	close(): void {
		this.#abort.abort();
		this.#cancel?.();
		for (const stream of this.#streams.values()) {
			stream.abort();
		}
		this.#streams.clear();
	}

	/** Containers that are sampled, not streamed, when samples are slow. */
	#sampled(): readonly string[] {
		return [...this.#fast.slice(maxStreams), ...this.#slow];
	}

	#arrange(): void {
		const now = this.#clock.monotonic();
		if (this.#quick === undefined) {
			this.#probe();
		} else if (this.#quick) {
			this.#schedule.set(this.#fast, this.#slow, now);
		} else {
			this.#schedule.set([], this.#sampled(), now);
			this.#stream(this.#fast.slice(0, maxStreams));
		}
		this.#arm();
	}

	/** The first sample tells how quick they are. */
	#probe(): void {
		const id = this.#fast[0] ?? this.#slow[0];
		if (id === undefined || this.#probing) {
			return;
		}
		this.#probing = true;
		const began = this.#clock.monotonic();
		void this.#sample(id)
			.then((came) => {
				// A container that does not run is answered at once and proves nothing.
				if (came) {
					this.#quick = this.#clock.monotonic() - began < quickMs;
				}
			})
			.finally(() => {
				this.#probing = false;
				if (this.#quick === undefined) {
					this.#fast = [...this.#fast.slice(1), ...this.#fast.slice(0, 1)];
					this.#cancel?.();
					this.#cancel = this.#clock.after(1000, () => this.#arrange());
				} else if (!this.#abort.signal.aborted) {
					this.#arrange();
				}
			});
	}

	#arm(): void {
		if (this.#quick === undefined || this.#abort.signal.aborted) {
			return;
		}
		this.#cancel?.();
		const due = this.#schedule.nextAt();
		if (due !== undefined && due !== Infinity) {
			this.#cancel = this.#clock.after(Math.max(20, due - this.#clock.monotonic()), () => this.#tick());
		}
	}

	#tick(): void {
		const most = this.#quick === true ? maxQuick : maxSlow;
		for (const entry of this.#schedule.due(this.#clock.monotonic())) {
			if (this.#busy.size >= most) {
				break;
			}
			if (this.#busy.has(entry.id)) {
				continue;
			}
			this.#busy.add(entry.id);
			entry.dueAt = Infinity;
			this.#sample(entry.id).then((came) => {
				this.#busy.delete(entry.id);
				this.#schedule.read(entry, this.#clock.monotonic(), came);
				this.#arm();
			}, () => {});
		}
		// What did not fit goes on as soon as one of those under way is done.
		if (this.#busy.size < most) {
			this.#arm();
		}
	}

	/** One sample; false where the container gives none. Failures are the engine's, and told of by its ping. */
	async #sample(id: string): Promise<boolean> {
		const { connection } = this.#parts;
		try {
			const { version } = await connection.negotiated();
			const body = await connection.call(
				{
					method: 'GET',
					path: `/containers/${encodeURIComponent(id)}/stats`,
					query: { stream: false, ...(atLeast(version, '1.41') ? { 'one-shot': true } : {}) },
					what: `figures of ${id.slice(0, 12)}`,
				},
				{ signal: this.#abort.signal },
			);
			return await this.#take(id, body);
		} catch {
			return false;
		}
	}

	async #take(id: string, body: unknown): Promise<boolean> {
		const reply = readStats(body, await this.#context(id));
		if (reply === undefined || this.#abort.signal.aborted) {
			return false;
		}
		this.#publish(id, reply.now, reply.before);
		return true;
	}

	async #context(id: string): Promise<StatsContext> {
		const { connection, quotaOf, hostMemoryBytes } = this.#parts;
		const { kind } = await connection.negotiated();
		return { monotonicMs: this.#clock.monotonic(), kind, quotaCores: quotaOf(id), hostMemoryBytes: hostMemoryBytes() };
	}

	#stream(wanted: readonly string[]): void {
		const keep = new Set(wanted);
		for (const [id, controller] of this.#streams) {
			if (!keep.has(id)) {
				controller.abort();
				this.#streams.delete(id);
			}
		}
		for (const id of wanted) {
			if (!this.#streams.has(id)) {
				const controller = new AbortController();
				this.#streams.set(id, controller);
				void this.#run(id, controller);
			}
		}
	}

	/** Keeps one stream open until it is no longer wanted. */
	async #run(id: string, controller: AbortController): Promise<void> {
		const { connection } = this.#parts;
		while (!controller.signal.aborted) {
			try {
				const request = { method: 'GET', path: `/containers/${encodeURIComponent(id)}/stats`, query: { stream: true }, what: `figures of ${id.slice(0, 12)}` } as const;
				const response = await connection.open(request, controller.signal);
				const lines = new JsonLines((body) => void this.#take(id, body).catch(() => {}));
				for await (const chunk of response) {
					if (chunk instanceof Uint8Array) {
						lines.push(chunk);
					}
				}
			} catch (error) {
				if (error instanceof EngineError && error.kind === 'not-found') {
					// It is gone; whoever follows containers will hear of it and follow others.
					return;
				}
			}
			if (!controller.signal.aborted) {
				await new Promise<void>((resolve) => this.#clock.after(reopenMs, resolve));
			}
		}
	}
}
