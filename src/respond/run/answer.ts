import { ParamError, readParams } from '../action/params.ts';
import type { InputStep } from '../../domain/playbook/step.ts';
import type { Refusal, RunCommand } from '../../domain/run/control.ts';
import type { Confirmation, RunEvent } from '../../domain/run/event.ts';
import type { Waiting } from '../../domain/run/state.ts';
import { judgeConfirmation } from './confirmation.ts';
import { criteriaWords } from './criteria.ts';
import { findStep } from './flow.ts';
import { refuseJump } from './jump.ts';
import { stepState } from './moves.ts';
import type { Offers } from './offers.ts';
import { refuseOffered } from './offers.ts';
import type { FoldedRun } from './track.ts';
import { undoable } from './undo.ts';

/** What a word of the acting console comes to. */
export type Answer =
	| Refusal
	/** It is recorded, and the run goes on from there. */
	| { readonly events: readonly RunEvent[]; /** Secrets it brought, by name; they are in no event. */ readonly secrets?: Readonly<Record<string, string>> }
	| { readonly run: { readonly step: string; readonly undo: boolean; readonly confirmation: Confirmation; /** What was confirmed, as it was shown. */ readonly command: string } }
	/** The run ends here. */
	| { readonly end: { readonly outcome: 'failed'; readonly words: string } }
	| { readonly go: 'try-journal' | 'stop-step' | 'cancel' | 'open-playbook' };

const refuse = (refused: string, advice?: string): Refusal => ({ refused, ...(advice === undefined ? {} : { advice }) });

const waitsFor = (waiting: Waiting | undefined): string => {
	if (waiting === undefined) return 'it waits for nothing now';
	return 'step' in waiting ? `it waits at ${waiting.step}: ${waiting.kind}` : `it waits for: ${waiting.kind}`;
};

const isApproval = (state: FoldedRun, id: string): boolean => findStep(state.playbook, id)?.kind === 'approval';

const lastExecution = (state: FoldedRun, id: string): string => stepState(state, id)?.attempts.at(-1)?.execution ?? `${id}.0`;

const settle = (step: string, execution: string, as: 'done' | 'failed' | 'retry' | 'skip', why: string): Answer => ({
	events: [{ kind: 'step_settled', step, execution, as, why }],
});

const skip = (state: FoldedRun, waiting: Waiting | undefined, command: Extract<RunCommand, { kind: 'skip' }>): Answer => {
	const { step } = command;
	const why = command.why ?? 'skipped';
	if (isApproval(state, step)) return refuse('an approval cannot be skipped', 'wait for the second person, or cancel the run');
	if (waiting === undefined) {
		const kind = findStep(state.playbook, step)?.kind;
		const running = stepState(state, step)?.status === 'running';
		return running && (kind === 'waitFor' || kind === 'watch') ? { go: 'stop-step' } : refuse(`${step} cannot be skipped now`, 'wait until it is over, or cancel the run');
	}
	if (!('step' in waiting) || waiting.step !== step) return refuse(`it is not the turn of ${step}`, waitsFor(waiting));
	switch (waiting.kind) {
		case 'failed':
		case 'unknown':
		case 'playbook':
			return settle(step, waiting.kind === 'unknown' ? waiting.execution : lastExecution(state, step), 'skip', why);
		default:
			return { events: [{ kind: 'step_skipped', step, why: 'asked', words: why }] };
	}
};

const settleUnknown = (state: FoldedRun, waiting: Waiting | undefined, command: Extract<RunCommand, { kind: 'settle' }>): Answer => {
	if (waiting?.kind !== 'unknown' || waiting.step !== command.step || waiting.execution !== command.execution) {
		return refuse(`there is nothing to settle at ${command.step}`, waitsFor(waiting));
	}
	if (isApproval(state, command.step)) return refuse('an approval cannot be settled by hand', 'wait for the second person, or cancel the run');
	return settle(command.step, command.execution, command.as, command.why);
};

