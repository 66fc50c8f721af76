import type { Cancel } from '../../domain/clock.ts';
import { JournalError } from '../../domain/journal.ts';
import type { Step } from '../../domain/playbook/step.ts';
import type { Refusal, RunCommand, RunHandle } from '../../domain/run/control.ts';
import type { RunEvent } from '../../domain/run/event.ts';
import type { Waiting } from '../../domain/run/state.ts';
import type { ActingParts } from './actingParts.ts';
import type { Answer } from './answer.ts';
import { answer } from './answer.ts';
import { endedEvent } from './executions.ts';
import { findStep } from './flow.ts';
import type { Job, JobEnd } from './jobs/job.ts';
import { LiveDecision } from './live.ts';
import type { Next } from './next.ts';
import { nextOf } from './next.ts';
import { RedactedRecord } from './redacted.ts';
import { Starter } from './starter.ts';
import type { FoldedRun } from './track.ts';

interface Current {
	readonly step: Step;
	readonly execution: string;
	readonly job: Job;
	readonly over: Promise<void>;
}

/** What happens while nobody has a word: `again` looks at once for what comes next. */
type Progress = 'again' | 'stop';

/**
 * Carries a run out at one console: one step after the other, each recorded before it is started. All that changes the
 * run goes through one queue, so that never two things are decided at once.
 */
export class Acting {
	readonly #parts: ActingParts;
	readonly #starter: Starter;
	readonly #record: RedactedRecord;
	readonly #live: LiveDecision;
	#queue: Promise<unknown> = Promise.resolve();
	#current: Current | undefined;
	#waiting: Waiting | undefined;
	#timer: Cancel | undefined;
	#stopped = false;
	/** A wait that is ended because the person skips it. */
	#skipping: string | undefined;
	#child: RunHandle | undefined;

