import type { Risk } from '../../domain/playbook/risk.ts';
import { worstRisk } from '../../domain/playbook/risk.ts';
import type { Step } from '../../domain/playbook/step.ts';
import type { Refusal } from '../../domain/run/control.ts';
import type { Confirmation } from '../../domain/run/event.ts';
import type { Waiting } from '../../domain/run/state.ts';

/** How strongly a step is confirmed, from the weakest. */
type Strength = 'none' | 'key' | 'typed';

const strengths: readonly Strength[] = ['none', 'key', 'typed'];
const ofRisk: Readonly<Record<Risk, Strength>> = { read: 'none', change: 'key', destructive: 'typed' };
const ofConfirm = { ask: 'key', typed: 'typed' } as const;

const stronger = (left: Strength, right: Strength): Strength => (strengths.indexOf(left) >= strengths.indexOf(right) ? left : right);

/**
 * Risk of what a step does: the worst of its parts. An undo changes something whatever its step does, so it is a
 * change at least.
 */
export const riskOf = (step: Step, undo: boolean): Risk => {
	const parts = step.kind === 'parallel' ? step.steps.map((child) => child.risk) : [];
	return worstRisk([step.risk, ...parts, ...(undo ? (['change'] as const) : [])]);
};

/** What a step asks for before it runs. `confirm` raises what the risk asks, and cannot lower it. */
export const strengthOf = (step: Step, undo: boolean): Strength => {
	const parts = step.kind === 'parallel' ? step.steps : [];
	let strength = ofRisk[riskOf(step, undo)];
	for (const each of [step, ...parts]) if (each.confirm !== undefined) strength = stronger(strength, ofConfirm[each.confirm]);
	return strength;
};

/** In words, for the overview: `none`, `Enter`, `type <target>`. */
export const strengthWords = (strength: Strength, target: string | undefined): string => {
	if (strength === 'none') return 'none';
	return strength === 'key' ? 'Enter' : `type ${target ?? 'the id of the step'}`;
};

type Confirm = Extract<Waiting, { kind: 'confirm' }>;

/** Whether an answer is good enough, and as what it is recorded. */
export const judgeConfirmation = (
	wanted: Confirm,
	given: { readonly how: 'key' | 'typed' | 'yes'; readonly typed?: string },
): Refusal | { readonly confirmation: Confirmation } => {
	if (given.how === 'yes') {
		if (wanted.risk === 'destructive' || wanted.typed !== undefined) {
			return { refused: '--yes does not cover this step: it has to be confirmed by hand', advice: `run it from a terminal and type ${wanted.typed ?? wanted.step}` };
		}
		if (wanted.why !== undefined) return { refused: `--yes does not answer this: ${wanted.why}`, advice: 'confirm or skip it by hand' };
		return { confirmation: 'yes' };
	}
	if (wanted.typed === undefined) return { confirmation: 'key' };
	if (given.typed === wanted.typed) return { confirmation: 'typed' };
	return { refused: `what was typed is not ${wanted.typed}`, advice: `type ${wanted.typed} to confirm; nothing was run` };
};
