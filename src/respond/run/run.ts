import { isAbsolute, join } from 'node:path';
import type { Lease } from '../../domain/journal.ts';
import { JournalError } from '../../domain/journal.ts';
import type { Refusal, RunCommand, RunHandle, StepOutput } from '../../domain/run/control.ts';
import type { Waiting } from '../../domain/run/state.ts';
import { Acting } from './acting.ts';
import { abandon, approve } from './bystander.ts';
import type { ChildRuns } from './children.ts';
import { personWords, UnknownRunError } from './errors.ts';
import { redactEvent } from './executions.ts';
import { findStep } from './flow.ts';
import { Follower } from './follow.ts';
import type { HeldLease } from './lease.ts';
import { heartbeatMs } from './lease.ts';
import { LiveDecision } from './live.ts';
import { holderOf, seizeLease } from './seizeLease.ts';
import { stepState } from './moves.ts';
import { nextOf } from './next.ts';
import { emptyOutput, folderOfExecution } from './output.ts';
import type { RunPorts } from './ports.ts';
import { Recorder } from './recorder.ts';
import { Secrets } from './secrets.ts';
import type { FoldedRun } from './track.ts';
import type { RunView } from './view.ts';
import { WatchedChild } from './watchedChild.ts';
import { viewOf } from './view.ts';

const refusedBy = (error: unknown): Refusal => {
	if (error instanceof JournalError) return { refused: error.message, advice: error.advice };
	throw error;
};

/** One run, seen from one console: it carries the run out, or follows the journal. */
export class Run implements RunHandle {
	readonly id: string;
	readonly secrets = new Secrets();
	readonly recorder: Recorder;
	readonly #ports: RunPorts;
	readonly #children: ChildRuns;
	readonly #listeners = new Set<() => void>();
	readonly #stops: (() => void)[] = [];
	readonly #live: LiveDecision;
	readonly #within: WatchedChild;
	#acting: Acting | undefined;
	#lease: HeldLease | undefined;
	#holder: Lease | undefined;
	#waiting: Waiting | undefined;
	#left = false;
	#hadTrouble = false;

