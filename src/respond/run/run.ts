import { isAbsolute, join } from 'node:path';
import type { Actor, Lease } from '../../domain/journal.ts';
import { JournalError } from '../../domain/journal.ts';
import type { Refusal, RunCommand, RunHandle, StepOutput } from '../../domain/run/control.ts';
import type { Waiting } from '../../domain/run/state.ts';
import { Acting } from './acting.ts';
import { refuseApproval } from './approval.ts';
import type { ChildRuns } from './children.ts';
import { personWords, RunError } from './errors.ts';
import { redactEvent } from './executions.ts';
import type { HeldLease } from './lease.ts';
import { heartbeatMs } from './lease.ts';
import { holderOf, seizeLease } from './seizeLease.ts';
import { underWay } from './moves.ts';
import { nextOf } from './next.ts';
import { emptyOutput, folderOfExecution } from './output.ts';
import type { RunPorts } from './ports.ts';
import { Recorder } from './recorder.ts';
import { Secrets } from './secrets.ts';
import type { FoldedRun } from './track.ts';
import type { RunView } from './view.ts';
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
	#acting: Acting | undefined;
	#lease: HeldLease | undefined;
	#holder: Lease | undefined;
	#child: { readonly execution: string; readonly handle: RunHandle } | undefined;
	#waiting: Waiting | undefined;
	#syncing = false;
	#again = false;
	#left = false;
	#hadTrouble = false;

	constructor(ports: RunPorts, children: ChildRuns, id: string) {
		this.id = id;
		this.#ports = ports;
		this.#children = children;
		this.recorder = new Recorder(ports, id, () => this.#recorded());
		this.#stops.push(ports.journal.onChange(() => void this.#sync()));
		this.#stops.push(ports.clock.every(heartbeatMs, () => void this.#look()));
	}

	get state(): FoldedRun {
		const { state } = this.recorder;
		if (state === undefined) throw new RunError(`the journal has no run ${this.id}`, 'sitrep journal runs lists those it has');
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
		return this.#acting === undefined ? this.#child?.handle : this.#acting.child;
	}

	get trouble(): { readonly why: string; readonly advice: string; readonly unrecorded: number } | undefined {
		return this.recorder.trouble;
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
		this.#child = undefined;
		if (lease !== undefined) this.recorder.beforeRecovery = () => lease.ensure();
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
			if (command.kind === 'approve') return await this.#approve(command);
			if (command.kind === 'abandon') return await this.#abandon(command.why);
			return this.#notActing();
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
		await this.#child?.handle.leave();
		await this.recorder.close();
	}

	#notActing(): Refusal {
		if (this.role === 'adrift') return { refused: 'nobody carries this run out', advice: 'take it over first, or abandon it' };
		const who = this.#holder === undefined ? 'another console' : personWords(this.#holder.holder);
		return { refused: `${who} carries this run out; this console watches`, advice: 'approve and note work from here; for everything else take it over' };
	}

	async #approve(command: Extract<RunCommand, { kind: 'approve' }>): Promise<Refusal | undefined> {
		const asked = this.state.track.approval;
		if (asked === undefined || asked.step !== command.step) return { refused: `no approval is asked for at ${command.step}` };
		const person = command.person?.trim();
		const by: Actor = person === undefined || person === '' ? this.#ports.actor : { ...this.#ports.actor, person };
		const refused = refuseApproval(asked.askedBy, by);
		if (refused !== undefined) return refused;
		const note = command.note === undefined ? {} : { note: command.note };
		await this.recorder.record([redactEvent({ kind: 'approval_given', step: command.step, granted: command.granted, ...note }, this.secrets.redactor)], by);
		return undefined;
	}

	async #abandon(why: string): Promise<Refusal | undefined> {
		if (this.role !== 'adrift') return this.#notActing();
		const { state } = this;
		if (state.parent !== undefined) return { refused: `it is a part of run ${state.parent.runId}`, advice: 'abandon that one' };
		const lease = state.dryRun ? undefined : await seizeLease(this.#ports, state, false);
		if (lease !== undefined && 'refused' in lease) return lease;
		const under = underWay(this.state);
		const words = under === undefined ? why : `${why}; ${under.step.id} was under way and may go on`;
		await this.recorder.record([redactEvent({ kind: 'run_ended', outcome: 'abandoned', words }, this.secrets.redactor)]);
		await lease?.release();
		await this.#refresh();
		return undefined;
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
		if (this.#acting === undefined) this.#waiting = this.#seenWaiting();
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
		if (this.#syncing) {
			this.#again = true;
			return;
		}
		this.#syncing = true;
		try {
			do {
				this.#again = false;
				await this.#syncOnce();
			} while (this.#again && !this.#left);
		} catch (error) {
			// What cannot be read now is read with the next change; the journal's trouble shows where it is written.
			if (!(error instanceof JournalError)) throw error;
		} finally {
			this.#syncing = false;
		}
	}

	async #syncOnce(): Promise<void> {
		if (this.#left) return;
		const before = this.recorder.state?.lastSeq;
		await this.recorder.sync();
		if (this.#left || this.recorder.state === undefined) return;
		const acting = this.#acting;
		if (acting === undefined) {
			await this.#refresh();
			await this.#watchChild();
		} else if (this.recorder.state.lastSeq !== before) {
			// Written by somebody else: an approval, a note, or a takeover.
			await this.#lease?.confirm();
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

	/** Follows the run within it too. */
	async #watchChild(): Promise<void> {
		const under = underWay(this.state);
		const execution = under === undefined ? undefined : under.attempt.execution;
		if (this.#child?.execution === execution) return;
		await this.#child?.handle.leave();
		this.#child = undefined;
		if (execution === undefined || under === undefined) return;
		const handle = await this.#children.watch(this.id, execution);
		if (handle === undefined) return;
		this.#child = { execution, handle };
		this.#emit();
	}
}
