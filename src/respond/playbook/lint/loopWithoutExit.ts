import { flowOf, reachableFrom } from './flow.ts';
import type { LintRule } from './subject.ts';
import { complain } from './subject.ts';

const say = complain('loop-without-exit', 'error');

/** Steps from which the run never comes to an end, whatever succeeds or fails. */
export const loopWithoutExit: LintRule = ({ source }) => {
	const flow = flowOf(source);
	// With two steps of one id nobody can say where a way leads; that is told of by itself.
	if (flow.size < source.steps.length) return [];
	const endless = (id: string): boolean =>
		![...reachableFrom(flow, id)].some((each) => {
			const exits = flow.get(each);
			// A way to a step that does not exist is another rule's business: it is no loop.
			return exits === undefined || exits.ends || exits.failureEnds || [...exits.next, ...exits.onFailure].some((to) => !flow.has(to));
		});
	const places = new Map(source.steps.map((step, index) => [step.id, index] as const).reverse());
	const told = new Set<string>();
	return source.steps.flatMap((step, index) => {
		if (places.get(step.id) !== index || told.has(step.id) || !endless(step.id)) return [];
		const around = reachableFrom(flow, step.id);
		for (const id of around) told.add(id);
		// The way back is what makes it a loop.
		const back = [...around].map((id) => places.get(id) ?? 0).find((at) => (flow.get(source.steps[at]?.id ?? '')?.next ?? []).some((to) => (places.get(to) ?? 0) <= at)) ?? index;
		const at = source.steps[back];
		return [say(['steps', back, at?.nextStep === undefined ? 'id' : 'nextStep'], `the steps ${[...around].join(', ')} go round without an end`, 'Give one of them isEnd: true, nextStep: end, or a branch that leads out.')];
	});
};
