import { EngineError, type CallOptions } from '../../../domain/engine.ts';
import type { FoundSubject, RolloutEngine, RolloutHooks, RolloutOutcome, RolloutPlan, RolloutPlanOptions, RolloutStanding, RolloutState, RolloutSubject, ServiceVersion } from '../../../domain/rollout.ts';
import type { RolloutKind } from './kind.ts';

/** Moves whatever an engine has, each by the kind it is. Contracts: see `RolloutEngine`. */
export class Rollouts implements RolloutEngine {
	readonly #kinds: readonly [RolloutKind, ...RolloutKind[]];

	/** @param kinds those that own others' containers first: a container of a cluster's service is not moved alone */
	constructor(kinds: readonly [RolloutKind, ...RolloutKind[]]) {
		this.#kinds = kinds;
	}

	async subject(name: string, options?: CallOptions): Promise<FoundSubject> {
		for (const kind of this.#kinds) {
			const found = await kind.find(name, options);
			if (found !== undefined) {
				return found;
			}
		}
		throw new EngineError('not-found', `there is no service or container ${name}`, { advice: 'Look at the names that are there: sitrep status.' });
	}

	async versions(subjects: readonly RolloutSubject[], options?: CallOptions): Promise<readonly ServiceVersion[]> {
		const first = subjects[0];
		return first === undefined ? [] : this.#kindOf(first.id).versions(subjects, options);
	}

	async plan(subject: RolloutSubject, toImage: string, options?: RolloutPlanOptions): Promise<RolloutPlan> {
		return this.#kindOf(subject.id).plan(subject, toImage, options);
	}

	async swap(plan: RolloutPlan, hooks?: RolloutHooks): Promise<RolloutOutcome> {
		return this.#owner(plan).swap(plan, hooks);
	}

	async finish(state: RolloutState, hooks?: RolloutHooks): Promise<RolloutOutcome> {
		return this.#owner(state.plan).finish(state, hooks);
	}

	async undo(state: RolloutState, hooks?: RolloutHooks): Promise<RolloutOutcome> {
		return this.#owner(state.plan).undo(state, hooks);
	}

	async examine(state: RolloutState, options?: CallOptions): Promise<RolloutStanding> {
		return this.#owner(state.plan).examine(state, options);
	}

	async retire(state: RolloutState, options?: CallOptions): Promise<void> {
		return this.#owner(state.plan).retire(state, options);
	}

	async fetch(image: string, onProgress: (words: string) => void, signal: AbortSignal): Promise<void> {
		return this.#kinds[0].fetch(image, onProgress, signal);
	}

	async pin(service: string, imageId: string, options?: CallOptions): Promise<string> {
		return this.#kinds[0].pin(service, imageId, options);
	}

	async pins(service: string, options?: CallOptions): Promise<readonly { readonly name: string; readonly imageId: string }[]> {
		return this.#kinds[0].pins(service, options);
	}

	async unpin(service: string, imageId: string, options?: CallOptions): Promise<void> {
		return this.#kinds[0].unpin(service, imageId, options);
	}

	#kindOf(subjectId: string): RolloutKind {
		const found = this.#kinds.find((kind) => kind.ownsSubject(subjectId));
		if (found === undefined) {
			throw new EngineError('invalid', `${subjectId} is nothing that this engine moves`);
		}
		return found;
	}

	#owner(plan: RolloutPlan): RolloutKind {
		const found = this.#kinds.find((kind) => kind.owns(plan));
		if (found === undefined) {
			throw new EngineError('invalid', `the plan of rollout ${plan.id} is none of this engine`, { advice: 'Plan it again.' });
		}
		return found;
	}
}
