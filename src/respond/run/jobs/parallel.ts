import { remainsOf } from '../../../domain/run/remains.ts';
import type { ParallelChild } from '../flow.ts';
import type { Job, JobContext, JobEnd } from './job.ts';

/** A part of a parallel step that is under way, or was over already when this console came. */
export interface Part {
	readonly step: ParallelChild;
	readonly execution: string;
	readonly job: Job;
	/** Set where its end stands in the journal already. */
	readonly known?: JobEnd;
}

/** What the whole comes to: it is done when all parts are, and has failed when one has. */
const sumUp = (parts: readonly { readonly id: string; readonly end: JobEnd }[], durationMs: number): JobEnd => {
	const done = parts.filter((part) => part.end.outcome === 'done').length;
	const bad = parts.filter((part) => part.end.outcome !== 'done');
	const words = bad.length === 0 ? `${done} of ${parts.length} done` : `${done} of ${parts.length} done; ${bad.map((part) => `${part.id}: ${part.end.words}`).join('; ')}`;
	const outcome = bad.length === 0 ? 'done' : bad.some((part) => part.end.outcome === 'cancelled') ? 'cancelled' : 'failed';
	return { outcome, words, durationMs, ...remainsOf(...parts.map((part) => part.end)) };
};

/** Several jobs as one. The end of each is recorded as it comes. */
export const followParts = (context: JobContext, parts: readonly Part[]): Job => {
	const begun = context.ports.clock.monotonic();
	const one = async (part: Part): Promise<{ readonly id: string; readonly end: JobEnd } | undefined> => {
		if (part.known !== undefined) return { id: part.step.id, end: part.known };
		const end = await part.job.ended;
		if (end === undefined) return undefined;
		await context.partEnded(part.step, part.execution, end);
		return { id: part.step.id, end };
	};
	const ended = Promise.all(parts.map(one)).then((ends) => {
		const present = ends.filter((end) => end !== undefined);
		return present.length < parts.length ? undefined : sumUp(present, Math.round(context.ports.clock.monotonic() - begun));
	});
	return {
		ended,
		async cancel() {
			await Promise.all(parts.map((part) => part.job.cancel()));
		},
		detach() {
			for (const part of parts) part.job.detach();
		},
	};
};
