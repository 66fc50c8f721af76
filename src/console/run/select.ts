import { sanitiseText } from '../../domain/sanitise.ts';
import type { Playbook } from '../../domain/playbook/playbook.ts';
import type { Step } from '../../domain/playbook/step.ts';
import type { ResolvedStep } from '../../domain/run/control.ts';
import type { StepOutput } from '../../domain/run/control.ts';
import type { Attempt, RunState, StepState, Waiting } from '../../domain/run/state.ts';
import type { RunScene } from '../reduce/scene.ts';
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

type Confirming = Extract<Waiting, { kind: 'confirm' }>;

/** The undo that waits to be confirmed: its step is done, failed or skipped, and comes next all the same. */
const undoNext = (scene: RunScene): Confirming | undefined => (scene.waiting?.kind === 'confirm' && scene.waiting.undo ? scene.waiting : undefined);

const rowWords = (step: StepState, resolved: ResolvedStep | undefined, undo: Confirming | undefined): string => {
	const attempt = newest(step);
	if (undo !== undefined) return `undo: ${line(undo.command)}`;
	if (step.status === 'pending' && resolved !== undefined) return line(resolved.command);
	if (step.words !== undefined) return line(step.words);
	if (attempt?.words !== undefined) return line(attempt.words);
	if (attempt?.look !== undefined) return line(attempt.look.words);
	return line(attempt?.command ?? resolved?.command ?? '');
};

/** Why the journal cannot be used, without where it is: the reason must not fall off the end of a narrow row. */
const reasonOf = (why: string): string => line(why).replace(/^the journal .* cannot be (?:written|read): /, '');

const askWords = (waiting: Waiting, playbook: Playbook): RunView['asks'] => {
	const title = 'step' in waiting ? (playbook.steps.find((each) => each.id === waiting.step)?.title ?? waiting.step) : '';
	switch (waiting.kind) {
		case 'confirm':
			return { words: waiting.typed === undefined ? `${waiting.undo ? 'take it back' : 'run it'}? ${waiting.risk.toUpperCase()}` : `DESTRUCTIVE: type ${waiting.typed}`, tone: waiting.typed === undefined ? 'plain' : 'p0', keys: 'Enter: look and confirm  s: skip' };
		case 'choose':
			return { words: 'which cause is it?', tone: 'plain', keys: 'Enter: choose' };
		case 'manual':
			return { words: 'do this by hand, then say so', tone: 'plain', keys: 'Enter: tick and answer' };
		case 'input':
			return { words: `${title}: values are asked for`, tone: 'plain', keys: 'Enter: give them' };
		case 'approval':
			return { words: 'waits for a second person', tone: 'plain', keys: 'Enter: how' };
		case 'secret':
			return { words: `${waiting.title} is needed`, tone: 'plain', keys: 'Enter: type it, it is not shown' };
		case 'failed':
			return { words: `failed: ${line(waiting.words)}`, tone: 'p0', keys: 'Enter: decide' };
		case 'unknown':
			return { words: 'what became of it is not known', tone: 'p0', keys: 'Enter: decide' };
		case 'playbook':
			return { words: `go on with ${waiting.playbook}?`, tone: 'plain', keys: 'Enter: decide' };
		case 'journal':
			return { words: `no record, no change: ${reasonOf(waiting.why)}`, tone: 'p0', keys: 'Enter: what to do' };
	}
};

const asksOf = (scene: RunScene): RunView['asks'] => {
	if (scene.state.endedAt !== undefined) return undefined;
	if (scene.role === 'adrift') return { words: 'nobody carries it out: its console is gone', tone: 'p1', keys: 'Enter: carry on from here' };
	if (scene.role === 'watching' && scene.waiting?.kind !== 'approval') return { words: `watching: ${scene.holder ?? 'another console'} acts`, tone: 'plain', keys: 'Enter: take over' };
	if (scene.waiting !== undefined) return askWords(scene.waiting, scene.state.playbook);
	return scene.trouble === undefined ? undefined : { words: `not recorded (${scene.trouble.unrecorded} events): ${reasonOf(scene.trouble.why)}`, tone: 'p0', keys: scene.trouble.advice };
};

const checklistOf = (step: Step | undefined, state: StepState | undefined): StepDetail['checklist'] =>
	step?.kind === 'manual' ? step.checklist.map((text, item) => ({ text: sanitiseText(text), ticked: state?.ticked.includes(item) ?? false })) : [];

const causesOf = (scene: RunScene, id: string): StepDetail['causes'] => {
	const { waiting } = scene;
	if (waiting?.kind !== 'choose' || waiting.step !== id) return [];
	return waiting.choices.map((choice, index) => ({ title: choice.title, holds: choice.holds, evidence: line(choice.evidence), suggested: index === waiting.suggested }));
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
	const command = asked?.command ?? attempt?.command ?? resolved?.command ?? '';
	const target = asked?.target ?? resolved?.target;
	const loses = asked?.loses ?? resolved?.loses;
	// A step that is tried anew has no result yet; that of an earlier try would be taken for it.
	const words = asked?.undo === false ? undefined : (stands.words ?? attempt?.words ?? attempt?.look?.words);
	return {
		id,
		number: index + 1,
		title: step.title,
		mark: asked?.undo === true ? 'next' : markOf(stands, state.current),
		risk: asked?.risk ?? step.risk,
		command: sanitiseText(command),
		host: input.host,
		...(target === undefined ? {} : { target: sanitiseText(target) }),
		...(loses === undefined ? {} : { loses: sanitiseText(loses) }),
		...(step.note === undefined ? {} : { note: step.note }),
		...(step.source === undefined ? {} : { source: step.source }),
		...(words === undefined ? {} : { words: sanitiseText(words) }),
		attempts: stands.attempts.length,
		output: input.output?.lines ?? [],
		above: input.output?.above ?? 0,
		droppedBytes: input.output?.droppedBytes ?? 0,
		checklist: checklistOf(step, stands),
		causes: causesOf(scene, id),
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
	const { state } = scene;
	const undoing = undoNext(scene);
	let phase: string | undefined;
	return state.playbook.steps.flatMap((step): readonly StepRow[] => {
		const stands = state.steps.find((each) => each.id === step.id);
		if (stands === undefined) return [];
		const begins = step.phase !== undefined && step.phase !== phase ? state.playbook.phases.find((each) => each.id === step.phase)?.title : undefined;
		phase = step.phase ?? phase;
		const durationMs = newest(stands)?.durationMs;
		const undo = undoing?.step === step.id ? undoing : undefined;
		return [
			{
				id: step.id,
				mark: undo === undefined ? markOf(stands, state.current) : 'next',
				title: step.title,
				words: rowWords(stands, resolved.get(step.id), undo),
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
	const selected = Math.max(0, scene.selected === undefined ? (currentIndex === -1 ? rows.length - 1 : currentIndex) : rows.findIndex((row) => row.id === scene.selected));
	const phase = phaseNow(state, now);
	const asks = asksOf(scene);
	const next = followedBy(state);
	const shown = rows[selected];
	return {
		id: state.id,
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
	};
};
