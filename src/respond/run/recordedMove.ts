import type { Step } from '../../domain/playbook/step.ts';
import type { Attempt } from '../../domain/run/state.ts';
import type { JobEnd } from './jobs/job.ts';

/**
 * The end of a step whose program recorded the end of its move, and was gone before it could say so itself. The value is
 * the one that the program would have given.
 */
export const recordedEnd = (step: Step, { undo, rollout }: Attempt): JobEnd | undefined => {
	const action = undo ? step.undo : 'action' in step ? step.action : undefined;
	if (action?.kind !== 'rollout' || rollout?.end === undefined) return undefined;
	const { plan, end, words = end, gapMs, provedMs, tookMs = 0, requests } = rollout;
	return {
		outcome: end === (action.action === 'undo' ? 'restored' : 'swapped') ? 'done' : 'failed',
		words,
		durationMs: tookMs,
		value: {
			planId: plan.id,
			end,
			words,
			from: plan.from,
			to: plan.to,
			...(gapMs === undefined ? {} : { gapMs }),
			...(provedMs === undefined ? {} : { provedMs }),
			tookMs,
			...(requests === undefined ? {} : { requests }),
		},
	};
};
