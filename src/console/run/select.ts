import { sanitiseLines, sanitiseText } from '../../domain/sanitise.ts';
import type { Step } from '../../domain/playbook/step.ts';
import type { ResolvedStep } from '../../domain/run/control.ts';
import type { StepOutput } from '../../domain/run/control.ts';
import type { Attempt, RunState, StepState, Waiting } from '../../domain/run/state.ts';
import { remainsWords } from '../../domain/run/remains.ts';
import { type RunScene, shownStep } from '../reduce/scene.ts';
import { asksOf } from './askWords.ts';
import { closingView } from './closing.ts';
import { movesBy } from './confirmStep.ts';
import { criteriaView } from './criteria.ts';
import { leavesWords } from './leaves.ts';
import { moveView } from './move.ts';
import { newestPlan, planView } from './plan.ts';
import type { RunView, StepDetail, StepMark, StepRow } from './view.ts';

/** What a run's screen is made from. */
export interface RunInput {
	readonly scene: RunScene;
	/** Epoch ms. */
	readonly now: number;
	readonly host: string;
	/** Each step as it would be carried out, for those that have not been reached. */
	readonly resolved: ReadonlyMap<string, ResolvedStep>;
	/** Output of the selected step's newest try. */
	readonly output: ReturnType<StepOutput['tail']> | undefined;
}

const markOf = (step: StepState, current: string | undefined): StepMark => {
	switch (step.status) {
		case 'done':
			return 'done';
		case 'failed':
		case 'cancelled':
			return 'failed';
		case 'skipped':
			return 'skip';
		case 'running':
			return 'run';
		case 'unknown':
			return '?';
		case 'pending':
			return step.id === current ? 'next' : '';
	}
};

const newest = (step: StepState): Attempt | undefined => step.attempts.at(-1);

/** First line, harmless. */
const line = (text: string): string => sanitiseText(text.split('\n')[0] ?? '');

/** The line of a command that says most: what stands before a script for its variables says little. */
const commandLine = (command: string): string => {
	const [first = '', second] = command.split('\n');
	return sanitiseText(second !== undefined && /^[A-Za-z_]\w*=/.test(first) ? second : first);
};

type Confirming = Extract<Waiting, { kind: 'confirm' }>;

const rowWords = (step: StepState, resolved: ResolvedStep | undefined, asked: Confirming | undefined): string => {
	const attempt = newest(step);
	if (asked?.undo === true) return `undo: ${commandLine(asked.command)}`;
	// Before the run its command could not be filled in; now it can.
	if (step.status === 'pending' && asked !== undefined) return commandLine(asked.command);
	if (step.status === 'pending' && resolved !== undefined) return commandLine(resolved.command);
	if (step.words !== undefined) return line(step.words);
	if (attempt?.words !== undefined) return line(attempt.words);
	if (attempt?.look !== undefined) return line(attempt.look.words);
	return commandLine(attempt?.command ?? resolved?.command ?? '');
};

/** What a person is told or asked at a step: known in full once it waits for them. */
const saidNow = (waiting: Waiting | undefined, step: Step): string | undefined => {
	if (waiting?.kind === 'manual' && waiting.step === step.id) return step.kind === 'notify' ? waiting.instructions.trim().replaceAll(/\s*\n\s*/g, ' ') : waiting.instructions.trim();
	if (waiting?.kind === 'approval' && waiting.step === step.id) return `ask ${waiting.by ?? 'a second person'} to approve: ${waiting.of}`;
	return undefined;
};

const checklistOf = (step: Step | undefined, state: StepState | undefined): StepDetail['checklist'] =>
	step?.kind === 'manual' ? step.checklist.map((text, item) => ({ text: sanitiseText(text), ticked: state?.ticked.includes(item) ?? false })) : [];

const causesOf = (scene: RunScene, id: string): StepDetail['causes'] => {
	const { waiting } = scene;
	if (waiting?.kind !== 'choose' || waiting.step !== id) return [];
	return waiting.choices.map((choice, index) => ({ title: choice.title, holds: choice.holds, evidence: line(choice.evidence), suggested: index === waiting.suggested }));
};

