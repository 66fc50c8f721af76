import type { ParallelStep, Step } from '../../domain/playbook/step.ts';
import type { ResolvedAction } from '../../domain/run/action.ts';
import type { TraceAdvice } from '../../domain/run/event.ts';
import { remainsOf } from '../../domain/run/remains.ts';
import type { Attempt } from '../../domain/run/state.ts';
import { partExecution } from './executions.ts';
import type { ParallelChild } from './flow.ts';
import { followAction } from './jobs/action.ts';
import { endOf } from './jobs/end.ts';
import type { Job, JobContext, JobEnd } from './jobs/job.ts';
import { startLooking } from './jobs/look.ts';
import { asUndo } from './launch.ts';
import type { Part } from './jobs/parallel.ts';
import { followParts } from './jobs/parallel.ts';
import { stepState } from './moves.ts';
import { recordedEnd } from './recordedMove.ts';
import type { FoldedRun } from './track.ts';

/** What became of a step that was under way when its console went. */
export type Found =
	| { readonly kind: 'ended'; readonly end: JobEnd }
	| { readonly kind: 'running'; readonly job: Job }
	/** `repeatable`: it only reads, so it can be done again without asking. */
	| { readonly kind: 'unknown'; readonly evidence: readonly string[]; readonly repeatable?: boolean; readonly advice?: TraceAdvice };

/** What is needed to find out. */
export interface Search {
	readonly context: JobContext;
	readonly state: FoldedRun;
	/** Records that nobody knows what became of a part of a parallel step. */
	partUnknown(part: ParallelChild, execution: string, evidence: readonly string[]): Promise<void>;
}

/** An action to ask after. Its secrets are not known yet, and are not needed for that. */
const toTrace = (context: JobContext, step: Step, undo: boolean, attempt: Attempt): ResolvedAction | undefined => {
	const resolved = context.view().prepare(step, undo).parts.find((part) => part.step.id === step.id)?.resolved;
	if (resolved !== undefined) return resolved;
	const action = undo ? step.undo : 'action' in step ? step.action : undefined;
	if (action === undefined || action.kind === 'signal') return undefined;
	return { action, shown: attempt.command, scriptEnv: {} };
};

const traceAction = async ({ context }: Search, step: Step, attempt: Attempt): Promise<Found> => {
	const resolved = toTrace(context, step, attempt.undo, attempt);
	if (resolved === undefined) return { kind: 'unknown', evidence: ['what it ran is not known any more'] };
	const folder = context.folder(attempt.execution);
	const judged = attempt.undo ? asUndo(step) : step;
	try {
		const trace = await context.ports.actions.trace(resolved, {
			folder,
			timeoutMs: step.timeoutSeconds * 1000,
			startedAt: attempt.startedAt,
			secrets: context.secrets.texts,
			hideOutput: step.secret,
			about: context.about(step.id, attempt.execution),
		});
		const recorded = trace.kind === 'unknown' ? recordedEnd(step, attempt) : undefined;
		if (recorded !== undefined) return { kind: 'ended', end: recorded };
		if (trace.kind === 'unknown') return trace;
		if (trace.kind === 'ended') return { kind: 'ended', end: endOf(context, judged, trace.end) };
		return { kind: 'running', job: followAction(context, judged, trace.action, folder) };
	} catch (error) {
		return { kind: 'unknown', evidence: [`nothing could be found out: ${error instanceof Error ? error.message : String(error)}`] };
	}
};

const rejoinOne = (search: Search, step: Step, attempt: Attempt): Promise<Found> => {
	const { context, state } = search;
	if (!attempt.undo && (step.kind === 'waitFor' || step.kind === 'watch') && step.risk === 'read') {
		const prepared = context.view().prepare(step, false);
		if (prepared.problem !== undefined) return Promise.resolve({ kind: 'unknown', evidence: [`it cannot look again: ${prepared.problem}`] });
		const resolved = prepared.parts[0]?.resolved;
		// Folders of looks are numbered; no earlier console can have come this far.
		return Promise.resolve({ kind: 'running', job: startLooking(context, step, resolved, attempt.execution, { since: attempt.startedAt, firstLook: state.lastSeq * 1000 }) });
	}
	return traceAction(search, step, attempt);
};

const ended = (attempt: Attempt): JobEnd => ({ outcome: attempt.outcome ?? 'failed', words: attempt.words ?? '', durationMs: attempt.durationMs ?? 0, ...remainsOf(attempt) });

const nothing: Job = { ended: Promise.resolve(undefined), cancel: () => Promise.resolve(), detach: () => undefined };

const rejoinParts = async (search: Search, step: ParallelStep, execution: string): Promise<Found> => {
	const parts: Part[] = [];
	for (const part of step.steps) {
		const own = partExecution(execution, part);
		const attempt = stepState(search.state, part.id)?.attempts.find((each) => each.execution === own);
		if (attempt === undefined) continue;
		if (attempt.endedAt !== undefined) {
			parts.push({ step: part, execution: own, job: nothing, known: ended(attempt) });
			continue;
		}
		const found = await rejoinOne(search, part, attempt);
		if (found.kind === 'running') parts.push({ step: part, execution: own, job: found.job });
		else if (found.kind === 'ended') parts.push({ step: part, execution: own, job: { ...nothing, ended: Promise.resolve(found.end) } });
		else {
			await search.partUnknown(part, own, found.evidence);
			parts.push({ step: part, execution: own, job: nothing, known: { outcome: 'failed', words: `what became of it is not known: ${found.evidence.join('; ')}`, durationMs: 0 } });
		}
	}
	return { kind: 'running', job: followParts(search.context, parts) };
};

/** Whether taking a step up means to run something of it again, for which its secrets are needed. */
export const looksAgain = (step: Step): boolean =>
	step.kind === 'parallel' ? step.steps.some(looksAgain) : (step.kind === 'waitFor' || step.kind === 'watch') && step.action.kind !== 'signal';

/** Takes up, or finds out about, a step that another console started. Runs nothing again. */
export const rejoin = (search: Search, step: Step, attempt: Attempt): Promise<Found> =>
	step.kind === 'parallel' && !attempt.undo ? rejoinParts(search, step, attempt.execution) : rejoinOne(search, step, attempt);
