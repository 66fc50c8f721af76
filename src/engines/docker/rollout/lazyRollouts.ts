import type { CallOptions } from '../../../domain/engine.ts';
import type { FoundSubject, RolloutEngine, RolloutHooks, RolloutOutcome, RolloutPlan, RolloutPlanOptions, RolloutStanding, RolloutState, RolloutSubject, ServiceVersion } from '../../../domain/rollout.ts';
import type { Connection } from '../connection.ts';

/** Loads what moves services when it is first asked for something: a console that only looks does not pay for it. Contracts: see `RolloutEngine`. */
export class LazyRollouts implements RolloutEngine {
	readonly #connection: Connection;
	#loading: Promise<RolloutEngine> | undefined;

	constructor(connection: Connection) {
		this.#connection = connection;
	}

	async subject(name: string, options?: CallOptions): Promise<FoundSubject> {
		return (await this.#loaded()).subject(name, options);
	}

	async versions(subjects: readonly RolloutSubject[], options?: CallOptions): Promise<readonly ServiceVersion[]> {
		return (await this.#loaded()).versions(subjects, options);
	}

	async plan(subject: RolloutSubject, toImage: string, options?: RolloutPlanOptions): Promise<RolloutPlan> {
		return (await this.#loaded()).plan(subject, toImage, options);
	}

	async swap(plan: RolloutPlan, hooks?: RolloutHooks): Promise<RolloutOutcome> {
		return (await this.#loaded()).swap(plan, hooks);
	}

	async finish(state: RolloutState, hooks?: RolloutHooks): Promise<RolloutOutcome> {
		return (await this.#loaded()).finish(state, hooks);
	}

	async undo(state: RolloutState, hooks?: RolloutHooks): Promise<RolloutOutcome> {
		return (await this.#loaded()).undo(state, hooks);
	}

	async examine(state: RolloutState, options?: CallOptions): Promise<RolloutStanding> {
		return (await this.#loaded()).examine(state, options);
	}

	async retire(state: RolloutState, options?: CallOptions): Promise<void> {
		return (await this.#loaded()).retire(state, options);
	}

	async fetch(image: string, onProgress: (words: string) => void, signal: AbortSignal): Promise<void> {
		return (await this.#loaded()).fetch(image, onProgress, signal);
	}

	async pin(service: string, imageId: string, options?: CallOptions): Promise<string> {
		return (await this.#loaded()).pin(service, imageId, options);
	}

	async pins(service: string, options?: CallOptions): Promise<readonly { readonly name: string; readonly imageId: string }[]> {
		return (await this.#loaded()).pins(service, options);
	}

	async unpin(service: string, imageId: string, options?: CallOptions): Promise<void> {
		return (await this.#loaded()).unpin(service, imageId, options);
	}

	async #loaded(): Promise<RolloutEngine> {
		this.#loading ??= import('./allKinds.ts').then(({ allKinds }) => allKinds(this.#connection));
		return this.#loading;
	}
}
