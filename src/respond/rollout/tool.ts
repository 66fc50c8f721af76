import { adviceOf, RolloutFailure, sentences, wordsOf } from './failure.ts';
import { planStep } from './plan.ts';
import type { RolloutResult, RolloutSpec, RolloutToolPorts } from './ports.ts';
import { retireStep } from './retire.ts';
import { settleStep } from './settle.ts';
import { swapStep } from './swap.ts';
import { listVersions } from './versions.ts';

const mostWords = 2000;

const carryOut = (spec: RolloutSpec, ports: RolloutToolPorts): Promise<RolloutResult> => {
	switch (spec.action.action) {
		case 'versions':
			return listVersions(spec, ports);
		case 'plan':
			return planStep(spec, ports);
		case 'swap':
			return swapStep(spec, ports);
		case 'finish':
		case 'undo':
			return settleStep(spec, ports, spec.action.action);
		case 'retire':
			return retireStep(spec, ports);
	}
};

/**
 * Carries out one rollout step and says in words what it does. Never rejects: what goes wrong is a result. Each act of a move is in the
 * journal before it is begun; where it cannot be, nothing is begun.
 */
export const runRolloutTool = async (spec: RolloutSpec, ports: RolloutToolPorts): Promise<RolloutResult> => {
	try {
		return await carryOut(spec, ports);
	} catch (error) {
		const called = ports.signal.aborted && !(error instanceof RolloutFailure);
		const said = called ? 'called off before anything was changed' : wordsOf(error);
		const advice = called ? undefined : adviceOf(error);
		// One line: the last one is what the step's row shows.
		const words = sentences(said, advice).slice(0, mostWords);
		ports.print(words);
		return { ok: false, value: { ...(error instanceof RolloutFailure ? error.value : {}), error: said, ...(advice === undefined ? {} : { advice }), words } };
	}
};