const offersOf = (scene: RunScene, id: string): StepDetail['offers'] => {
	const { waiting } = scene;
	if (waiting?.kind !== 'input' || waiting.step !== id) return [];
	return Object.values(waiting.offers ?? {}).flatMap(({ choices, suggested }) =>
		choices.map(({ value, title, detail, disabled }) => ({
			value: sanitiseText(value),
			title: sanitiseText(title),
			...(detail === undefined ? {} : { detail: sanitiseText(detail) }),
			...(disabled === undefined ? {} : { disabled: sanitiseText(disabled) }),
			suggested: value === suggested,
		})),
	);
};

/** What a rollback shows of a step beside what every run shows. */
const walkthroughOf = (input: RunInput, step: Step, attempt: Attempt | undefined): Pick<StepDetail, 'criteria' | 'plan' | 'move'> => {
	const { state, waiting } = input.scene;
	const criteria = waiting?.kind === 'choose' && waiting.step === step.id ? waiting.criteria : undefined;
	const asksToMove = waiting?.kind === 'confirm' && waiting.step === step.id && !waiting.undo && movesBy(step) !== undefined;
	const plan = asksToMove ? newestPlan(state) : planView(attempt?.value);
	const move = asksToMove || attempt === undefined ? undefined : moveView(attempt, input.now, input.output?.lines.at(-1)?.text);
	return {
		...(criteria === undefined || criteria.length === 0 ? {} : { criteria: criteriaView(criteria) }),
		...(plan === undefined ? {} : { plan }),
		...(move === undefined ? {} : { move }),
	};
};

/** What a step that waits for a person to tell it has to be told, for this step or for whichever waits. */
export const messageOf = ({ state, waiting }: Pick<RunScene, 'state' | 'waiting'>, id?: string): string | undefined => {
	if (waiting?.kind !== 'manual' || (id !== undefined && waiting.step !== id)) return undefined;
	return state.playbook.steps.find((each) => each.id === waiting.step)?.kind === 'notify' ? waiting.instructions.trim() : undefined;
};

const detailOf = (input: RunInput, id: string): StepDetail | undefined => {
	const { scene } = input;
	const { state, waiting } = scene;
	const index = state.playbook.steps.findIndex((each) => each.id === id);
	const step = state.playbook.steps[index];
	const stands = state.steps.find((each) => each.id === id);
	if (step === undefined || stands === undefined) return undefined;
	const attempt = newest(stands);
	const resolved = input.resolved.get(id);
	const asked = waiting?.kind === 'confirm' && waiting.step === id ? waiting : undefined;
	// What is to be told is known in full once it waits to be told.
	const message = messageOf(scene, id);
	const command = asked?.command ?? saidNow(waiting, step) ?? attempt?.command ?? resolved?.command ?? '';
	// Once it runs, what could not be filled in before the run tells nothing any more.
	const known = (text: string | undefined): string | undefined => (attempt !== undefined && text?.includes('${{') === true ? undefined : text);
	const target = asked?.target ?? attempt?.target ?? known(resolved?.target);
	const loses = asked?.loses ?? known(resolved?.loses);
	// A step that is tried anew has no result yet; that of an earlier try would be taken for it.
	const words = asked?.undo === false ? undefined : (stands.words ?? attempt?.words ?? attempt?.look?.words);
	return {
		id,
		number: index + 1,
		title: step.title,
		mark: asked?.undo === true ? 'next' : markOf(stands, state.current),
		risk: asked?.risk ?? step.risk,
		command: sanitiseLines(command),
		...(message === undefined ? {} : { message: message.split('\n').map((line) => sanitiseText(line)) }),
		host: input.host,
		...(target === undefined ? {} : { target: sanitiseText(target) }),
		...(loses === undefined ? {} : { loses: sanitiseText(loses) }),
		...(step.note === undefined ? {} : { note: step.note }),
		...(step.source === undefined ? {} : { source: step.source }),
		...(words === undefined ? {} : { words: sanitiseText(words) }),
		remains: asked?.undo === false || attempt === undefined ? [] : remainsWords(attempt, words).map(sanitiseText),
		attempts: stands.attempts.length,
		output: input.output?.lines ?? [],
		above: input.output?.above ?? 0,
		droppedBytes: input.output?.droppedBytes ?? 0,
		checklist: checklistOf(step, stands),
		causes: causesOf(scene, id),
		offers: offersOf(scene, id),
		...walkthroughOf(input, step, attempt),
	};
};

