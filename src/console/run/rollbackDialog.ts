import { sanitiseText } from '../../domain/sanitise.ts';
import type { LoadedPlaybook } from '../../domain/playbook/playbook.ts';
import { dialog, never, options } from './dialogParts.ts';
import { formOf, needsForm } from './form.ts';
import type { Answer, OptionItem, RunDialog } from './view.ts';

/** How a move is taken up: a playbook with the values it gets. */
export interface MoveStart {
	readonly playbook: string;
	readonly values: Readonly<Record<string, string>>;
}

/** A move of a service between versions that can be taken up again, as the journal knows it. */
export interface KnownMove {
	readonly planId: string;
	/** What was moved and when, in words: `from shop:2 to shop:1 at 03:12, swapped`. */
	readonly words: string;
	/** Image that it came from: what taking it back brings back. */
	readonly from: string;
	/** Image that it went to, or was going to. */
	readonly to: string;
	/** It was begun and has no end, and nobody works on it. */
	readonly half: boolean;
	/** Takes it back; absent where it cannot be any more. */
	readonly undo?: MoveStart;
	/** Does the rest of it; absent where it is done. */
	readonly finish?: MoveStart;
	/** Removes what it has kept of the old version; absent where it has kept nothing. */
	readonly retire?: MoveStart;
}

/** A rollback playbook with the values that the service gives. */
export interface RollbackOffer {
	readonly loaded: LoadedPlaybook;
	readonly why: string;
	readonly values: Readonly<Record<string, string>>;
}

/** Everything that `r` offers for a service. */
export interface Rollbacks {
	/** Id of the service. */
	readonly service: string;
	/** The run of a rollback on it that is not over: `open` where its pane shows it already. */
	readonly running?: { readonly runId: string; readonly open: boolean };
	/** Another run that holds the service: nothing else can start on it. */
	readonly held?: { readonly runId: string; readonly title: string; readonly open: boolean };
	/** The most specific first. */
	readonly offers: readonly RollbackOffer[];
	readonly moves: readonly KnownMove[];
	/** Any playbook by its id: those that take a move up. */
	find(id: string): LoadedPlaybook | undefined;
}

const startOf = (loaded: LoadedPlaybook, values: Readonly<Record<string, string>>, service: string): Answer =>
	needsForm(loaded.playbook, values) ? dialog(formOf(loaded.playbook, values, service)) : { kind: 'start-run', playbook: loaded.playbook.id, service, values, dryRun: false };

const moveItem = (rollbacks: Rollbacks, id: string, title: string, detail: string | undefined, start: MoveStart | undefined): readonly OptionItem[] => {
	const loaded = start === undefined ? undefined : rollbacks.find(start.playbook);
	if (start === undefined || loaded === undefined) return [];
	return [{ id, title, ...(detail === undefined ? {} : { detail: sanitiseText(detail) }), risk: 'read', answer: startOf(loaded, start.values, rollbacks.service) }];
};

const halfItems = (rollbacks: Rollbacks, move: KnownMove): readonly OptionItem[] => [
	...moveItem(rollbacks, `finish ${move.planId}`, `Finish it: on to ${sanitiseText(move.to)}`, undefined, move.finish),
	...moveItem(rollbacks, `undo ${move.planId}`, `Undo it: back to ${sanitiseText(move.from)}`, undefined, move.undo),
];

/** Only the newest move that is done can be taken back without a thought for those after it. */
const doneItems = (rollbacks: Rollbacks): readonly OptionItem[] => {
	const move = rollbacks.moves.find((each) => !each.half);
	if (move === undefined) return [];
	return [
		...moveItem(rollbacks, `undo ${move.planId}`, `Undo: forward again to ${sanitiseText(move.from)}`, move.words, move.undo),
		...moveItem(rollbacks, `retire ${move.planId}`, 'End the soak: remove the old version', `${sanitiseText(move.from)} is kept, stopped`, move.retire),
	];
};

const offerItem = (rollbacks: Rollbacks, { loaded, why, values }: RollbackOffer): OptionItem => ({
	id: loaded.playbook.id,
	title: loaded.playbook.title,
	detail: sanitiseText(why),
	risk: 'read',
	...(loaded.playbook.draft ? { disabled: 'a draft that nobody has reviewed: sitrep playbook review' } : {}),
	answer: startOf(loaded, values, rollbacks.service),
});

const heldItem = ({ runId, title, open }: NonNullable<Rollbacks['held']>): OptionItem => ({
	id: 'go to',
	title: `Go to "${sanitiseText(title)}"`,
	detail: 'answer it there, or end it: a, cancel the run',
	risk: 'read',
	answer: open ? { kind: 'show-run' } : { kind: 'open-run', runId, act: true },
});

/** What `r` asks; `undefined` where nothing can be rolled back. Starting a run changes nothing: each step of it asks by itself. */
export const rollbackDialog = (rollbacks: Rollbacks): RunDialog | undefined => {
	const { held, moves } = rollbacks;
	const half = moves.find((each) => each.half);
	const found = [...(half === undefined ? [] : halfItems(rollbacks, half)), ...rollbacks.offers.map((each) => offerItem(rollbacks, each)), ...doneItems(rollbacks)];
	if (found.length === 0) return undefined;
	const title = `Roll back ${rollbacks.service}`;
	const middle = half === undefined ? [] : [`A move was left in the middle: ${sanitiseText(half.words)}.`];
	if (held !== undefined) {
		const refused = found.map((item): OptionItem => ({ ...item, disabled: item.disabled ?? 'another run holds the service' }));
		return options(title, [...middle, `"${sanitiseText(held.title)}" holds ${rollbacks.service}: one run at a time.`], [heldItem(held), ...refused, never]);
	}
	const first = found.findIndex((item) => item.disabled === undefined);
	return options(title, [...middle, 'Starting it changes nothing: each step asks before it does anything.'], [...found, never], { selected: first === -1 ? found.length : first });
};
