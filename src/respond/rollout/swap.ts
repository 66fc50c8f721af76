import type { RolloutPlan } from '../../domain/rollout.ts';
import { carryOut } from './carryOut.ts';
import { RolloutFailure, wordsOf } from './failure.ts';
import { hold } from './hold.ts';
import { imageWords } from './imageWords.ts';
import { movesHere } from './known.ts';
import { isOwn, leftByOther, takeUp } from './left.ts';
import { isToFetch, planMove } from './planning.ts';
import { findingWords, planSummary, refusalsOf, warningsOf } from './planWords.ts';
import type { RolloutResult, RolloutSpec, RolloutToolPorts } from './ports.ts';
import { changedSince, findShown, type ShownPlan } from './shownPlan.ts';

/** Progress of a fetch is said at most so often, ms: registries tell of every layer many times a second. */
const sayEveryMs = 1000;

/** Fetches a version that is not there. It is the one act before a move is begun: it takes nothing away, and is not taken back. @throws EngineError */
const fetchVersion = async (image: string, { rollout, print, clock, signal }: RolloutToolPorts): Promise<void> => {
	print(`fetching ${image}`);
	let saidAt = clock.monotonic();
	await rollout.fetch(
		image,
		(words) => {
			const now = clock.monotonic();
			if (now - saidAt < sayEveryMs) return;
			saidAt = now;
			print(`  ${words}`);
		},
		signal,
	);
};

/** By the name it was shown under: that is what the service is then said to run. Whether that is still the same version is compared. */
const targetOf = (spec: RolloutSpec, shown: ShownPlan | undefined): string => {
	const asked = spec.action.to ?? '';
	if (shown === undefined) return asked;
	return asked === '' || asked === shown.to.imageId || asked === shown.to.image ? shown.to.image : asked;
};

/** The same once more where the version has to be fetched first. */
const withVersion = async (spec: RolloutSpec, ports: RolloutToolPorts, plan: RolloutPlan): Promise<RolloutPlan> => {
	if (!isToFetch(plan)) return plan;
	await fetchVersion(plan.to.image, ports);
	return planMove(spec, ports, plan.to.image);
};

const check = (plan: RolloutPlan, shown: ShownPlan | undefined, print: (line: string) => void): void => {
	const value = { planId: plan.id, from: plan.from, to: plan.to };
	const changed = shown === undefined ? [] : changedSince(shown, plan);
	if (changed.length > 0) throw new RolloutFailure(`changed since it was shown: ${changed.join('; ')}`, { advice: 'Plan it again, and look at it.', value });
	const refused = refusalsOf(plan);
	// That nothing would change is said first: a rollback that changes nothing is a failure.
	if (plan.to.imageId !== '' && plan.to.imageId === plan.from.imageId) throw new RolloutFailure(`nothing would change: ${plan.subject.name} runs ${imageWords(plan.to)} already`, { value });
	if (refused.length > 0) throw new RolloutFailure(`the preflight refuses to move ${plan.subject.name} to ${imageWords(plan.to)}: ${findingWords(refused)}`, { value });
	for (const { what, why } of warningsOf(plan)) print(`${shown === undefined || shown.warned.has(what) ? 'warned' : 'new since it was shown'}: ${what}: ${why}`);
};

const swapHeld = async (spec: RolloutSpec, ports: RolloutToolPorts, shown: ShownPlan | undefined, events: Parameters<typeof isOwn>[2], plan: Promise<RolloutPlan>): Promise<RolloutResult> => {
	const { journal, print, clock, rollout, signal } = ports;
	for (const left of await movesHere(spec, journal, { unended: true })) {
		if (left.service !== spec.service) continue;
		if (!isOwn(spec, left, events)) throw leftByOther(left, clock.now());
		const result = await takeUp(spec, ports, left);
		if (result !== undefined) return result;
	}
	const [newest] = await movesHere(spec, journal);
	if (newest?.end === 'stuck' && isOwn(spec, newest, events)) {
		const result = await takeUp(spec, ports, newest);
		if (result !== undefined) return result;
	}
	const found = await withVersion(spec, ports, await plan);
	check(found, shown, print);
	signal.throwIfAborted();
	print(planSummary(found));
	return carryOut(spec, ports, found, { undoing: false, wanted: 'swapped', move: (hooks) => rollout.swap(found, hooks) });
};

/**
 * Moves a service to another version; the engine takes it back by itself where the new one does not prove itself. Where a plan was
 * shown, only what was shown is carried out. What an earlier try of this step left in the middle is taken up.
 * @throws JournalError where nothing can be recorded: nothing is begun then; EngineError, RolloutFailure
 */
export const swapStep = async (spec: RolloutSpec, ports: RolloutToolPorts): Promise<RolloutResult> => {
	const { journal } = ports;
	const events = await journal.readRun(spec.runId);
	const shownId = spec.action.plan ?? '';
	const shown = shownId === '' ? undefined : await findShown(journal, events, shownId);
	if (shownId !== '' && shown === undefined) {
		throw new RolloutFailure(`no plan ${shownId} was shown in this run`, { advice: 'Plan the move again, and look at it.' });
	}
	// Both take their time, and neither changes anything.
	const plan = planMove(spec, ports, targetOf(spec, shown));
	plan.catch(wordsOf);
	const release = await hold(spec, ports);
	try {
		return await swapHeld(spec, ports, shown, events, plan);
	} finally {
		await release();
	}
};