const phaseNow = (state: RunState, now: number): RunView['phase'] => {
	const step = state.playbook.steps.find((each) => each.id === state.current);
	const phase = state.playbook.phases.find((each) => each.id === step?.phase);
	if (phase === undefined) return undefined;
	return { title: phase.title, elapsedMs: now - (state.faultAt ?? state.startedAt), ...(phase.budgetMinutes === undefined ? {} : { budgetMs: phase.budgetMinutes * 60_000 }) };
};

const followedBy = (state: RunState): RunView['next'] => {
	const index = state.playbook.steps.findIndex((each) => each.id === state.current);
	const current = state.playbook.steps[index];
	if (current === undefined || current.isEnd) return undefined;
	const next = current.nextStep === undefined ? state.playbook.steps[index + 1] : state.playbook.steps.find((each) => each.id === current.nextStep);
	return next === undefined || current.kind === 'branch' ? undefined : { title: next.title, risk: next.risk };
};

/** Rows of the steps, in the order of the playbook. */
const rowsOf = (scene: RunScene, resolved: RunInput['resolved']): readonly StepRow[] => {
	const { state, waiting } = scene;
	let phase: string | undefined;
	return state.playbook.steps.flatMap((step): readonly StepRow[] => {
		const stands = state.steps.find((each) => each.id === step.id);
		if (stands === undefined) return [];
		const begins = step.phase !== undefined && step.phase !== phase ? state.playbook.phases.find((each) => each.id === step.phase)?.title : undefined;
		phase = step.phase ?? phase;
		const durationMs = newest(stands)?.durationMs;
		const asked = waiting?.kind === 'confirm' && waiting.step === step.id ? waiting : undefined;
		// The step is done, failed or skipped, and comes next all the same.
		const undo = asked?.undo === true ? asked : undefined;
		return [
			{
				id: step.id,
				mark: undo === undefined ? markOf(stands, state.current) : 'next',
				title: step.title,
				words: rowWords(stands, resolved.get(step.id), asked),
				risk: undo?.risk ?? step.risk,
				...(durationMs === undefined ? {} : { durationMs }),
				...(begins === undefined ? {} : { phase: begins }),
			},
		];
	});
};

/** A run as the playbook pane shows it. Pure. */
export const runView = (input: RunInput): RunView => {
	const { scene, now } = input;
	const { state } = scene;
	const rows = rowsOf(scene, input.resolved);
	const currentIndex = rows.findIndex((row) => row.id === state.current);
	const selected = Math.max(0, rows.findIndex((row) => row.id === shownStep(scene)));
	const phase = phaseNow(state, now);
	const asks = asksOf(scene);
	const next = followedBy(state);
	const shown = rows[selected];
	const rollback = state.playbook.kind === 'rollback';
	const leaves = rollback ? leavesWords(state, input.resolved) : undefined;
	// Whoever goes through the steps of a run that is over sees them, not its summary.
	const closing = rollback && scene.selected === undefined ? closingView(state) : undefined;
	return {
		id: state.id,
		kind: state.playbook.kind,
		title: state.playbook.title,
		...(state.playbook.severity === undefined ? {} : { severity: state.playbook.severity }),
		...(state.service === undefined ? {} : { service: state.service }),
		total: rows.length,
		position: currentIndex + 1,
		...(phase === undefined ? {} : { phase }),
		clock: { ms: (state.endedAt ?? now) - (state.faultAt ?? state.startedAt), since: state.faultAt === undefined ? 'start' : 'fault' },
		role: scene.role,
		...(scene.holder === undefined ? {} : { holder: scene.holder }),
		dryRun: state.dryRun,
		rows,
		selected,
		detail: shown === undefined ? undefined : detailOf(input, shown.id),
		...(asks === undefined ? {} : { asks }),
		...(next === undefined ? {} : { next }),
		...(state.outcome === undefined ? {} : { outcome: { words: state.words ?? state.outcome, good: state.outcome === 'succeeded' } }),
		notes: state.notes.map((note) => ({ at: note.at, text: sanitiseText(note.text), by: note.by.person ?? note.by.user })),
		...(leaves === undefined ? {} : { leaves }),
		...(closing === undefined ? {} : { closing }),
	};
};
