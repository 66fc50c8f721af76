import { EngineError } from '../../../domain/engine.ts';
import type { RolloutOutcome, RolloutStanding, RolloutState } from '../../../domain/rollout.ts';

/**
 * Whether a move can be taken up again as it stands now. Whoever asks for it has looked before, and it may have come
 * to that very end since: a health check passed, a cluster was done, another console was quicker.
 * @returns the outcome where it has ended so already and nothing is left to do; nothing where it has to be carried on
 * @throws EngineError of kind `conflict` where it cannot be
 */
export function takenUp({ plan }: RolloutState, standing: RolloutStanding, way: 'finish' | 'undo'): RolloutOutcome | undefined {
	const { stage, state } = standing;
	if (way === 'finish' && stage === 'done') {
		return { end: 'swapped', words: `${plan.to.image} runs as ${plan.subject.name}: nothing was left to do`, state, tookMs: 0 };
	}
	if (way === 'undo' && stage === 'undone') {
		return { end: 'restored', words: `${plan.from.image} runs as ${plan.subject.name}: nothing was left to take back`, state, tookMs: 0 };
	}
	if (!standing[way].possible) {
		throw new EngineError('conflict', `the rollout of ${plan.subject.name} cannot be ${way === 'finish' ? 'finished' : 'undone'} (${stage}): ${standing[way].why}`);
	}
	return undefined;
}