const choose = (waiting: Waiting | undefined, command: Extract<RunCommand, { kind: 'choose' }>): Answer => {
	if (waiting?.kind !== 'choose' || waiting.step !== command.step) return refuse(`there is nothing to choose at ${command.step}`, waitsFor(waiting));
	const choice = waiting.choices[command.choice];
	if (choice === undefined) return refuse(`there is no choice ${command.choice + 1}`, `choose 1 to ${waiting.choices.length}`);
	const causes = waiting.choices.map((each) => {
		const holds = each.holds === undefined ? '?' : each.holds ? 'yes' : 'no';
		return `${each.title}: ${holds}${each.evidence === '' ? '' : `, ${each.evidence}`}`;
	});
	const evidence = [...criteriaWords(waiting.criteria ?? []), ...causes];
	return {
		events: [{ kind: 'branch_chosen', step: command.step, choice: command.choice, title: choice.title, nextStep: choice.nextStep, evidence, suggested: waiting.suggested === command.choice }],
	};
};

const manual = (state: FoldedRun, waiting: Waiting | undefined, command: Extract<RunCommand, { kind: 'manual' }>): Answer => {
	if (waiting?.kind !== 'manual' || waiting.step !== command.step) return refuse(`there is nothing to do by hand at ${command.step}`, waitsFor(waiting));
	const ticked = stepState(state, command.step)?.ticked ?? [];
	const open = waiting.checklist.filter((_, index) => !ticked.includes(index));
	if (command.as === 'done' && open.length > 0) return refuse(`not ticked yet: ${open.join('; ')}`, 'tick what is done, or skip the step');
	return { events: [{ kind: 'manual_done', step: command.step, as: command.as, ...(command.note === undefined ? {} : { note: command.note }) }] };
};

const tick = (waiting: Waiting | undefined, command: Extract<RunCommand, { kind: 'tick' }>): Answer => {
	if (waiting?.kind !== 'manual' || waiting.step !== command.step) return refuse(`there is no list to tick at ${command.step}`, waitsFor(waiting));
	if (waiting.checklist[command.item] === undefined) return refuse(`the list has no item ${command.item + 1}`);
	return { events: [{ kind: 'item_ticked', step: command.step, item: command.item, ticked: command.ticked }] };
};

const giveInput = (step: InputStep, offers: Offers | undefined, values: Readonly<Record<string, string>>): Answer => {
	const isSecret = (name: string): boolean => step.fields[name]?.type === 'secret';
	const pick = (secret: boolean) => Object.fromEntries(Object.entries(values).filter(([name]) => isSecret(name) === secret));
	try {
		const read = readParams(step.fields, pick(false), { secrets: pick(true) });
		if (read.secretsWanted.length > 0) return refuse(`still wanted: ${read.secretsWanted.join(', ')}`);
		const refused = refuseOffered(offers, read.params);
		if (refused !== undefined) return refused;
		const group = step.register ?? step.id;
		return {
			events: [{ kind: 'input_given', step: step.id, values: read.params, secrets: Object.keys(read.secrets) }],
			secrets: Object.fromEntries(Object.entries(read.secrets).map(([name, value]) => [`${group}.${name}`, value])),
		};
	} catch (error) {
		if (error instanceof ParamError) return refuse(error.message, error.advice);
		throw error;
	}
};

const input = (state: FoldedRun, waiting: Waiting | undefined, command: Extract<RunCommand, { kind: 'input' }>): Answer => {
	const step = findStep(state.playbook, command.step);
	if (waiting?.kind !== 'input' || waiting.step !== command.step || step?.kind !== 'input') return refuse(`nothing is asked for at ${command.step}`, waitsFor(waiting));
	return giveInput(step, waiting.offers, command.values);
};

const secret = (state: FoldedRun, command: Extract<RunCommand, { kind: 'secret' }>): Answer => {
	const { name, value } = command;
	if (!state.secretNames.includes(name)) return refuse(`no secret ${name} is wanted`);
	const param = state.playbook.params[name];
	if (param === undefined) return value === '' ? refuse(`${name} must not be empty`) : { events: [], secrets: { [name]: value } };
	try {
		readParams({ [name]: param }, {}, { secrets: { [name]: value } });
		return { events: [], secrets: { [name]: value } };
	} catch (error) {
		if (error instanceof ParamError) return refuse(error.message, error.advice);
		throw error;
	}
};

