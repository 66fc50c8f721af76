import type { Step } from '../../domain/playbook/step.ts';
import type { TraceAdvice } from '../../domain/run/event.ts';
import type { Attempt, UnknownChoice, Waiting } from '../../domain/run/state.ts';
import { stepState } from './moves.ts';
import type { FoldedRun } from './track.ts';
import { moveOf, openMove, undoable } from './undo.ts';
import type { RunView } from './view.ts';

const marked = (choice: UnknownChoice, advice: TraceAdvice | undefined, meant: TraceAdvice['choose']): UnknownChoice =>
	advice?.choose === meant ? { ...choice, why: advice.why, advised: true } : choice;

const settled: readonly UnknownChoice[] = [
	{ as: 'done', title: 'It is done', why: 'goes on as if it had succeeded' },
	{ as: 'failed', title: 'It failed', why: 'what stands now is left as it is; the playbook goes on as after a failure' },
];

/** What can be done about a move that was left in the middle: the advised way stands first. */
const moveChoices = (state: FoldedRun, step: Step, attempt: Attempt, advice: TraceAdvice | undefined): readonly UnknownChoice[] => {
	const action = attempt.undo ? step.undo : 'action' in step ? step.action : undefined;
	if (action?.kind !== 'rollout') return [];
	const takesBack = action.action === 'undo';
	if (takesBack) {
		const why = 'looks how far it is, and brings the old version back from there';
		return [marked({ as: 'retry', title: 'Go on taking it back', why }, advice, 'undo'), ...settled];
	}
	if (action.action !== 'swap' && action.action !== 'finish') return [{ as: 'retry', title: 'Do it again', why: 'it is safe to repeat' }, ...settled];
	const move = moveOf(stepState(state, step.id));
	const open = openMove(stepState(state, step.id));
	if (move === undefined) return [{ as: 'retry', title: 'Do it again', why: 'no act of it was begun' }, ...settled];
	// Its program went on without its console, and has written its end since.
	if (open === undefined) return settled.map((each) => ((each.as === 'done') === (move.end === 'swapped') ? { ...each, why: `by its record: ${move.words ?? move.end ?? ''}`, advised: true } : each)).toSorted((left, right) => Number(right.advised ?? false) - Number(left.advised ?? false));
	const finish = marked({ as: 'retry', title: 'Finish it', why: 'looks how far the move is, and does the rest; nothing is planned again' }, advice, 'finish');
	if (state.rollingBack || !undoable(state).includes(step.id)) return [finish, ...settled];
	const back = marked({ as: 'rollback', title: 'Take it back', why: `brings ${open.plan.from.image} back, from wherever the move stands` }, advice, 'undo');
	return [...(back.advised === true ? [back, finish] : [finish, back]), ...settled];
};

/** What the run waits for where nobody knows what became of a step. */
export const unknownOf = (state: FoldedRun, step: Step, view: RunView): Waiting => {
	const own = stepState(state, step.id);
	const attempt = own?.attempts.findLast((each) => each.endedAt === undefined);
	const unless = step.unless === undefined ? undefined : view.judge(step.unless).holds;
	const found = state.track.unknown?.execution === attempt?.execution ? state.track.unknown : undefined;
	const choices = attempt === undefined ? [] : moveChoices(state, step, attempt, found?.advice);
	return {
		kind: 'unknown',
		step: step.id,
		execution: attempt?.execution ?? '',
		evidence: found?.evidence ?? own?.words?.split('; ') ?? [],
		unless,
		...(choices.length === 0 ? {} : { choices }),
	};
};