	constructor(parts: ActingParts) {
		this.#parts = parts;
		this.#record = new RedactedRecord(parts.recorder, parts.secrets);
		this.#live = new LiveDecision(
			parts.ports.clock,
			() => this.#judged(),
			(waiting) => {
				this.#waiting = waiting;
				parts.changed();
			},
		);
		this.#starter = new Starter(parts, {
			record: this.#record,
			take: (step, execution, job) => this.#take(step, execution, job),
			tookChild: (handle) => {
				this.#child = handle;
			},
			stopped: () => this.#stopped,
			waitForJournal: () => void this.#waitForJournal(),
			waitForSecret: (name) => void this.#wait({ kind: 'secret', name, title: this.#state?.playbook.params[name]?.title ?? name }),
		});
	}

	get waiting(): Waiting | undefined {
		return this.#waiting;
	}

	get child(): RunHandle | undefined {
		return this.#child;
	}

	/** Folder of what runs now within an execution, where it is not the execution's own. */
	folderOf(execution: string): string | undefined {
		return this.#current?.execution === execution ? this.#current.job.folder : undefined;
	}

	/** Looks for what comes next. */
	advance(): Promise<void> {
		return this.#turn(() => this.#advance());
	}

	/** Takes up what another console left under way, then goes on. */
	resume(): Promise<void> {
		return this.#turn(async () => {
			if (await this.#rejoin()) await this.#advance();
		});
	}

	/** @returns why it was refused */
	async command(command: RunCommand): Promise<Refusal | undefined> {
		const after = await this.#turn(() => this.#answer(command));
		if (typeof after !== 'function') return after;
		await after();
		return undefined;
	}

	/** Starts nothing more and stops waiting for what runs; that goes on. */
	async stop(): Promise<void> {
		this.#stopped = true;
		this.#timer?.();
		this.#current?.job.detach();
		await this.#queue.catch(() => undefined);
		this.#live.stop();
		this.#waiting = undefined;
	}

	#turn<T>(task: () => Promise<T>): Promise<T> {
		const result = this.#queue.then(task, task);
		this.#queue = result.catch(() => undefined);
		return result;
	}

	get #state(): FoldedRun | undefined {
		return this.#parts.recorder.state;
	}

	/** What it waits for, with the figures of this moment. */
	#judged(): Waiting | undefined {
		const state = this.#state;
		if (state === undefined || this.#current !== undefined || this.#stopped) return undefined;
		const next = nextOf(state, this.#parts.view(), this.#parts.ports.actor);
		return next.do === 'wait' ? next.waiting : undefined;
	}

	#wait(waiting: Waiting | undefined): Progress {
		this.#waiting = waiting;
		this.#live.follow(waiting);
		this.#parts.changed();
		return 'stop';
	}

	#waitForJournal(): Progress {
		const { trouble } = this.#parts.recorder;
		return this.#wait({ kind: 'journal', why: trouble?.why ?? 'the journal cannot be written', advice: trouble?.advice ?? '' });
	}

	async #advance(): Promise<void> {
		this.#timer?.();
		this.#timer = undefined;
		for (;;) {
			const state = this.#state;
			if (this.#stopped || state === undefined) return;
			if (this.#current !== undefined) {
				this.#wait(undefined);
				return;
			}
			if ((await this.#follow(state, nextOf(state, this.#parts.view(), this.#parts.ports.actor))) === 'stop') return;
		}
	}

	async #follow(state: FoldedRun, next: Next): Promise<Progress> {
		const { trouble } = this.#parts.recorder;
		switch (next.do) {
			case 'rest':
				return this.#wait(undefined);
			case 'wait':
				return trouble !== undefined && next.waiting.kind === 'confirm' && next.waiting.risk !== 'read' ? this.#waitForJournal() : this.#wait(next.waiting);
			case 'skip':
				await this.#record.keep([{ kind: 'step_skipped', step: next.step, why: next.why, words: next.words }]);
				return 'again';
			case 'roll-back':
				await this.#record.keep([{ kind: 'rollback_started', step: next.step, why: next.why }]);
				return 'again';
			case 'ask-approval':
				return (await this.#record.record([{ kind: 'approval_asked', step: next.step, of: next.of }])) ? 'again' : this.#waitForJournal();
			case 'end':
				return this.#end({ kind: 'run_ended', outcome: next.outcome, words: next.words });
			case 'run': {
				const { notBefore } = next;
				const wait = notBefore === undefined ? 0 : notBefore - this.#parts.ports.clock.now();
				if (wait > 0) {
					this.#timer = this.#parts.ports.clock.after(wait, () => void this.advance());
					return this.#wait(undefined);
				}
				this.#waiting = undefined;
				await this.#starter.begin(state, next.step, next.undo, next.confirmation);
				// Where nothing came of it the same would come next again.
				return this.#state === state ? 'stop' : 'again';
			}
		}
	}

	async #end(event: RunEvent): Promise<Progress> {
		if (!(await this.#record.record([event]))) return this.#waitForJournal();
		this.#stopped = true;
		this.#wait(undefined);
		await this.#parts.lease?.release().catch((error: unknown) => {
			// A lease of a run that is over holds nobody up: whoever wants the service sees that it is over.
			if (!(error instanceof JournalError)) throw error;
		});
		this.#parts.over();
		return 'stop';
	}

	#take(step: Step, execution: string, job: Job): void {
		const over = job.ended.then((end) => this.#turn(() => this.#ended(execution, step, end)));
		// A failure of the record itself shows as the journal's trouble.
		this.#current = { step, execution, job, over: over.catch(() => undefined) };
		if (this.#stopped) job.detach();
		this.#wait(undefined);
	}

	async #ended(execution: string, step: Step, end: JobEnd | undefined): Promise<void> {
		if (this.#current?.execution === execution) this.#current = undefined;
		this.#child = undefined;
		if (end === undefined || this.#stopped) return;
		const events: RunEvent[] = [endedEvent(step, execution, end)];
		if (this.#skipping === execution && end.outcome === 'cancelled') events.push({ kind: 'step_skipped', step: step.id, why: 'asked', words: 'skipped while it waited' });
		this.#skipping = undefined;
		await this.#record.keep(events);
		await this.#advance();
	}

	/** @returns a refusal, or what is still to be awaited outside of the queue */
	async #answer(command: RunCommand): Promise<Refusal | undefined | (() => Promise<void>)> {
		const state = this.#state;
		if (this.#stopped || state === undefined) return { refused: state?.endedAt === undefined ? 'this console does not carry the run out any more' : `the run is over: ${state.outcome ?? ''}` };
		const given: Answer = answer(state, this.#current === undefined ? this.#waiting : undefined, command);
		if ('refused' in given) return given;
		if ('go' in given) return this.#go(state, given.go, command);
		if ('run' in given) return this.#confirmed(state, given.run);
		if ('end' in given) {
			await this.#end({ kind: 'run_ended', ...given.end });
			return this.#waiting?.kind === 'journal' ? { refused: this.#waiting.why, advice: this.#waiting.advice } : undefined;
		}
		for (const [name, value] of Object.entries(given.secrets ?? {})) this.#parts.secrets.set(name, value);
		if (given.events.length > 0) await this.#record.keep(given.events);
		if (this.#current === undefined && (await this.#rejoin())) await this.#advance();
		return undefined;
	}

	async #confirmed(state: FoldedRun, run: Extract<Answer, { run: unknown }>['run']): Promise<Refusal | undefined> {
		const step = findStep(state.playbook, run.step);
		if (step === undefined) return { refused: `there is no step ${run.step}` };
		this.#waiting = undefined;
		const refused = await this.#starter.begin(state, step, run.undo, run.confirmation, run.command);
		const { waiting } = this;
		if (waiting?.kind !== 'journal') await this.#advance();
		if (refused !== undefined) return refused;
		return waiting?.kind === 'journal' ? { refused: `nothing was run: ${waiting.why}`, advice: waiting.advice } : undefined;
	}

	async #go(state: FoldedRun, go: Extract<Answer, { go: unknown }>['go'], command: RunCommand): Promise<Refusal | undefined | (() => Promise<void>)> {
		switch (go) {
			case 'try-journal':
				return this.#tryJournal();
			case 'stop-step': {
				const current = this.#current;
				if (current === undefined || !('step' in command) || current.step.id !== command.step) return { refused: 'it is not under way any more' };
				this.#skipping = current.execution;
				return () => current.job.cancel().then(() => current.over);
			}
			case 'cancel': {
				await this.#record.keep([{ kind: 'cancel_asked' }]);
				const current = this.#current;
				if (current !== undefined) return () => current.job.cancel().then(() => current.over);
				await this.#advance();
				return undefined;
			}
			case 'open-playbook':
				return this.#starter.handOver(state);
		}
	}

	async #tryJournal(): Promise<Refusal | undefined> {
		try {
			await this.#parts.recorder.recover();
		} catch (error) {
			if (error instanceof JournalError) return { refused: error.message, advice: error.advice };
			throw error;
		}
		await this.#advance();
		return undefined;
	}

	/** Takes up what is under way by the record but not here. @returns whether the run can go on */
	async #rejoin(): Promise<boolean> {
		const state = this.#state;
		if (state === undefined || this.#current !== undefined || this.#stopped) return true;
		const goesOn = await this.#starter.rejoin(state);
		// It was being cancelled when its console went.
		if (state.cancelling) void this.#cancelCurrent();
		return goesOn;
	}

	async #cancelCurrent(): Promise<void> {
		await this.#current?.job.cancel();
	}
}
