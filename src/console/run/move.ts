import { sanitiseText } from '../../domain/sanitise.ts';
import type { RolloutAct } from '../../domain/rollout.ts';
import type { Attempt, RolloutProgress, RunState } from '../../domain/run/state.ts';
import type { ActRow, MoveView } from './moveView.ts';

/** A try of a step that moves a service, or moved it. */
export interface MoveTry {
	readonly step: string;
	readonly attempt: Attempt;
	readonly rollout: RolloutProgress;
}

/** The newest move of a run. */
export const newestMove = (state: RunState): MoveTry | undefined => allMoves(state).at(-1);

/** Every move of a run, in the order in which they began. */
export const allMoves = (state: RunState): readonly MoveTry[] =>
	state.steps
		.flatMap((step) => step.attempts.flatMap((attempt): readonly MoveTry[] => (attempt.rollout === undefined ? [] : [{ step: step.id, attempt, rollout: attempt.rollout }])))
		.toSorted((one, other) => one.attempt.startedAt - other.attempt.startedAt);

/** Acts that are still to come: those after the newest one, on the way it goes. */
const toCome = ({ plan, undoing, acts, end }: RolloutProgress): readonly RolloutAct[] => {
	if (end !== undefined) return [];
	const last = acts.at(-1);
	const way = (last?.undoing ?? undoing) ? plan.undoActs : plan.acts;
	return way.slice(way.findIndex((act) => act.id === last?.act.id) + 1);
};

/** The act that is under way, or comes next; absent where the move is over. */
export const currentAct = (rollout: RolloutProgress): RolloutAct | undefined => {
	if (rollout.end !== undefined) return undefined;
	const last = rollout.acts.at(-1);
	if (last !== undefined && last.tookMs === undefined) return last.act;
	return toCome(rollout)[0] ?? last?.act;
};

const serves = (rollout: RolloutProgress): RolloutAct['serving'] => {
	if (rollout.end === 'swapped') return 'new';
	if (rollout.end === 'restored') return 'old';
	const last = rollout.acts.at(-1);
	return currentAct(rollout)?.serving ?? last?.act.serving ?? 'old';
};

const begunMark = (rollout: RolloutProgress, index: number, over: boolean): ActRow['mark'] => {
	if (rollout.acts[index]?.tookMs !== undefined) return 'done';
	if (index < rollout.acts.length - 1 || rollout.end !== undefined) return 'failed';
	return over ? '?' : 'run';
};

/**
 * How far a move is.
 * @param now epoch ms
 * @param newest the newest line that the step has written: how the proof stands, while it is awaited
 */
export const moveView = (attempt: Attempt, now: number, newest: string | undefined): MoveView | undefined => {
	const { rollout } = attempt;
	if (rollout === undefined) return undefined;
	const over = attempt.endedAt !== undefined;
	const begun = rollout.acts.map(({ act, undoing, startedAt, tookMs }, index): ActRow => {
		const mark = begunMark(rollout, index, over);
		const time = tookMs ?? (mark === 'run' ? Math.max(0, now - startedAt) : undefined);
		return { id: act.id, mark, words: sanitiseText(act.words), undoing, ...(time === undefined ? {} : { tookMs: time }) };
	});
	const undoing = rollout.acts.at(-1)?.undoing ?? rollout.undoing;
	const coming = toCome(rollout).map((act): ActRow => ({ id: act.id, mark: '', words: sanitiseText(act.words), undoing }));
	const running = begun.findIndex((act) => act.mark === 'run' || act.mark === '?');
	const { end, gapMs, requests } = rollout;
	return {
		from: sanitiseText(rollout.plan.from.image),
		to: sanitiseText(rollout.plan.to.image),
		undoing,
		acts: [...begun, ...coming],
		current: running !== -1 ? running : coming.length > 0 ? begun.length : -1,
		serving: serves(rollout),
		...(end === undefined && !over && newest !== undefined && newest.trim() !== '' ? { proof: newest } : {}),
		...(end === undefined ? {} : { end: { kind: end, good: end === (rollout.undoing ? 'restored' : 'swapped'), words: sanitiseText(rollout.words ?? end) } }),
		...(gapMs === undefined ? {} : { gapMs }),
		...(requests === undefined ? {} : { requests }),
	};
};
