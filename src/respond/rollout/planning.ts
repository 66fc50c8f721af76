import type { RolloutPlan, RolloutPlanOptions } from '../../domain/rollout.ts';
import { RolloutFailure } from './failure.ts';
import { imageWords, isId } from './imageWords.ts';
import { knownVersions } from './known.ts';
import { refusalsOf } from './planWords.ts';
import type { RolloutSpec, RolloutToolPorts } from './ports.ts';

const optionsOf = ({ action }: RolloutSpec, signal: AbortSignal): RolloutPlanOptions => ({
	signal,
	...(action.way === undefined ? {} : { way: action.way }),
	...(action.proveWithinSeconds === undefined ? {} : { proveWithinMs: action.proveWithinSeconds * 1000 }),
});

/** Plans the move to a version, or to the last good one where none is named. @throws EngineError, RolloutFailure where no last good one is known */
export const planMove = async (spec: RolloutSpec, ports: RolloutToolPorts, to: string): Promise<RolloutPlan> => {
	const { rollout, print, signal } = ports;
	if (to !== '') return rollout.plan(await rollout.subject(spec.action.service, { signal }), to, optionsOf(spec, signal));
	const { lastGood, why, subject } = await knownVersions(spec, ports);
	if (lastGood === undefined) {
		throw new RolloutFailure(`there is no last good version of ${subject.name} to go to: ${why}`, { advice: 'Name one with `to`.', value: { refused: true, summary: why } });
	}
	print(`${lastGood.proved ? 'last good' : 'best guess'}: ${imageWords(lastGood)}. ${lastGood.why}`);
	return rollout.plan(subject, lastGood.image, optionsOf(spec, signal));
};

/**
 * Whether the one thing in the way is that the version is not on this engine, and it has a name by which it may be fetched. Fetching changes the
 * engine, so a plan only says that it will be done; the swap does it, before anything else.
 */
export const isToFetch = (plan: RolloutPlan): boolean => plan.to.imageId === '' && plan.to.image !== '' && !isId(plan.to.image) && refusalsOf(plan).length <= 1;

/** The plan as it is shown where the version is fetched first: that is no refusal then. */
export const withFetch = (plan: RolloutPlan): RolloutPlan => ({
	...plan,
	findings: plan.findings.map((finding) =>
		finding.level === 'refuse' ? { level: 'warn', what: finding.what, why: `${plan.to.image} is not on this engine: the swap fetches it before anything is changed, and only then is known what it changes` } : finding,
	),
});
