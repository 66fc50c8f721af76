import type { Step } from '../../domain/playbook/step.ts';
import type { Refusal, RunHandle } from '../../domain/run/control.ts';
import type { Confirmation, RunEvent } from '../../domain/run/event.ts';
import type { ActingParts } from './actingParts.ts';
import { childOf } from './childOf.ts';
import type { ChildHandle } from './children.ts';
import { faultOf, givenByName, givenByStep, playbookOf, undoesChild } from './children.ts';
import { riskOf } from './confirmation.ts';
import { endedEvent, nextExecution, partExecution, sortParts, startedEvent } from './executions.ts';
import type { ParallelChild } from './flow.ts';
import { findStep } from './flow.ts';
import { endedJob } from './jobs/action.ts';
import { followRun } from './jobs/child.ts';
import { notStarted } from './jobs/end.ts';
import type { Job, JobContext } from './jobs/job.ts';
import { launch } from './launch.ts';
import { stepState, underWay } from './moves.ts';
import type { RedactedRecord } from './redacted.ts';
import { looksAgain, rejoin } from './rejoin.ts';
import type { FoldedRun } from './track.ts';
import { handOverSuffix } from './track.ts';
import type { Prepared } from './view.ts';

/** What starting a step needs of the one that carries the run out. */
interface StarterHooks {
	readonly record: RedactedRecord;
	/** Takes over what was started. */
	take(step: Step, execution: string, job: Job): void;
	tookChild(handle: RunHandle): void;
	/** Whether this console has stopped carrying the run out. */
	stopped(): boolean;
	waitForJournal(): void;
	waitForSecret(name: string): void;
}

/** Starts steps, each recorded before, and takes up those that another console started. */
export class Starter {
	readonly #parts: ActingParts;
	readonly #hooks: StarterHooks;

	constructor(parts: ActingParts, hooks: StarterHooks) {
		this.#parts = parts;
		this.#hooks = hooks;
	}

	/** Starts a step. @param shown what was confirmed: nothing else may run */
	async begin(state: FoldedRun, step: Step, undo: boolean, confirmation: Confirmation, shown?: string): Promise<Refusal | undefined> {
		const view = this.#parts.view();
		const prepared = view.prepare(step, undo);
		const execution = nextExecution(state, step, undo ? 'undo' : 'step');
		if (prepared.problem !== undefined) {
			await this.#hooks.record.keep([endedEvent(step, execution, { outcome: 'failed', words: `not run: ${prepared.problem}`, durationMs: 0 })]);
			return undefined;
		}
		if (shown !== undefined && shown !== prepared.command) return { refused: 'what this step does has changed meanwhile', advice: 'look at it again, and confirm what it does now' };
		const parts = step.kind === 'parallel' && !undo ? sortParts(step.steps, view) : { run: [], skipped: [] };
		const events = (name: string): readonly RunEvent[] => [
			startedEvent(state, step, name, undo, confirmation, prepared),
			...parts.run.map((part) => startedEvent(state, part, partExecution(name, part), false, confirmation, view.prepare(part, false))),
			...parts.skipped,
		];
		const started = await this.#recordStart(step, undo, execution, events);
		if (started === undefined) return undefined;
		const job = await this.#launch(state, step, undo, prepared, started, parts.run);
		this.#hooks.take(step, started, job);
		return undefined;
	}

	#launch(state: FoldedRun, step: Step, undo: boolean, prepared: Prepared, execution: string, parts: readonly ParallelChild[]): Promise<Job> {
		if (undo && undoesChild(step)) return this.#undoChild(state, step);
		if (!undo && playbookOf(step, false) !== undefined) return this.#startChild(state, step, execution, false);
		return launch(this.#context, step, undo, prepared, execution, parts);
	}

