import type { CallOptions } from '../../../domain/engine.ts';
import type { FoundSubject, RolloutEngine, RolloutPlan } from '../../../domain/rollout.ts';

/** One kind of thing that this engine moves as one: a container, a compose service, a Swarm service. */
export interface RolloutKind extends Omit<RolloutEngine, 'subject'> {
	/** Whether a plan is one of its own, by what it wrote into `data`. */
	owns(plan: RolloutPlan): boolean;
	/** Whether a subject, by its id, is one of its own. */
	ownsSubject(id: string): boolean;
	/**
	 * What is named, where it is one of its own.
	 * @param name id of a service (`group/service`), name of a service, or name of a container
	 * @throws EngineError of kind `conflict` where it names several
	 */
	find(name: string, options?: CallOptions): Promise<FoundSubject | undefined>;
}
