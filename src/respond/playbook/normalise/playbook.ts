import type { AppliesTo, Phase, Playbook } from '../../../domain/playbook/playbook.ts';
import type { PlaybookSource } from '../schema/playbook.ts';
import { inWords } from '../words.ts';
import { paramsOf } from './param.ts';
import { stepOf } from './step.ts';

const listOf = (value: string | readonly string[]): readonly string[] => (typeof value === 'string' ? [value] : value);

const appliesTo = (source: NonNullable<PlaybookSource['appliesTo']>): AppliesTo => ({
	...(source.service === undefined ? {} : { service: listOf(source.service) }),
	...(source.image === undefined ? {} : { image: listOf(source.image) }),
});

/** Declared phases first, in their order, then those that only steps name. */
const phasesOf = (source: PlaybookSource): readonly Phase[] => {
	const phases = new Map<string, Phase>();
	for (const [id, each] of Object.entries(source.phases ?? {})) phases.set(id, { id, title: each.title ?? inWords(id), ...(each.budgetMinutes === undefined ? {} : { budgetMinutes: each.budgetMinutes }) });
	for (const step of source.steps) {
		if (step.phase === undefined) continue;
		const known = phases.get(step.phase) ?? { id: step.phase, title: inWords(step.phase) };
		const budgetMinutes = known.budgetMinutes ?? step.budgetMinutes;
		phases.set(step.phase, { ...known, ...(budgetMinutes === undefined ? {} : { budgetMinutes }) });
	}
	return [...phases.values()];
};

/** A playbook with every default filled in. A step without a phase stands in that of the step before it. */
export const playbookOf = (source: PlaybookSource): Playbook => {
	const { severity, summary } = source;
	let phase: string | undefined;
	const steps = source.steps.map((each) => {
		phase = each.phase ?? phase;
		return stepOf(each, phase);
	});
	return {
		schemaVersion: 1,
		id: source.id,
		version: source.version,
		kind: source.kind,
		...(severity === undefined ? {} : { severity }),
		title: source.title,
		...(summary === undefined ? {} : { summary }),
		...(source.source === undefined ? {} : { source: source.source }),
		notes: source.notes ?? [],
		triggers: source.triggers ?? [],
		...(source.appliesTo === undefined ? {} : { appliesTo: appliesTo(source.appliesTo) }),
		params: paramsOf(source.params ?? {}),
		phases: phasesOf(source),
		steps,
		draft: source.draft ?? false,
	};
};
