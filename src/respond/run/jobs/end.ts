import type { Step } from '../../../domain/playbook/step.ts';
import type { ActionEnd } from '../../../domain/run/action.ts';
import type { StepOutcome } from '../../../domain/run/event.ts';
import { remainsOf } from '../../../domain/run/remains.ts';
import { judgesEnd, unmetWords } from '../expectation.ts';
import { judge } from '../judge.ts';
import { withOutcome } from '../scope.ts';
import { boundValue } from '../values.ts';
import type { JobContext, JobEnd } from './job.ts';
import { redactEnd } from './job.ts';

type Verdict = { readonly outcome: StepOutcome; readonly words: string };

const isEmpty = (result: Readonly<Record<string, unknown>>): boolean => result['exitCode'] === undefined && result['status'] === undefined;

/** How an action is judged by its step's `expect`; `undefined` as `ok` where that cannot be told. */
const verdictOf = (context: JobContext, step: Step, end: ActionEnd): Verdict => {
	const { expect } = step;
	const own = { outcome: end.outcome, words: end.words };
	if (expect === undefined || (end.outcome !== 'done' && end.outcome !== 'failed')) return own;
	// A bad exit code or status is forgiven only by an expectation that speaks of it; what could not even be tried, by none.
	if (end.outcome === 'failed' && (isEmpty(end.result) || !judgesEnd(expect))) return own;
	const { holds, why } = judge(expect, withOutcome(context.view().scope, end.result));
	if (holds === true) return { outcome: 'done', words: end.words };
	if (holds === false) return { outcome: 'failed', words: unmetWords(expect, end.result) };
	return { outcome: 'failed', words: `${expect} cannot be told: ${why}` };
};

/**
 * The end of a step from the end of its action. A step whose output is secret leaves no value: it is kept in memory, for
 * as long as this console lives.
 */
export const endOf = (context: JobContext, step: Step, end: ActionEnd): JobEnd => {
	const hidden = step.secret ? { result: '(secret)' } : end.result;
	const verdict = step.secret && step.expect !== undefined ? hideWords(verdictOf(context, step, end), step.expect) : verdictOf(context, step, end);
	if (step.secret) context.secrets.keepResult([step.id, ...(step.register === undefined ? [] : [step.register])], end.result);
	// Redacted before it is cut: a secret that the cut would divide is found only whole.
	const value = step.secret ? undefined : boundValue(context.secrets.redactor.record(hidden));
	return redactEnd(
		{
			...verdict,
			durationMs: end.durationMs,
			...(end.exitCode === undefined ? {} : { exitCode: end.exitCode }),
			...(end.output === undefined ? {} : { output: end.output }),
			...(value === undefined ? {} : { value }),
			...remainsOf(end),
		},
		context.secrets.redactor,
	);
};

const hideWords = (verdict: Verdict, expect: string): Verdict => (verdict.outcome === 'failed' ? { ...verdict, words: `expected ${expect}, got (secret)` } : verdict);

/** An end of something that could not be begun. */
export const notStarted = (context: JobContext, error: unknown): JobEnd => ({
	outcome: 'failed',
	words: context.secrets.redactor.text(`could not be started: ${error instanceof Error ? error.message : String(error)}`),
	durationMs: 0,
});
