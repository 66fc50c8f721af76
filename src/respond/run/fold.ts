import type { JournalEvent } from '../../domain/journal.ts';
import type { Playbook } from '../../domain/playbook/playbook.ts';
import type { RunEvent } from '../../domain/run/event.ts';
import { foldAnswer } from './foldAnswer.ts';
import { foldRollout, isRolloutEvent } from './foldRollout.ts';
import { foldStep } from './foldStep.ts';
import { stepIds } from './flow.ts';
import { enter } from './moves.ts';
import type { FoldedRun } from './track.ts';
import { emptyTrack } from './track.ts';
import { undoable } from './undo.ts';

/** Reads the playbook that a run is pinned to. @throws where this version cannot read it */
export type ParsePlaybook = (text: string, file: string) => Playbook;

type RunStarted = Extract<RunEvent, { kind: 'run_started' }>;

const unreadablePlaybook = (event: RunStarted): Playbook => ({
	schemaVersion: 1,
	id: event.playbookId,
	version: event.version,
	kind: 'incident',
	title: event.title,
	notes: [],
	triggers: [],
	params: {},
	phases: [],
	steps: [],
	draft: false,
});

const readPinned = (event: RunStarted, parse: ParsePlaybook): { readonly playbook: Playbook; readonly unreadable?: string } => {
	try {
		return { playbook: parse(event.text, event.file) };
	} catch (error) {
		return { playbook: unreadablePlaybook(event), unreadable: error instanceof Error ? error.message : String(error) };
	}
};

const begin = (entry: JournalEvent, event: RunStarted, parse: ParsePlaybook): FoldedRun => {
	const { playbook, unreadable } = readPinned(event, parse);
	const state: FoldedRun = {
		id: entry.runId ?? '',
		playbook,
		hash: event.hash,
		params: event.params,
		secretNames: event.secrets,
		...(event.service === undefined ? {} : { service: event.service }),
		engine: event.engine,
		dryRun: event.dryRun,
		...(event.parent === undefined ? {} : { parent: event.parent }),
		startedAt: entry.at,
		startedBy: entry.actor,
		...(event.faultAt === undefined ? {} : { faultAt: event.faultAt }),
		steps: stepIds(playbook).map((id) => ({ id, status: 'pending', attempts: [], ticked: [] })),
		path: [],
		cancelling: false,
		rollingBack: false,
		registered: {},
		notes: [],
		phases: {},
		lastSeq: entry.seq,
		track: { ...emptyTrack, ...(unreadable === undefined ? {} : { unreadable }) },
	};
	const first = playbook.steps[0];
	return enter(state, first === undefined ? 'end' : { to: first.id }, entry.at);
};

/** A run within a run is opened again where what it did is taken back with the outer one. */
const reopen = (state: FoldedRun): FoldedRun => {
	const { endedAt: _at, outcome: _outcome, words: _words, ...rest } = state;
	return { ...rest, cancelling: false };
};

const startRollback = (state: FoldedRun): FoldedRun => {
	const undo = undoable(state);
	const first = undo[0] ?? state.current;
	return {
		...state,
		rollingBack: true,
		...(first === undefined ? {} : { current: first }),
		track: { ...state.track, undo, undone: [], kept: [], finished: false },
	};
};

const foldRunEvent = (state: FoldedRun, entry: JournalEvent, event: RunEvent): FoldedRun => {
	switch (event.kind) {
		case 'note_added': {
			const step = event.step === undefined ? {} : { step: event.step };
			return { ...state, notes: [...state.notes, { text: event.text, at: entry.at, by: entry.actor, ...step }] };
		}
		case 'jumped':
			return enter(state, { to: event.to }, entry.at);
		case 'cancel_asked':
			return { ...state, cancelling: true };
		case 'rollback_started':
			return startRollback(state);
		case 'run_ended': {
			const { current: _, ...rest } = state;
			return { ...rest, endedAt: entry.at, outcome: event.outcome, words: event.words };
		}
		case 'step_started':
		case 'step_ended':
		case 'step_looked':
		case 'step_skipped':
		case 'step_unknown':
		case 'step_settled':
			return foldStep(state, entry, event);
		case 'branch_chosen':
		case 'item_ticked':
		case 'manual_done':
		case 'input_given':
		case 'approval_asked':
		case 'approval_given':
			return foldAnswer(state, entry, event);
		case 'rollout_begun':
		case 'rollout_act':
		case 'rollout_ended':
		case 'rollout_retired':
			return foldRollout(state, entry, event);
		case 'run_started':
		case 'run_resumed':
		case 'run_taken_over':
			return state;
	}
};

const isRunEvent = (event: JournalEvent['event']): event is RunEvent => {
	switch (event.kind) {
		case 'act_started':
		case 'act_ended':
		case 'version_seen':
		case 'version_proved':
		case 'version_left':
			return false;
		default:
			return true;
	}
};

/**
 * One more event. Never throws: what does not fit the run (an unknown step, something after its end) changes nothing
 * but the position in the journal.
 * @param state absent before `run_started`
 */
export const applyEvent = (state: FoldedRun | undefined, entry: JournalEvent, parse: ParsePlaybook): FoldedRun | undefined => {
	const { event } = entry;
	if (!isRunEvent(event)) return state;
	if (state === undefined) return event.kind === 'run_started' ? begin(entry, event, parse) : undefined;
	// A move goes on where its run was abandoned: what came of it is a part of the record still.
	const late = event.kind === 'note_added' || isRolloutEvent(event);
	const open = event.kind === 'rollback_started' && state.endedAt !== undefined && state.parent !== undefined ? reopen(state) : state;
	const after = open.endedAt !== undefined && !late ? open : foldRunEvent(open, entry, event);
	return { ...after, lastSeq: Math.max(state.lastSeq, entry.seq) };
};

/** A run as its events tell it; absent where none of them is its start. */
export const foldRun = (events: readonly JournalEvent[], parse: ParsePlaybook): FoldedRun | undefined => {
	let state: FoldedRun | undefined;
	for (const event of events) state = applyEvent(state, event, parse);
	return state;
};
