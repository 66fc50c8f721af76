import type { Cancel, Clock } from '../domain/clock.ts';

/** How often it is looked whether another process has written, ms: 4 Hz, as often as a screen is drawn. */
export const pollMs = 250;

/** Tells listeners of writes, of this process and of others. Looks for those of others only while somebody listens. */
export class ChangeWatch {
	readonly #clock: Pick<Clock, 'every'>;
	readonly #version: () => number | undefined;
	/** By registration, so that one function can listen twice. */
	readonly #listeners = new Map<symbol, () => void>();
	#known: number | undefined;
	#stop: Cancel | undefined;

	/** @param version changes whenever another process has written; undefined where that cannot be told now */
	constructor(clock: Pick<Clock, 'every'>, version: () => number | undefined) {
		this.#clock = clock;
		this.#version = version;
	}

	add(listener: () => void): () => void {
		const key = Symbol('listener');
		this.#listeners.set(key, listener);
		if (this.#stop === undefined) {
			this.#known = this.#version();
			this.#stop = this.#clock.every(pollMs, () => this.#look());
		}
		return () => {
			this.#listeners.delete(key);
			if (this.#listeners.size === 0) this.close();
		};
	}

	/** This process has written. */
	wrote(): void {
		// A listener that throws must not make a write fail that is done.
		for (const listener of this.#listeners.values()) queueMicrotask(listener);
	}

	close(): void {
		this.#stop?.();
		this.#stop = undefined;
		this.#listeners.clear();
	}

	#look(): void {
		const version = this.#version();
		if (version === undefined || version === this.#known) return;
		this.#known = version;
		this.wrote();
	}
}
