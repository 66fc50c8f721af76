import type { RolloutRecord } from '../../domain/journal.ts';
import { carryOut } from './carryOut.ts';
import { RolloutFailure } from './failure.ts';
import { findMove } from './findMove.ts';
import { hold } from './hold.ts';
import { recordEnd, standingWords } from './left.ts';
import type { RolloutResult, RolloutSpec, RolloutToolPorts } from './ports.ts';

const ended = { swapped: 'it was carried out', restored: 'it was taken back', stuck: 'the old version could not be brought back' } as const;

const nameOf = (move: RolloutRecord): string => `the move ${move.planId} of ${move.state.plan.subject.name} to ${move.state.plan.to.image}`;

const refused = (move: RolloutRecord, words: string, advice?: string): RolloutFailure =>
	new RolloutFailure(words, { ...(advice === undefined ? {} : { advice }), value: { planId: move.planId, from: move.state.plan.from, to: move.state.plan.to } });

const finish = async (spec: RolloutSpec, ports: RolloutToolPorts, move: RolloutRecord): Promise<RolloutResult> => {
	const { rollout, print } = ports;
	const { plan } = move.state;
	const standing = await rollout.examine(move.state);
	for (const line of standing.evidence) print(line);
	if (standing.stage === 'done' && move.end === undefined) return recordEnd(spec, ports, move, 'swapped', `${plan.to.image} runs as ${plan.subject.name}; it was done when its record broke off`);
	if (standing.stage === 'half' && standing.finish.possible) {
		return carryOut(spec, ports, plan, { undoing: false, wanted: 'swapped', move: (hooks) => rollout.finish(standing.state, hooks) });
	}
	if (move.end === undefined && (standing.stage === 'not-begun' || standing.stage === 'undone')) {
		const { value } = await recordEnd(spec, ports, move, 'restored', `nothing is left of it: ${plan.from.image} runs as ${plan.subject.name}`);
		return { ok: false, value };
	}
	throw refused(move, `${nameOf(move)} cannot be finished: ${move.end === undefined ? `${standing.finish.why}. ${standingWords(standing)}` : `${ended[move.end]}, and ${standing.finish.why}`}`);
};

const undo = async (spec: RolloutSpec, ports: RolloutToolPorts, move: RolloutRecord): Promise<RolloutResult> => {
	const { rollout, print } = ports;
	const { plan } = move.state;
	const standing = await rollout.examine(move.state);
	for (const line of standing.evidence) print(line);
	if ((standing.stage === 'half' || standing.stage === 'done') && standing.undo.possible) {
		return carryOut(spec, ports, plan, { undoing: true, wanted: 'restored', move: (hooks) => rollout.undo(standing.state, hooks) });
	}
	if (move.end === undefined && (standing.stage === 'not-begun' || standing.stage === 'undone')) {
		const { value } = await recordEnd(spec, ports, move, 'restored', `${plan.from.image} runs as ${plan.subject.name}: nothing of the move was left to take back`);
		return { ok: true, value };
	}
	const older = move.end === 'restored' ? 'An earlier move is taken back by its id.' : undefined;
	throw refused(move, `${nameOf(move)} cannot be taken back: ${move.end === 'restored' ? `${ended.restored} already, so nothing would change` : `${standing.undo.why}. ${standingWords(standing)}`}`, older);
};

/**
 * Ends a move that was begun by whomever, from its record alone: does the rest of it, or brings the old version back.
 * @throws JournalError where nothing can be recorded: nothing is begun then; EngineError, RolloutFailure
 */
export const settleStep = async (spec: RolloutSpec, ports: RolloutToolPorts, way: 'finish' | 'undo'): Promise<RolloutResult> => {
	const release = await hold(spec, ports);
	try {
		const move = await findMove(spec, ports, await ports.journal.readRun(spec.runId));
		ports.print(`${way === 'finish' ? 'finish' : 'take back'} ${nameOf(move)}`);
		return await (way === 'finish' ? finish : undo)(spec, ports, move);
	} finally {
		await release();
	}
};
