import type { JournalEvent, RolloutRecord } from '../../domain/journal.ts';
import type { RolloutStanding } from '../../domain/rollout.ts';
import { carryOut, movedValue } from './carryOut.ts';
import { RolloutFailure } from './failure.ts';
import type { RolloutResult, RolloutSpec, RolloutToolPorts } from './ports.ts';
import { MoveRecorder } from './recorder.ts';
import { atWords } from './times.ts';

/** Whether a move was begun by this very step of this run, in an earlier try. */
export const isOwn = (spec: RolloutSpec, move: RolloutRecord, events: readonly JournalEvent[]): boolean =>
	move.runId === spec.runId && events.some(({ event }) => event.kind === 'rollout_begun' && event.plan.id === move.planId && event.step === spec.step);

/** Why a service that another step or run left in the middle is not moved. */
export const leftByOther = (move: RolloutRecord, now: number): RolloutFailure =>
	new RolloutFailure(
		`a move of ${move.service} to ${move.state.plan.to.image} (${move.planId}, begun ${atWords(move.begunAt, now)} in run ${move.runId}) was left in the middle${move.act === undefined ? '' : `, at "${move.act.words}"`}`,
		{ advice: `Finish it or take it back first: sitrep rollback ${move.service} --finish, or --undo.`, value: { planId: move.planId } },
	);

/** Writes down how a move ended that was over before it could be recorded. @throws JournalError */
export const recordEnd = async (spec: RolloutSpec, ports: RolloutToolPorts, move: RolloutRecord, end: 'swapped' | 'restored', words: string): Promise<RolloutResult> => {
	const recorder = new MoveRecorder(spec, ports, move.state.plan, end === 'restored');
	const outcome = { end, words, state: move.state, tookMs: 0 } as const;
	await recorder.begin();
	await recorder.end(outcome, undefined, []);
	ports.print(words);
	return { ok: end === 'swapped', value: movedValue(move.state.plan, outcome) };
};

export const standingWords = (standing: RolloutStanding): string => standing.evidence.join('; ');

/**
 * Takes up a move that an earlier try of this step left in the middle: the rest of it, or the rest of its taking back where it was at that. One that could
 * go neither way then is tried anew: somebody has mended what was in the way.
 * @returns what it came to; `undefined` where nothing of it was done, so that it can be begun anew
 * @throws JournalError, EngineError, RolloutFailure
 */
export const takeUp = async (spec: RolloutSpec, ports: RolloutToolPorts, move: RolloutRecord): Promise<RolloutResult | undefined> => {
	const { rollout, print } = ports;
	const { plan } = move.state;
	print(`taking up the move ${plan.id} of ${plan.subject.name} to ${plan.to.image}${move.act === undefined ? '' : `, left at "${move.act.words}"`}`);
	const standing = await rollout.examine(move.state);
	for (const line of standing.evidence) print(`  ${line}`);
	const back = move.undoing && move.end !== 'stuck';
	switch (standing.stage) {
		case 'done':
			// The new version may stand there, and yet have been found to be no good.
			if (back) break;
			return recordEnd(spec, ports, move, 'swapped', `${plan.to.image} runs as ${plan.subject.name}; it was done when its record broke off`);
		case 'undone':
		case 'not-begun': {
			if (back) return recordEnd(spec, ports, move, 'restored', `${plan.from.image} is back as ${plan.subject.name}; it was taken back when its record broke off`);
			await recordEnd(spec, ports, move, 'restored', `nothing of it was done: ${plan.from.image} runs as ${plan.subject.name}`);
			return undefined;
		}
		case 'gone':
			throw new RolloutFailure(`what the move ${plan.id} was about is gone: ${standingWords(standing)}`, { advice: standing.finish.why, value: { planId: plan.id } });
		case 'half':
			break;
	}
	const { state } = standing;
	return back
		? carryOut(spec, ports, plan, { undoing: true, wanted: 'swapped', move: (hooks) => rollout.undo(state, hooks) })
		: carryOut(spec, ports, plan, { undoing: false, wanted: 'swapped', move: (hooks) => rollout.finish(state, hooks) });
};
