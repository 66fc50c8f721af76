import { sanitiseText } from '../../domain/sanitise.ts';
import type { RolloutFinding } from '../../domain/rollout.ts';
import type { RunState } from '../../domain/run/state.ts';
import type { PlanView } from './moveView.ts';

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const fields = (value: unknown): Fields => (isFields(value) ? value : {});
const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? sanitiseText(String(value)) : '');
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const texts = (value: unknown): readonly string[] => list(value).map(text).filter((each) => each !== '');

const levels = ['refuse', 'warn', 'fine'] as const;

const findingOf = (value: unknown): readonly RolloutFinding[] => {
	const given = fields(value);
	const level = levels.find((each) => each === given['level']);
	return level === undefined ? [] : [{ level, what: text(given['what']), why: text(given['why']) }];
};

/** `environment LOG_LEVEL: debug, was info`. */
const changeWords = (value: unknown): string => {
	const change = fields(value);
	const name = [text(change['field']), text(change['key'])].filter((each) => each !== '').join(' ');
	const [before, after] = [text(change['before']), text(change['after'])];
	if (after === '') return `${name}: gone${before === '' ? '' : `, was ${before}`}`;
	return `${name}: ${after}${before === '' ? ', new' : `, was ${before}`}`;
};

const wayWords = (way: string): string => {
	if (way === 'start-first') return 'the new one proves itself first, beside the old one';
	return way === 'stop-first' ? 'the old one stops first: requests fail between the two' : way;
};

/**
 * The plan that a step has worked out, as the screen shows it.
 * @param value what a step registered, whatever it is: a plan has acts and findings
 */
export const planView = (value: unknown): PlanView | undefined => {
	const plan = fields(value);
	if (!Array.isArray(plan['acts']) || !Array.isArray(plan['findings'])) return undefined;
	const downtime = fields(plan['downtime']);
	const expected = downtime['expectedMs'];
	return {
		service: text(fields(plan['subject'])['name']),
		from: text(fields(plan['from'])['image']),
		to: text(fields(plan['to'])['image']),
		findings: list(plan['findings'])
			.flatMap(findingOf)
			.toSorted((one, other) => levels.indexOf(one.level) - levels.indexOf(other.level)),
		changes: list(plan['changes']).map(changeWords),
		kept: texts(plan['kept']),
		lost: texts(plan['lost']),
		downtime: { expectedMs: typeof expected === 'number' ? expected : Number.NaN, basis: text(downtime['basis']) },
		way: wayWords(text(plan['way'])),
		wayWhy: text(plan['wayWhy']),
	};
};

const seconds = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`);

/** The expected downtime, and where the figure comes from. */
export const downtimeWords = ({ downtime }: PlanView): string => {
	const figure = Number.isNaN(downtime.expectedMs) ? 'not known' : downtime.expectedMs === 0 ? 'none' : `about ${seconds(downtime.expectedMs)}`;
	return downtime.basis === '' ? figure : `${figure}: ${downtime.basis}`;
};

/** The newest plan of a run. */
export const newestPlan = (state: RunState): PlanView | undefined => {
	const tried = state.path.toReversed().flatMap((id) => state.steps.find((each) => each.id === id)?.attempts.toReversed() ?? []);
	for (const value of [...tried.map((attempt) => attempt.value), ...Object.values(state.registered).toReversed()]) {
		const plan = planView(value);
		if (plan !== undefined) return plan;
	}
	return undefined;
};
