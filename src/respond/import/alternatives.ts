import type { DraftStep } from './draft.ts';

/** A step with its id, and where it goes on. */
export interface PlacedStep {
	readonly id: string;
	readonly step: DraftStep;
	nextStep?: string;
}

/** A choice between several ways, before the first of them. */
export interface PlacedBranch {
	readonly id: string;
	readonly phase?: number;
	readonly source: string;
	readonly choices: readonly { readonly title: string; readonly nextStep: string }[];
}

export type Placed = PlacedStep | PlacedBranch;

export const isBranch = (placed: Placed): placed is PlacedBranch => 'choices' in placed;

/** Runs of neighbours with the same condition. */
const waysOf = (steps: readonly DraftStep[], from: number): readonly (readonly [condition: string, from: number, to: number])[] => {
	const ways: [string, number, number][] = [];
	for (let index = from; index < steps.length; index++) {
		const condition = steps[index]?.condition;
		if (condition === undefined) break;
		const last = ways.at(-1);
		if (last?.[0] === condition) last[2] = index + 1;
		else ways.push([condition, index, index + 1]);
	}
	return ways;
};

/**
 * Puts a choice before steps that are several ways, of which one is to be taken: "If the database is corrupt", "If the
 * container is at fault". After each way it goes on behind all of them. One way alone is no choice.
 * @param newId gives each id out once
 */
export const withChoices = (steps: readonly DraftStep[], newId: (wanted: string) => string, idOf: (step: DraftStep) => string): readonly Placed[] => {
	const ids = steps.map(idOf);
	const placed: Placed[] = [];
	for (let index = 0; index < steps.length; ) {
		const ways = waysOf(steps, index);
		const end = ways.at(-1)?.[2] ?? index + 1;
		const first = steps[index];
		if (first === undefined) break;
		const after = ids[end] ?? 'end';
		if (ways.length > 1) {
			placed.push({
				id: newId('which-case'),
				...(first.phase === undefined ? {} : { phase: first.phase }),
				source: first.source,
				choices: [...ways.map(([title, from]) => ({ title, nextStep: ids[from] ?? 'end' })), { title: 'None of these', nextStep: after }],
			});
		}
		for (let each = index; each < end; each++) {
			const step = steps[each];
			const id = ids[each];
			if (step === undefined || id === undefined) continue;
			const closes = ways.length > 1 && each + 1 < end && ways.some(([, , to]) => to === each + 1);
			placed.push({ id, step, ...(closes ? { nextStep: after } : {}) });
		}
		index = end;
	}
	return placed;
};