	/** @returns the name of the execution that may be started: its start is durable, and this console still has the run; absent where it may not */
	async #recordStart(step: Step, undo: boolean, execution: string, events: (execution: string) => readonly RunEvent[]): Promise<string | undefined> {
		const { recorder, ports } = this.#parts;
		if (riskOf(step, undo) === 'read' && step.kind !== 'playbook') {
			if (recorder.trouble === undefined && (await this.#hooks.record.record(events(execution)))) return this.#hooks.stopped() ? undefined : execution;
			// Nobody knows of it before the journal is back: a name, and a folder, that no other console can come upon.
			const unrecorded = `${execution}.${Math.floor(ports.random() * 36 ** 6).toString(36)}${ports.clock.now().toString(36)}`;
			await this.#hooks.record.keep(events(unrecorded));
			return this.#hooks.stopped() ? undefined : unrecorded;
		}
		const { lease } = this.#parts;
		if (lease !== undefined && !lease.fresh && (await lease.confirm()) === 'lost') return undefined;
		if (!(await this.#hooks.record.record(events(execution)))) {
			this.#hooks.waitForJournal();
			return undefined;
		}
		// Asked again once it is written: whoever takes the run over after this sees that the step was started.
		const held = lease === undefined ? 'held' : await lease.confirm();
		if (held === 'held' && !this.#hooks.stopped()) return execution;
		const words = held === 'unknown' ? 'not run: the journal could not say whether this console still has the run' : 'not run: another console took the run over';
		await this.#hooks.record.keep([endedEvent(step, execution, { outcome: 'cancelled', words, durationMs: 0 })]);
		return undefined;
	}

	async #startChild(state: FoldedRun, step: Step, execution: string, handOver: boolean): Promise<Job> {
		const { children, lease, ports, secrets } = this.#parts;
		const playbook = playbookOf(step, handOver);
		try {
			if (playbook === undefined || lease === undefined) throw new Error('there is no playbook to run');
			const given = step.kind === 'playbook' && !handOver ? givenByStep(step, this.#parts.view(), ports) : givenByName(playbook, state, secrets, ports);
			const handle = await children.start(state, { playbook, ...given, execution, lease, ...(handOver ? { faultAt: faultOf(state) } : {}) });
			return this.#followChild(handle);
		} catch (error) {
			return endedJob(notStarted(this.#context, error));
		}
	}

	/** Takes back what the run within did; each of its steps is confirmed by itself. */
	async #undoChild(state: FoldedRun, step: Step): Promise<Job> {
		const { children, lease } = this.#parts;
		const child = childOf(stepState(state, step.id));
		try {
			if (child === undefined || lease === undefined) throw new Error('there is no run to take back');
			return this.#followChild(await children.rollBack(state, child.runId, lease), true);
		} catch (error) {
			return endedJob(notStarted(this.#context, error));
		}
	}

	#followChild(handle: ChildHandle, undo = false): Job {
		this.#hooks.tookChild(handle);
		return followRun(this.#context, handle, undo);
	}

	/** Starts the playbook that a failed step proposes. */
	async handOver(state: FoldedRun): Promise<Refusal | undefined> {
		const step = state.current === undefined ? undefined : findStep(state.playbook, state.current);
		if (step?.onFailure.do !== 'playbook') return { refused: 'no playbook is proposed' };
		const execution = nextExecution(state, step, 'hand-over');
		const started: RunEvent = {
			kind: 'step_started',
			step: step.id,
			execution,
			attempt: (stepState(state, step.id)?.attempts.length ?? 0) + 1,
			risk: 'read',
			confirmation: 'key',
			command: `playbook ${step.onFailure.playbook}`,
			undo: false,
		};
		if (!(await this.#hooks.record.record([started]))) {
			this.#hooks.waitForJournal();
			return { refused: 'the journal cannot be written', advice: this.#parts.recorder.trouble?.advice ?? '' };
		}
		this.#hooks.take(step, execution, await this.#startChild(state, step, execution, true));
		return undefined;
	}

	/** Takes up the step that is under way by the record but not here. @returns whether the run can go on */
	async rejoin(state: FoldedRun): Promise<boolean> {
		const under = underWay(state);
		if (under === undefined) return true;
		const { step, attempt } = under;
		const missing = this.#parts.view().secretsMissing[0];
		if (missing !== undefined && looksAgain(step) && !attempt.undo && !state.cancelling) {
			this.#hooks.waitForSecret(missing);
			return false;
		}
		const handOver = attempt.execution.endsWith(handOverSuffix);
		if (handOver || (step.kind === 'playbook' && !attempt.undo)) {
			this.#hooks.take(step, attempt.execution, await this.#resumeChild(state, step, attempt.execution, handOver));
		} else if (attempt.undo && undoesChild(step)) {
			this.#hooks.take(step, attempt.execution, await this.#undoChild(state, step));
		} else {
			const search = { context: this.#context, state, partUnknown: (part: ParallelChild, execution: string, evidence: readonly string[]) => this.#hooks.record.keep([{ kind: 'step_unknown', step: part.id, execution, evidence }]) };
			const found = await rejoin(search, step, attempt);
			if (found.kind === 'running') this.#hooks.take(step, attempt.execution, found.job);
			else if (found.kind === 'ended') await this.#hooks.record.keep([endedEvent(step, attempt.execution, found.end)]);
			else {
				const unknown: RunEvent = { kind: 'step_unknown', step: step.id, execution: attempt.execution, evidence: found.evidence, ...(found.advice === undefined ? {} : { advice: found.advice }) };
				const again: RunEvent = { kind: 'step_settled', step: step.id, execution: attempt.execution, as: 'retry', why: 'it only reads: done again' };
				const repeat = found.repeatable === true && riskOf(step, attempt.undo) === 'read' && step.kind !== 'parallel';
				await this.#hooks.record.keep(repeat ? [unknown, again] : [unknown]);
			}
		}
		return true;
	}

	async #resumeChild(state: FoldedRun, step: Step, execution: string, handOver: boolean): Promise<Job> {
		const { children, lease } = this.#parts;
		try {
			const handle = lease === undefined ? undefined : await children.resume(state, execution, lease);
			return handle === undefined ? await this.#startChild(state, step, execution, handOver) : this.#followChild(handle);
		} catch (error) {
			return endedJob(notStarted(this.#context, error));
		}
	}

	get #context(): JobContext {
		const { ports, secrets, view, folder, recorder } = this.#parts;
		return {
			ports,
			secrets,
			view,
			folder,
			about: (step, execution) => ({ runId: recorder.runId, step, execution, ...(recorder.state?.service === undefined ? {} : { service: recorder.state.service }) }),
			looked: (step, execution, ok, words) => void this.#looked(step, execution, ok, words),
			partEnded: (step, execution, end) => this.#hooks.record.keep([endedEvent(step, execution, end)]),
		};
	}

	async #looked(step: Step, execution: string, ok: boolean | undefined, words: string): Promise<void> {
		// While the journal is away looks are not kept: they come again, and memory is bounded.
		if (this.#hooks.stopped() || this.#parts.recorder.trouble !== undefined) return;
		await this.#hooks.record.keep([{ kind: 'step_looked', step: step.id, execution, ok, words }]).catch(() => undefined);
	}
}
