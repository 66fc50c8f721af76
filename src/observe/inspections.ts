import type { ContainerDetail, ContainerSummary } from '../domain/container.ts';
import type { Engine } from '../domain/engine.ts';

/** At most so many inspects at once: one takes 0.3 ms of the engine. */
const maxUnderWay = 4;

/**
 * Inspects containers, each at most once at a time; one that is asked for while its inspect is under way
 * is inspected once more, so that the last event always wins.
 */
export class Inspections {
	readonly #engine: Engine;
	readonly #found: (id: string, container: (ContainerSummary & { readonly detail: ContainerDetail }) | undefined) => void;
	readonly #waiting = new Set<string>();
	readonly #underWay = new Set<string>();
	#idle: (() => void)[] = [];

	constructor(engine: Engine, found: (id: string, container: (ContainerSummary & { readonly detail: ContainerDetail }) | undefined) => void) {
		this.#engine = engine;
		this.#found = found;
	}

	ask(id: string): void {
		this.#waiting.add(id);
		this.#pump();
	}

	idle(): Promise<void> {
		if (this.#waiting.size === 0 && this.#underWay.size === 0) return Promise.resolve();
		return new Promise((resolve) => {
			this.#idle.push(resolve);
		});
	}

	#pump(): void {
		for (const id of this.#waiting) {
			if (this.#underWay.size >= maxUnderWay) return;
			if (this.#underWay.has(id)) continue;
			this.#waiting.delete(id);
			this.#underWay.add(id);
			void this.#inspect(id);
		}
		if (this.#waiting.size === 0 && this.#underWay.size === 0) {
			for (const resolve of this.#idle) resolve();
			this.#idle = [];
		}
	}

	async #inspect(id: string): Promise<void> {
		try {
			const container = await this.#engine.inspect(id);
			if (!this.#waiting.has(id)) this.#found(id, container);
		} catch {
			// The connection's trouble is shown by the inventory's liveness, and a new list follows it.
		} finally {
			this.#underWay.delete(id);
			this.#pump();
		}
	}
}
