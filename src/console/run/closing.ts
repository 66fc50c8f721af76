import { sanitiseText } from '../../domain/sanitise.ts';
import type { RunState } from '../../domain/run/state.ts';
import { undoTo } from './leaves.ts';
import type { ClosingView } from './moveView.ts';
import { allMoves } from './move.ts';

/** A post-mortem is due so long after a rollback, ms: 48 h, as the P09 SOP wants it. */
const postMortemMs = 48 * 3_600_000;

const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0);

/** What a rollback came to; `undefined` while it is not over, or where it was only tried dry. */
export const closingView = (state: RunState): ClosingView | undefined => {
	const { endedAt } = state;
	if (endedAt === undefined || state.dryRun) return undefined;
	const did = state.playbook.steps.flatMap((step) => {
		const done = state.steps.find((each) => each.id === step.id)?.attempts.findLast((attempt) => attempt.risk !== 'read' && attempt.endedAt !== undefined);
		return done === undefined ? [] : [{ title: `${done.undo ? 'undo: ' : ''}${step.title}`, words: sanitiseText((done.words ?? done.outcome ?? '').split('\n')[0] ?? '') }];
	});
	const moves = allMoves(state).map((each) => each.rollout);
	const gaps = moves.flatMap(({ gapMs }) => (gapMs === undefined ? [] : [gapMs]));
	const requests = moves.flatMap((move) => (move.requests === undefined ? [] : [move.requests]));
	const back = undoTo(state);
	return {
		did,
		tookMs: endedAt - state.startedAt,
		...(state.faultAt === undefined ? {} : { sinceFaultMs: endedAt - state.faultAt }),
		...(gaps.length === 0 ? {} : { gapMs: sum(gaps) }),
		...(requests.length === 0 ? {} : { requests: { sent: sum(requests.map((each) => each.sent)), failed: sum(requests.map((each) => each.failed)) } }),
		// Where nothing was changed nothing was rolled back.
		...(did.length === 0 ? {} : { postMortemDueAt: endedAt + postMortemMs }),
		...(back === undefined ? {} : { undoTo: back }),
	};
};
