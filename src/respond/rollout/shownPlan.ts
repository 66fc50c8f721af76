import type { JournalEvent } from '../../domain/journal.ts';
import type { RolloutPlan } from '../../domain/rollout.ts';
import { imageWords } from './imageWords.ts';
import { refusalsOf } from './planWords.ts';
import type { MoveJournal } from './ports.ts';

/** What a plan step left of the plan that a person was shown. */
export interface ShownPlan {
	readonly id: string;
	readonly subjectId: string;
	readonly from: { readonly image: string; readonly imageId: string };
	/** `imageId` is empty where it was to be fetched. */
	readonly to: { readonly image: string; readonly imageId: string };
	readonly way: string;
	/** What was warned of, and what was refused. */
	readonly warned: ReadonlySet<string>;
	readonly refused: ReadonlySet<string>;
}

type Fields = Readonly<Record<string, unknown>>;
const fields = (value: unknown): Fields => (typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {});
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const image = (value: unknown): ShownPlan['from'] => ({ image: text(fields(value)['image']), imageId: text(fields(value)['imageId']) });

const readShown = (value: Fields, id: string): ShownPlan | undefined => {
	if (value['planId'] !== id || typeof value['way'] !== 'string') return undefined;
	const findings = Array.isArray(value['findings']) ? value['findings'].map(fields) : [];
	const of = (level: string): ReadonlySet<string> => new Set(findings.filter((finding) => finding['level'] === level).map((finding) => text(finding['what'])));
	return { id, subjectId: text(fields(value['subject'])['id']), from: image(value['from']), to: image(value['to']), way: value['way'], warned: of('warn'), refused: of('refuse') };
};

/** The plan of this id among the events of a run, or of the run that this one belongs to. @throws JournalError */
export const findShown = async (journal: Pick<MoveJournal, 'readRun'>, events: readonly JournalEvent[], id: string): Promise<ShownPlan | undefined> => {
	for (const { event } of events.toReversed()) {
		const shown = event.kind === 'step_ended' ? readShown(fields(event.value), id) : undefined;
		if (shown !== undefined) return shown;
	}
	const first = events[0]?.event;
	if (first?.kind !== 'run_started' || first.parent === undefined) return undefined;
	return findShown(journal, await journal.readRun(first.parent.runId), id);
};

/** What is not as it was when the plan was shown, one line each; a warning that is gone is no such thing. */
export const changedSince = (shown: ShownPlan, now: RolloutPlan): readonly string[] => [
	...(shown.subjectId === '' || shown.subjectId === now.subject.id ? [] : [`${now.subject.name} was made again meanwhile`]),
	...(shown.from.imageId === now.from.imageId ? [] : [`${now.subject.name} runs ${imageWords(now.from)} now, not ${imageWords(shown.from)}`]),
	...(shown.to.imageId === '' || shown.to.imageId === now.to.imageId ? [] : [`${imageWords(shown.to)} is another version now`]),
	...(shown.way === now.way ? [] : [`the way is ${now.way} now: ${now.wayWhy}`]),
	...refusalsOf(now)
		.filter(({ what }) => !shown.refused.has(what))
		.map(({ what, why }) => `${what}: ${why}`),
];
