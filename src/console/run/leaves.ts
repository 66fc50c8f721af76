import { sanitiseText } from '../../domain/sanitise.ts';
import type { ResolvedStep } from '../../domain/run/control.ts';
import type { RunState } from '../../domain/run/state.ts';
import { currentAct, newestMove, type MoveTry } from './move.ts';

const place = /\$\{\{(.*?)\}\}/gs;
const plainPath = /^\s*[a-z_]\w*(?:\.\w+)*\s*$/i;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value at a path such as `plan.from.image`, as a text; `...` where it is not there yet, or is more than a path. */
const valueAt = (path: string, state: RunState): string => {
	if (!plainPath.test(path)) return '...';
	let value: unknown = { ...state.registered, params: state.params };
	for (const key of path.trim().split('.')) value = isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
	return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '...';
};

/** Text with what is known by now filled in: what was resolved at the start of the run did not know its results. */
const filledIn = (text: string, state: RunState): string => text.replaceAll(place, (_, path: string) => valueAt(path, state));

/** Set once the old version was removed: nothing is kept any more. */
const retired = (state: RunState): boolean =>
	state.playbook.steps.some((step) => step.kind === 'rollout' && step.action.kind === 'rollout' && step.action.action === 'retire' && state.steps.find((each) => each.id === step.id)?.status === 'done');

/** What is left of a move that is over. */
const afterMove = (state: RunState, { rollout }: MoveTry): string => {
	const { from, to } = rollout.plan;
	if (rollout.end === 'restored') return `${from.image} serves, as before`;
	if (rollout.end === 'stuck') return `neither version as it should be: ${rollout.words ?? 'stuck'}`;
	return retired(state) ? `${to.image} serves; the old one is gone` : `${to.image} serves; the old one, ${from.image}, is kept until it is retired`;
};

/** Nobody works on the move any more, and the act it was at may have been done since. */
const adrift = (state: RunState, { step, rollout }: MoveTry): boolean => {
	const last = rollout.acts.at(-1);
	return last !== undefined && last.tookMs === undefined && state.steps.find((each) => each.id === step)?.status !== 'running';
};

const changed = (state: RunState): readonly string[] =>
	state.playbook.steps.filter((step) => state.steps.find((each) => each.id === step.id)?.attempts.some((attempt) => attempt.risk !== 'read') === true).map((step) => step.title);

/**
 * What is left behind where the person stops now: of a move under way what its current act leaves, else what the playbook says
 * of the current step, else what was done so far. Absent where the run is over.
 */
export const leavesWords = (state: RunState, resolved: ReadonlyMap<string, ResolvedStep>): string | undefined => {
	if (state.endedAt !== undefined) return undefined;
	const move = newestMove(state);
	const act = move === undefined ? undefined : currentAct(move.rollout);
	if (move !== undefined && act !== undefined) return sanitiseText(adrift(state, move) ? `"${act.words}" was begun and may be done; if not, ${act.leaves}` : act.leaves);
	const current = state.playbook.steps.find((each) => each.id === state.current);
	const said = current === undefined ? undefined : (resolved.get(current.id)?.leaves ?? current.leaves);
	// What came of a move that was tried already is known better than what the playbook said before it.
	if (move !== undefined && move.step === current?.id) return sanitiseText(afterMove(state, move));
	if (said !== undefined && said !== '') return sanitiseText(filledIn(said, state));
	if (move !== undefined) return sanitiseText(afterMove(state, move));
	const titles = changed(state);
	return titles.length === 0 ? 'all as it is now: nothing was changed' : `what was done so far: ${sanitiseText(titles.join(', '))}`;
};

/** The image that taking the newest move back brings back; absent where there is nothing to take back. */
export const undoTo = (state: RunState): string | undefined => {
	const move = newestMove(state);
	return move?.rollout.end !== 'swapped' || retired(state) ? undefined : sanitiseText(move.rollout.plan.from.image);
};
