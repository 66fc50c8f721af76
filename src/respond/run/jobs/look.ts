import type { WaitForStep, WatchStep } from '../../../domain/playbook/step.ts';
import type { ResolvedAction } from '../../../domain/run/action.ts';
import { formatDuration } from '../../../domain/duration.ts';
import { boundValue } from '../values.ts';
import type { Job, JobContext, JobEnd } from './job.ts';
import { redactEnd } from './job.ts';
import type { Look } from './looks.ts';
import { Looker } from './looks.ts';

/** So many looks in a row without data make a watch inconclusive. */
const borneInconclusive = 3;
/** Looks are recorded at most so often, ms, and at each change of their answer. */
const recordEveryMs = 1000;

type Verdict = Pick<JobEnd, 'outcome' | 'words'> & { readonly inconclusive?: boolean };

/** Counts looks of a `waitFor`: so many good ones in a row, within the time. */
const waitJudge = (step: WaitForStep) => {
	let good = 0;
	return (look: Look, elapsedMs: number): Verdict | undefined => {
		good = look.ok === true ? good + 1 : 0;
		if (good >= step.consecutiveSuccessLimit) {
			return { outcome: 'done', words: `${look.words}${good > 1 ? `, ${good} times in a row` : ''}, after ${formatDuration(elapsedMs)}` };
		}
		if (elapsedMs >= step.timeoutSeconds * 1000) return { outcome: 'timed-out', words: `not within ${step.timeoutSeconds} s: ${look.words}` };
		return undefined;
	};
};

/**
 * Counts looks of a `watch`: the window is held where it is over with no more bad looks than are borne. A look without
 * data holds the window up; several in a row, or too many in all, leave it inconclusive.
 */
const watchJudge = (step: WatchStep) => {
	let bad = 0;
	let blind = 0;
	let heldMs = 0;
	let before = 0;
	return (look: Look, elapsedMs: number): Verdict | undefined => {
		if (look.ok === undefined) {
			blind++;
			before = elapsedMs;
			const late = elapsedMs >= (step.windowSeconds + step.timeoutSeconds) * 1000;
			return blind >= borneInconclusive || late ? { outcome: 'failed', words: `inconclusive: ${look.words}`, inconclusive: true } : undefined;
		}
		blind = 0;
		heldMs += elapsedMs - before;
		before = elapsedMs;
		if (!look.ok && ++bad > step.failureLimit) return { outcome: 'failed', words: `${look.words} (${bad} bad looks, ${step.failureLimit} are borne)` };
		if (heldMs >= step.windowSeconds * 1000) return { outcome: 'done', words: `held for ${step.windowSeconds} s${bad === 0 ? '' : `, ${bad} bad looks borne`}` };
		return undefined;
	};
};

/**
 * A `waitFor` or a `watch` under way. Its looks change nothing: where a console died in the middle of it, another one
 * simply goes on looking.
 * @param since epoch ms at which the step started; a wait that is taken up again keeps its time
 */
export const startLooking = (
	context: JobContext,
	step: WaitForStep | WatchStep,
	resolved: ResolvedAction | undefined,
	execution: string,
	options: { readonly since?: number; readonly firstLook?: number } = {},
): Job => {
	const { clock } = context.ports;
	const looker = new Looker(context, step, resolved, execution, options.firstLook ?? 0);
	const begun = clock.monotonic();
	// A window has to be held without a gap: it begins anew. A wait goes on.
	const earlier = step.kind === 'waitFor' && options.since !== undefined ? Math.max(0, clock.now() - options.since) : 0;
	const elapsed = (): number => clock.monotonic() - begun + earlier;
	const bound = (step.kind === 'waitFor' ? step.timeoutSeconds : step.windowSeconds + step.timeoutSeconds) * 1000;
	const verdictOf = step.kind === 'waitFor' ? waitJudge(step) : watchJudge(step);
	const { promise: halted, resolve: halt } = Promise.withResolvers<'cancel' | 'detach'>();
	let asked: 'cancel' | 'detach' | undefined;
	let recorded: { readonly ok: boolean | undefined; readonly atMs: number } | undefined;

	const record = (look: Look): void => {
		const now = clock.monotonic();
		if (recorded !== undefined && recorded.ok === look.ok && now - recorded.atMs < recordEveryMs) return;
		recorded = { ok: look.ok, atMs: now };
		context.looked(step, execution, look.ok, look.words);
	};
	const pause = (ms: number): Promise<unknown> => {
		const { promise, resolve } = Promise.withResolvers<void>();
		const stop = clock.after(Math.max(0, ms), resolve);
		return Promise.race([promise, halted]).finally(stop);
	};
	const finish = (verdict: Verdict, look: Look | undefined): JobEnd => {
		const result = step.secret || look === undefined ? {} : look.result;
		const value = verdict.inconclusive === true ? { inconclusive: true } : boundValue(context.secrets.redactor.record(result));
		return redactEnd(
			{
				outcome: verdict.outcome,
				words: verdict.words,
				durationMs: Math.round(elapsed()),
				...(looker.output === undefined ? {} : { output: looker.output }),
				...(Object.keys(value).length === 0 ? {} : { value }),
				...looker.remains,
			},
			context.secrets.redactor,
		);
	};
	const run = async (): Promise<JobEnd | undefined> => {
		for (;;) {
			const from = elapsed();
			const look = await looker.look(Math.max(0, bound - from));
			if (asked === 'detach') return undefined;
			if (asked === 'cancel') return finish({ outcome: 'cancelled', words: `cancelled after ${formatDuration(elapsed())}` }, look);
			record(look);
			const verdict = verdictOf(look, elapsed());
			if (verdict !== undefined) return finish(verdict, look);
			await pause(step.intervalSeconds * 1000 - (elapsed() - from));
			if (asked === 'detach') return undefined;
			if (asked === 'cancel') return finish({ outcome: 'cancelled', words: `cancelled after ${formatDuration(elapsed())}` }, undefined);
		}
	};
	const ended = run();
	const { promise: left, resolve: leave } = Promise.withResolvers<undefined>();
	return {
		ended: Promise.race([ended, left]),
		get folder() {
			return looker.folder;
		},
		async cancel() {
			asked ??= 'cancel';
			halt('cancel');
			await looker.cancel();
			await ended;
		},
		detach() {
			asked = 'detach';
			halt('detach');
			looker.detach();
			leave(undefined);
		},
	};
};
