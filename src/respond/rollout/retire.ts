import { RolloutFailure, wordsOf } from './failure.ts';
import { findMove } from './findMove.ts';
import { hold } from './hold.ts';
import type { RolloutResult, RolloutSpec, RolloutToolPorts } from './ports.ts';

/** Ends the soak of a move: what was kept of the old version goes. @throws JournalError where it cannot be recorded: nothing is removed then; EngineError, RolloutFailure */
export const retireStep = async (spec: RolloutSpec, ports: RolloutToolPorts): Promise<RolloutResult> => {
	const { journal, rollout, print } = ports;
	const release = await hold(spec, ports);
	try {
		const move = await findMove(spec, ports, await journal.readRun(spec.runId));
		const { plan } = move.state;
		const value = { planId: plan.id, from: plan.from, to: plan.to };
		if (move.retired) throw new RolloutFailure(`the old version of the move ${plan.id} was removed before: nothing would change`, { value });
		if (move.end !== 'swapped') {
			throw new RolloutFailure(`the move ${plan.id} of ${plan.subject.name} ${move.end === undefined ? 'was left in the middle' : `ended as ${move.end}`}: nothing that it kept may be removed`, { advice: 'Finish it, or take it back.', value });
		}
		await rollout.retire(move.state);
		const words = `what was kept of ${plan.from.image} is removed: the move of ${plan.subject.name} cannot be taken back any more`;
		try {
			await journal.append([{ actor: spec.actor, runId: spec.runId, event: { kind: 'rollout_retired', step: spec.step, execution: spec.execution, planId: plan.id } }]);
		} catch (error) {
			print(`${words}; that could not be recorded: ${wordsOf(error)}`);
			return { ok: true, value: { ...value, words: `${words}; that could not be recorded` } };
		}
		print(words);
		return { ok: true, value: { ...value, words } };
	} finally {
		await release();
	}
};