	constructor(ports: RunPorts, children: ChildRuns, id: string) {
		this.id = id;
		this.#ports = ports;
		this.#children = children;
		this.recorder = new Recorder(ports, id, () => this.#recorded());
		this.#within = new WatchedChild(id, children, () => this.#emit());
		this.#live = new LiveDecision(
			ports.clock,
			() => (this.#acting === undefined && !this.#left ? this.#seenWaiting() : undefined),
			(waiting) => {
				this.#waiting = waiting;
				this.#tell();
			},
		);
		this.#stops.push(() => this.#live.stop());
		const follower = new Follower(ports.clock, () => this.#sync());
		this.#stops.push(() => follower.stop());
		this.#stops.push(ports.journal.onChange(() => void follower.look()));
		this.#stops.push(ports.clock.every(heartbeatMs, () => void this.#look()));
	}

	get state(): FoldedRun {
		const { state } = this.recorder;
		if (state === undefined) throw new UnknownRunError(this.id);
		return state;
	}

	get waiting(): Waiting | undefined {
		return this.#acting === undefined ? this.#waiting : this.#acting.waiting;
	}

	get role(): 'acting' | 'watching' | 'adrift' {
		if (this.#acting !== undefined) return 'acting';
		return this.state.endedAt !== undefined || this.#holder?.alive === true ? 'watching' : 'adrift';
	}

	get holder(): Lease | undefined {
		return this.#holder;
	}

	get child(): RunHandle | undefined {
		return this.#acting === undefined ? this.#within.handle : this.#acting.child;
	}

	get leaves(): string | undefined {
		const { state } = this;
		const step = state.current === undefined || state.rollingBack ? undefined : findStep(state.playbook, state.current);
		if (step?.leaves === undefined || stepState(state, step.id)?.status !== 'pending') return undefined;
		return this.#view().text(step.leaves);
	}

	get trouble(): { readonly why: string; readonly advice: string; readonly unrecorded: number } | undefined {
		return this.recorder.trouble ?? this.recorder.delay;
	}

	/** False once this console has stopped looking at it. */
	get live(): boolean {
		return !this.#left;
	}

	onChange(listener: () => void): () => void {
		this.#listeners.add(listener);
		return () => void this.#listeners.delete(listener);
	}

	/** Reads what there is, and who carries it out. @throws JournalError */
	async load(): Promise<void> {
		await this.recorder.sync();
		await this.#refresh();
	}

	/**
	 * Begins to carry it out.
	 * @param how `start` for a run that has just begun, `resume` for one that another console left
	 */
	async act(lease: HeldLease | undefined, how: 'start' | 'resume'): Promise<void> {
		const acting = new Acting({
			ports: this.#ports,
			recorder: this.recorder,
			secrets: this.secrets,
			lease,
			children: this.#children,
			view: () => this.#view(),
			folder: (execution) => this.#folder(execution),
			changed: () => this.#emit(),
			over: () => void this.#refresh(),
		});
		this.#acting = acting;
		this.#lease = lease;
		void this.#within.leave();
		if (lease !== undefined) this.recorder.beforeRecovery = () => lease.ensure();
		// What stood there before is in the state it begins with.
		this.recorder.takeForeign();
		const stop = lease?.onLost(() => void this.#lose(acting));
		if (stop !== undefined) this.#stops.push(stop);
		if (how === 'resume') {
			await this.recorder.keep([{ kind: 'run_resumed' }]);
			await acting.resume();
		} else {
			await acting.advance();
		}
		await this.#refresh();
	}

	async command(command: RunCommand): Promise<Refusal | undefined> {
		try {
			if (this.#left) return { refused: 'this console has left the run', advice: 'open it again' };
			if (command.kind === 'note') {
				await this.recorder.keep([redactEvent({ kind: 'note_added', text: command.text, ...(command.step === undefined ? {} : { step: command.step }) }, this.secrets.redactor)]);
				return undefined;
			}
			if (this.#acting !== undefined) return await this.#acting.command(command);
			await this.recorder.sync();
			await this.#refresh();
			if (this.state.endedAt !== undefined) return { refused: `the run is over: ${this.state.outcome ?? ''}`, advice: 'start a new one' };
			const bystander = { ports: this.#ports, recorder: this.recorder, secrets: this.secrets };
			if (command.kind === 'approve') return await approve(bystander, command);
			if (command.kind !== 'abandon' || this.role !== 'adrift') return this.#notActing();
			const refused = await abandon(bystander, this.state, command.why);
			await this.#refresh();
			return refused;
		} catch (error) {
			return refusedBy(error);
		}
	}

	async takeOver(force: boolean): Promise<Refusal | undefined> {
		try {
			if (this.#acting !== undefined) return undefined;
			if (this.#left) return { refused: 'this console has left the run', advice: 'open it again' };
			await this.recorder.sync();
			const { state } = this;
			if (state.endedAt !== undefined) return { refused: `the run is over: ${state.outcome ?? ''}` };
			if (state.track.unreadable !== undefined) return { refused: `its playbook cannot be read by this version: ${state.track.unreadable}`, advice: 'use the version that started it, or abandon the run' };
			if (state.parent !== undefined) return { refused: `it is a part of run ${state.parent.runId}`, advice: 'take that one over' };
			const lease = state.dryRun ? undefined : await seizeLease(this.#ports, state, force);
			if (lease !== undefined && 'refused' in lease) return lease;
			await this.recorder.sync();
			await this.act(lease, 'resume');
			return undefined;
		} catch (error) {
			return refusedBy(error);
		}
	}

	output(execution: string): StepOutput {
		const now = this.#acting?.folderOf(execution);
		const folder = now ?? folderOfExecution(this.state, execution, (name) => this.#folder(name));
		return this.#ports.openOutput(isAbsolute(folder) ? folder : join(this.#ports.stateFolder, folder)) ?? emptyOutput;
	}

	async leave(): Promise<void> {
		if (this.#left) return;
		this.#left = true;
		for (const stop of this.#stops.splice(0)) stop();
		await this.#acting?.stop();
		this.#lease?.stop();
		await this.#within.leave();
		await this.recorder.close();
	}

	#notActing(): Refusal {
		if (this.role === 'adrift') return { refused: 'nobody carries this run out', advice: 'take it over first, or abandon it' };
		const who = this.#holder === undefined ? 'another console' : personWords(this.#holder.holder);
		return { refused: `${who} carries this run out; this console watches`, advice: 'approve and note work from here; for everything else take it over' };
	}

	#view(): RunView {
		return viewOf(this.state, this.secrets, this.#ports.facts(this.state.service));
	}

	#folder(execution: string): string {
		const { stateFolder, spareFolder } = this.#ports;
		return join(this.recorder.trouble === undefined || spareFolder === undefined ? stateFolder : spareFolder(), 'runs', this.id, execution);
	}

	/** Another console has the run now: nothing more is started here, and what runs is left to it. */
	async #lose(acting: Acting): Promise<void> {
		const stopped = acting.stop();
		if (this.#acting === acting) this.#acting = undefined;
		this.recorder.beforeRecovery = () => Promise.resolve();
		await stopped;
		try {
			const lost = await this.recorder.forget();
			if (lost > 0) await this.recorder.record([{ kind: 'note_added', text: `${lost} events of ${personWords(this.#ports.actor)} were not recorded: the journal could not be written before the run was taken over` }]);
			await this.load();
		} catch (error) {
			if (!(error instanceof JournalError)) throw error;
		}
		this.#emit();
	}

	#recorded(): void {
		const trouble = this.recorder.trouble !== undefined;
		const mended = this.#hadTrouble && !trouble;
		this.#hadTrouble = trouble;
		if (mended && this.#acting?.waiting?.kind === 'journal') void this.#acting.advance();
		this.#emit();
	}

	#emit(): void {
		if (this.#left || this.recorder.state === undefined) return;
		this.#waiting = this.#acting === undefined ? this.#seenWaiting() : undefined;
		this.#live.follow(this.#waiting);
		this.#tell();
	}

	#tell(): void {
		for (const listener of this.#listeners) listener();
	}

	/** What a run that another console carries out waits for, as far as it can be seen from here. */
	#seenWaiting(): Waiting | undefined {
		const { state } = this;
		const view = { ...this.#view(), secretsMissing: [] };
		const next = nextOf(state, view, state.track.approval?.askedBy ?? this.#ports.actor);
		return next.do === 'wait' ? next.waiting : undefined;
	}

	/** Reads what was written since, by whomever. */
	async #sync(): Promise<void> {
		if (this.#left) return;
		await this.recorder.sync();
		if (this.#left || this.recorder.state === undefined) return;
		const acting = this.#acting;
		const foreign = this.recorder.takeForeign();
		if (acting === undefined) {
			await this.#refresh();
			await this.#within.follow(this.state);
		} else if (foreign !== 'nothing') {
			// An approval, a note, or a takeover. The program of a move writes for this console, and is not to be held up by it.
			if (foreign === 'words') await this.#lease?.confirm();
			await acting.advance();
		}
	}

	/** Looks who carries the run out, where this console does not. */
	async #look(): Promise<void> {
		if (this.#acting !== undefined || this.#left) return;
		await this.#refresh().catch((error: unknown) => {
			if (!(error instanceof JournalError)) throw error;
		});
	}

	async #refresh(): Promise<void> {
		if (this.#left || this.recorder.trouble !== undefined) return;
		const before = this.#holder;
		this.#holder = await holderOf(this.#ports.journal, this.id, this.recorder.state?.parent);
		if (before?.holder.session !== this.#holder?.holder.session || before?.alive !== this.#holder?.alive) this.#emit();
	}
}
