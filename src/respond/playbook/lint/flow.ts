import type { PlaybookSource } from '../schema/playbook.ts';

/** Where a step can go on: ids, and whether the run can be over there. */
export interface Exits {
	readonly next: readonly string[];
	/** Set where the run can end, or is handed over, after the step. */
	readonly ends: boolean;
	/** Where a failure leads; no part of `next`. */
	readonly onFailure: readonly string[];
	/** Set where a failure ends the run or hands it over by itself. */
	readonly failureEnds: boolean;
}

/** The ways through a playbook, by step id. Of two steps of one id the first counts. */
export const flowOf = (source: PlaybookSource): ReadonlyMap<string, Exits> => {
	const flow = new Map<string, Exits>();
	source.steps.forEach((step, index) => {
		if (flow.has(step.id)) return;
		const [word = 'ask', id] = (step.onFailure ?? 'ask').split(':');
		const failure = { onFailure: word === 'step' && id !== undefined ? [id] : [], failureEnds: word === 'abort' || word === 'rollback' || word === 'playbook' };
		const targets = step.kind === 'branch' ? [...step.choices.map((each) => each.nextStep), ...(step.nextStep === undefined ? [] : [step.nextStep])] : [step.nextStep ?? source.steps[index + 1]?.id ?? 'end'];
		const ends = step.isEnd === true || targets.includes('end');
		flow.set(step.id, { next: step.isEnd === true ? [] : targets.filter((each) => each !== 'end'), ends, ...failure });
	});
	return flow;
};

/** Ids that can be reached from one step, itself included. */
export const reachableFrom = (flow: ReadonlyMap<string, Exits>, start: string): ReadonlySet<string> => {
	const seen = new Set<string>();
	const open = [start];
	for (let id = open.pop(); id !== undefined; id = open.pop()) {
		const exits = flow.get(id);
		if (exits === undefined || seen.has(id)) continue;
		seen.add(id);
		open.push(...exits.next, ...exits.onFailure);
	}
	return seen;
};
