import type { Step } from '../../domain/playbook/step.ts';
import type { ResolvedStep } from '../../domain/run/control.ts';
import { riskOf, strengthOf, strengthWords } from './confirmation.ts';
import type { FoldedRun } from './track.ts';
import type { RunView } from './view.ts';

const resolveStep = (step: Step, view: RunView): ResolvedStep => {
	const { command, target, loses, problem } = view.preview(step, false);
	const note = [step.note, problem === undefined ? undefined : `would not run: ${problem}`].filter((each) => each !== undefined).join('; ');
	return {
		id: step.id,
		title: step.title,
		kind: step.kind,
		risk: riskOf(step, false),
		...(step.phase === undefined ? {} : { phase: step.phase }),
		command,
		...(target === undefined ? {} : { target }),
		...(loses === undefined ? {} : { loses }),
		...(step.leaves === undefined ? {} : { leaves: view.text(step.leaves) }),
		confirmation: step.kind === 'approval' ? 'a second person' : strengthWords(strengthOf(step, false), target),
		...(note === '' ? {} : { note }),
	};
};

/** Every step as it would be carried out. Touches nothing. */
export const overviewOf = (state: FoldedRun, view: RunView): readonly ResolvedStep[] => state.playbook.steps.map((step) => resolveStep(step, view));
