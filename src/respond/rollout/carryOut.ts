import { formatDuration, formatLatency } from '../../domain/duration.ts';
import type { RolloutHooks, RolloutOutcome, RolloutPlan } from '../../domain/rollout.ts';
import { adviceOf, RolloutFailure, sentences, wordsOf } from './failure.ts';
import type { RolloutResult, RolloutSpec, RolloutToolPorts } from './ports.ts';
import { proofBy } from './prove.ts';
import { MoveRecorder, RecordLost } from './recorder.ts';
import { type RequestCount, watchRequests } from './requests.ts';
import { versionEvents } from './versionEvents.ts';

const answering = { old: 'the old version answers', new: 'the new version answers', both: 'both versions answer', nobody: 'nobody answers' } as const;

/** What is left where a record was lost in the middle, and how to go on. */
const lostWords = (plan: RolloutPlan, { act, message, cause }: RecordLost): RolloutFailure =>
	new RolloutFailure(
		`the move of ${plan.subject.name} ended where it stands, before "${act.words}", as it could not be recorded: ${message}. Left: ${act.leaves}; ${answering[act.serving]}`,
		{
			advice: sentences(adviceOf(cause), 'Then run this step again, which takes it up, or take it back: sitrep rollback SERVICE --undo'.replace('SERVICE', plan.subject.name)),
			value: { planId: plan.id, from: plan.from, to: plan.to, leaves: act.leaves, serving: act.serving },
			cause,
		},
	);

const outcomeLine = ({ words, gapMs, provedMs }: RolloutOutcome, requests: RequestCount | undefined, watched: string): string =>
	[
		words,
		...(gapMs === undefined ? [] : [`nobody answered for ${formatLatency(gapMs)}`]),
		...(provedMs === undefined ? [] : [`proved ${formatLatency(provedMs)} after its start`]),
		...(requests === undefined ? [] : [`${requests.failed} of ${requests.sent} requests to ${watched} failed${requests.failed === 0 ? '' : `, for ${formatLatency(requests.longestGapMs)} at the longest`}`]),
	].join('; ');

/** The value of a step that moved something. */
export const movedValue = (plan: RolloutPlan, outcome: Omit<RolloutOutcome, 'state'>, requests?: RequestCount): Readonly<Record<string, unknown>> => ({
	planId: plan.id,
	end: outcome.end,
	words: outcome.words,
	from: plan.from,
	to: plan.to,
	...(outcome.gapMs === undefined ? {} : { gapMs: Math.round(outcome.gapMs) }),
	...(outcome.provedMs === undefined ? {} : { provedMs: Math.round(outcome.provedMs) }),
	tookMs: Math.round(outcome.tookMs),
	...(requests === undefined ? {} : { requests }),
});

/**
 * Moves a service, recorded act by act, its requests counted meanwhile.
 * @param move asks the engine for it
 * @throws JournalError where it could not be begun: nothing was done then; RolloutFailure where it ended in the middle; EngineError
 */
export const carryOut = async (
	spec: RolloutSpec,
	ports: RolloutToolPorts,
	plan: RolloutPlan,
	as: { readonly undoing: boolean; readonly wanted: 'swapped' | 'restored'; readonly move: (hooks: RolloutHooks) => Promise<RolloutOutcome> },
): Promise<RolloutResult> => {
	const { print, signal, rollout } = ports;
	const recorder = new MoveRecorder(spec, ports, plan, as.undoing);
	await recorder.begin();
	const prove = proofBy(spec, ports, plan.way);
	const url = spec.action.watch ?? '';
	const watch = url === '' ? undefined : watchRequests(url, ports);
	let outcome: RolloutOutcome;
	try {
		outcome = await as.move({ ...recorder.hooks, ...(prove === undefined ? {} : { prove }), signal });
	} catch (error) {
		await watch?.stop();
		if (error instanceof RecordLost) throw lostWords(plan, error);
		throw new RolloutFailure(`the move of ${plan.subject.name} ended in the middle: ${wordsOf(error)}`, {
			advice: sentences(adviceOf(error), 'Run this step again, which takes it up, or take it back.'),
			value: { planId: plan.id, from: plan.from, to: plan.to },
			cause: error,
		});
	}
	const late = signal.aborted && signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError' ? `its time of ${formatDuration(spec.timeoutMs)} was up: ` : '';
	const ended: RolloutOutcome = { ...outcome, words: `${late}${outcome.words}` };
	// What was done is shown at once, not only when the last requests have been counted.
	if (watch !== undefined) await recorder.flush().catch(wordsOf);
	const [requests, versions] = await Promise.all([watch?.stop(), ended.end === as.wanted ? versionEvents(spec, ports, ...(as.wanted === 'swapped' ? [plan.from, plan.to] as const : [plan.to, plan.from] as const)) : []]);
	let unrecorded = '';
	try {
		await recorder.end(ended, requests, versions);
	} catch (error) {
		unrecorded = `; its end could not be recorded: ${wordsOf(error)}`;
	}
	if (ended.end === 'swapped') {
		await rollout.pin(plan.subject.name, plan.from.imageId).catch((error: unknown) => print(`${plan.from.image} is not kept from being cleaned away: ${wordsOf(error)}`));
	}
	print(outcomeLine(ended, requests, url) + unrecorded);
	const value = movedValue(plan, ended, requests);
	return { ok: ended.end === as.wanted, value: { ...value, words: `${ended.words}${unrecorded}` } };
};