const rollback = (state: FoldedRun, waiting: Waiting | undefined): Answer => {
	if (state.rollingBack) return refuse('the run is being rolled back already');
	if (state.dryRun) return refuse('a dry run changed nothing that could be taken back');
	if (waiting === undefined) return refuse('a step is under way', 'wait until it is over, or cancel the run');
	if (waiting.kind === 'unknown') {
		const offered = waiting.choices?.some((choice) => choice.as === 'rollback') === true;
		if (!offered) return refuse(`what became of ${waiting.step} is not settled yet`, 'settle it first');
		// One word for both: that it did not succeed, and that it is to be taken back.
		const settled: RunEvent = { kind: 'step_settled', step: waiting.step, execution: waiting.execution, as: 'failed', why: 'left in the middle; to be taken back' };
		return { events: [settled, { kind: 'rollback_started', step: waiting.step, why: 'asked for' }] };
	}
	if (undoable(state).length === 0) return refuse('no step done so far can be taken back', 'none of them has an undo');
	return { events: [{ kind: 'rollback_started', step: state.current ?? '', why: 'asked for' }] };
};

const retry = (state: FoldedRun, waiting: Waiting | undefined, step: string): Answer => {
	if (waiting?.kind === 'journal') return { go: 'try-journal' };
	if (waiting?.kind === 'playbook' && waiting.step === step) return settle(step, lastExecution(state, step), 'retry', 'tried again');
	if (waiting?.kind !== 'failed' || waiting.step !== step) return refuse(`there is nothing to try again at ${step}`, waitsFor(waiting));
	return settle(step, lastExecution(state, step), 'retry', 'tried again');
};

const goOn = (state: FoldedRun, waiting: Waiting | undefined, step: string): Answer => {
	if (isApproval(state, step)) return refuse('a refused approval cannot be passed over', 'ask again, or cancel the run');
	if ((waiting?.kind !== 'failed' && waiting?.kind !== 'playbook') || waiting.step !== step) return refuse(`there is nothing to go on from at ${step}`, waitsFor(waiting));
	return settle(step, lastExecution(state, step), 'done', 'gone on as if it had been done');
};

const confirm = (waiting: Waiting | undefined, command: Extract<RunCommand, { kind: 'confirm' }>): Answer => {
	if (waiting?.kind !== 'confirm' || waiting.step !== command.step) return refuse(`there is nothing to confirm at ${command.step}`, waitsFor(waiting));
	const judged = judgeConfirmation(waiting, command);
	return 'refused' in judged ? judged : { run: { step: command.step, undo: waiting.undo, confirmation: judged.confirmation, command: waiting.command } };
};

/**
 * What a word comes to at the console that carries the run out. Pure.
 * @param waiting what the run waits for at this moment; absent while a step is under way
 */
export const answer = (state: FoldedRun, waiting: Waiting | undefined, command: RunCommand): Answer => {
	if (command.kind === 'note') return { events: [{ kind: 'note_added', text: command.text, ...(command.step === undefined ? {} : { step: command.step }) }] };
	if (state.endedAt !== undefined) return refuse(`the run is over: ${state.outcome ?? ''}`, 'start a new one');
	if (state.cancelling) return refuse('the run is being cancelled');
	switch (command.kind) {
		case 'confirm':
			return confirm(waiting, command);
		case 'skip':
			return skip(state, waiting, command);
		case 'retry':
			return retry(state, waiting, command.step);
		case 'go-on':
			return goOn(state, waiting, command.step);
		case 'settle':
			return settleUnknown(state, waiting, command);
		case 'choose':
			return choose(waiting, command);
		case 'tick':
			return tick(waiting, command);
		case 'manual':
			return manual(state, waiting, command);
		case 'input':
			return input(state, waiting, command);
		case 'secret':
			return secret(state, command);
		case 'approve':
			return refuse('the console that carries the run out cannot approve', 'a second person approves from a console of their own');
		case 'jump':
			return refuseJump(state, waiting, command.to) ?? { events: [{ kind: 'jumped', ...(state.current === undefined ? {} : { from: state.current }), to: command.to, ...(command.why === undefined ? {} : { why: command.why }) }] };
		case 'rollback':
			return rollback(state, waiting);
		case 'open-playbook':
			if (waiting?.kind !== 'playbook' || waiting.step !== command.step) return refuse(`no playbook is proposed at ${command.step}`, waitsFor(waiting));
			return command.accept ? { go: 'open-playbook' } : settle(command.step, lastExecution(state, command.step), 'failed', `playbook ${waiting.playbook} declined`);
		case 'cancel':
			if (command.because === 'failed' && waiting?.kind === 'failed') return { end: { outcome: 'failed', words: `${waiting.step}: ${waiting.words}` } };
			return { go: 'cancel' };
		case 'abandon':
			return refuse('this console carries the run out', 'cancel it instead');
	}
};
