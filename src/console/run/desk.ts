import type { Clock } from '../../domain/clock.ts';
import type { Engine } from '../../domain/engine.ts';
import type { RunSummary } from '../../domain/journal.ts';
import type { ResolvedStep, RunCommand, RunHandle, StepOutput } from '../../domain/run/control.ts';
import type { ServiceStatus } from '../../domain/situation.ts';
import { type Offer, type RunScene, shownStep } from '../reduce/scene.ts';
import type { RunBench } from './bench.ts';
import { type ActRequest, type ActResult, recordedAct } from './recordedAct.ts';
import type { Rollbacks } from './rollbackDialog.ts';
import { rollbacksOf } from './rollbacks.ts';
import type { PickerItem, PlaybookView } from './view.ts';
import { runView } from './select.ts';

export interface DeskPorts {
	readonly clock: Clock;
	/** Gets everything ready. Rejects with words and advice. */
	open(): Promise<RunBench>;
	notice(text: string, tone: 'plain' | 'p0' | 'p1' | 'p2'): void;
	/** Something of the pane has changed: a step (`event`), or only its output (`figure`). */
	changed(urgency: 'event' | 'figure'): void;
}

/** Playbooks are read so long after the journal was opened, ms: it takes some 200 ms of work. */
const libraryAfterMs = 2000;
/** Unfinished runs of others are looked for so often, ms. */
const lookEveryMs = 5000;
/** Output of a step under way is shown anew so often, ms. */
const outputEveryMs = 250;
/** What a step has written so far is read a moment after its output was opened, and then shown at once, ms. */
const outputSoonMs = 100;
/** Lines of output that a pane may show. */
const outputLines = 400;

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * The playbook pane's hands: starts, opens and leaves runs, hands over what the person says, and keeps what the pane shows.
 * One run is open at a time; leaving it never stops it.
 */
export class RunDesk {
	readonly #ports: DeskPorts;
	readonly #begun = Promise.withResolvers<void>();
	readonly #wanted = Promise.withResolvers<void>();
	#bench: RunBench | undefined;
	#failure: string | undefined;
	#handle: RunHandle | undefined;
	#off: (() => void) | undefined;
	/** Id of the run whose changes are followed beside those of the open one. */
	#followed: string | undefined;
	#offChild: (() => void) | undefined;
	#resolved: ReadonlyMap<string, ResolvedStep> = new Map();
	#output: { readonly execution: string; readonly reader: StepOutput } | undefined;
	#unfinished: readonly RunSummary[] = [];
	/** Why the newest run could not be started: it stays on the pane until another one is opened. */
	#notStarted: string | undefined;
	#endLooking: (() => void) | undefined;
	/** A run is being opened: whoever comes back after a crash must not wait for the library. */
	#opening: Promise<void> = Promise.resolve();

	constructor(ports: DeskPorts) {
		this.#ports = ports;
	}

	/** Loads playbooks and the journal, and looks for unfinished runs. Call once, after the first frame. @param runsKnown those are known, and the playbooks not yet */
	async begin(runsKnown: () => void = () => undefined): Promise<void> {
		try {
			this.#bench = await this.#ports.open();
		} catch (error) {
			this.#failure = wordsOf(error);
			this.#ports.changed('event');
			return;
		} finally {
			this.#begun.resolve();
		}
		// Runs that wait come first, as an open one does.
		await this.#look();
		const endLooking = this.#ports.clock.every(lookEveryMs, () => void this.#look());
		const endShowing = this.#ports.clock.every(outputEveryMs, () => {
			if (this.#active()?.state.steps.some((step) => step.status === 'running') === true) this.#ports.changed('figure');
		});
		this.#endLooking = () => {
			endLooking();
			endShowing();
		};
		runsKnown();
		await this.#restOrWanted();
		try {
			await this.#bench.readLibrary(() => this.#opening);
			if (this.#handle !== undefined) this.#resolved = this.#resolve(this.#bench, this.#handle);
		} catch (error) {
			this.#failure = wordsOf(error);
		}
		this.#ports.changed('event');
	}

	/** The first seconds belong to the services and their figures, unless somebody asks for a playbook. */
	#restOrWanted(): Promise<void> {
		const cancel = this.#ports.clock.after(libraryAfterMs, () => this.#wanted.resolve());
		return this.#wanted.promise.finally(cancel);
	}

	/** An act of the action menu. Its record is durable before the engine is asked; without a record nothing is done. */
	async act(request: ActRequest, engine: Engine): Promise<ActResult> {
		await this.#begun.promise;
		const bench = this.#bench;
		if (bench === undefined) return { outcome: 'not done', words: `no record, no change: ${this.#failure ?? 'the journal is not open'}` };
		return recordedAct(request, engine, (event) => bench.record(event));
	}

	/** Why nothing can be offered: playbooks are still being read, or could not be. Runs that are not over are offered before. */
	unready(asked: 'playbooks' | 'rollback'): { readonly loading: boolean; readonly words: string } | undefined {
		this.#wanted.resolve();
		if (this.#failure !== undefined) return { loading: false, words: `no playbooks: ${this.#failure}` };
		if (asked === 'playbooks' && this.#unfinished.length > 0) return undefined;
		return this.#bench?.playbooks === undefined ? { loading: true, words: 'reading the playbooks …' } : undefined;
	}

	get bench(): RunBench | undefined {
		return this.#bench;
	}

	/** A run is open, or it is told why none is. */
	get present(): boolean {
		return this.#handle !== undefined || this.#notStarted !== undefined || (this.#failure !== undefined && this.#unfinished.length > 0);
	}

	/** Runs that could be opened, while none is. */
	get offered(): number {
		return this.present ? 0 : this.#unfinished.length;
	}

	/** A rollback is walked through: its pane gets more room. */
	get roomy(): boolean {
		return this.#active()?.state.playbook.kind === 'rollback';
	}

	get handle(): RunHandle | undefined {
		return this.#handle;
	}

	/** What the picker lists for a service. */
	offers(status: ServiceStatus | undefined): readonly PickerItem[] {
		const runs = this.#others().map((run): PickerItem => ({ id: run.runId, kind: 'run', title: `Unfinished: ${run.title}`, why: `${run.service ?? 'no service'}, started by ${run.startedBy.user}`, fires: true }));
		const fitting = this.#bench?.fits(status) ?? [];
		const reading: readonly PickerItem[] = this.#bench?.playbooks === undefined ? [{ id: '', kind: 'playbook', title: 'reading the playbooks …', why: '', fires: false, disabled: 'they come in a moment' }] : [];
		return [
			...runs,
			...reading,
			...fitting.map(({ loaded, why, fires }): PickerItem => ({
				id: loaded.playbook.id,
				kind: 'playbook',
				title: loaded.playbook.title,
				...(loaded.playbook.severity === undefined ? {} : { severity: loaded.playbook.severity }),
				why,
				fires,
				...(loaded.playbook.draft ? { disabled: 'a draft that nobody has reviewed: sitrep playbook review' } : {}),
			})),
		];
	}

	offer(id: string, status: ServiceStatus | undefined): Offer | undefined {
		const found = this.#bench?.fits(status).find((each) => each.loaded.playbook.id === id);
		return found === undefined ? undefined : { loaded: found.loaded, values: found.values, ...(status === undefined ? {} : { service: status.service.id }) };
	}

	/** What can be rolled back of a service; `undefined` where there is none, or the playbooks were not read. */
	rollbacks(status: ServiceStatus | undefined): Rollbacks | undefined {
		return status === undefined || this.#bench === undefined ? undefined : rollbacksOf(this.#bench, status, { open: this.#handle, active: this.#active(), unfinished: this.#unfinished });
	}

	/** What reducers must know of the run that is open. */
	scene(selected: string | undefined, rows: number): RunScene | undefined {
		const handle = this.#active();
		const bench = this.#bench;
		if (handle === undefined || bench === undefined) return undefined;
		const { state, holder, trouble } = handle;
		const order = state.playbook.steps.map((step) => step.id);
		return {
			id: handle.id,
			state,
			waiting: handle.waiting,
			role: handle.role,
			actor: bench.responder.actor,
			...(holder === undefined || handle.role === 'acting' ? {} : { holder: `${holder.holder.person ?? holder.holder.user} on ${holder.holder.host}` }),
			selected: selected !== undefined && order.includes(selected) ? selected : undefined,
			order,
			rows,
			...(trouble === undefined ? {} : { trouble }),
		};
	}

	view(scene: RunScene | undefined, host: string): PlaybookView {
		const unfinished = this.#others().map((run) => ({ runId: run.runId, words: `${run.title}${run.service === undefined ? '' : ` on ${run.service}`}` }));
		if (scene === undefined) return { unfinished, words: this.#emptyWords(unfinished.length) };
		const shown = shownStep(scene);
		return {
			unfinished,
			run: runView({ scene, now: this.#ports.clock.now(), host, resolved: this.#resolved, output: this.#outputOf(shown)?.tail(outputLines) }),
		};
	}

	async start(request: { readonly playbook: string; readonly service?: string; readonly values: Readonly<Record<string, string>>; readonly dryRun: boolean; readonly faultAt?: number }): Promise<string | undefined> {
		const bench = this.#bench;
		const loaded = bench?.playbooks?.find((each) => each.playbook.id === request.playbook);
		if (bench === undefined || loaded === undefined) return `there is no playbook ${request.playbook}`;
		const secretNames = new Set(Object.entries(loaded.playbook.params).flatMap(([name, param]) => (param.type === 'secret' ? [name] : [])));
		// What was emptied stays empty, where it may: a default must not come back unseen.
		const given = Object.entries(request.values).filter(([name, value]) => value !== '' || (loaded.playbook.params[name]?.optional === true && !secretNames.has(name)));
		const start = {
			playbook: loaded,
			params: Object.fromEntries(given.filter(([name]) => !secretNames.has(name))),
			secrets: Object.fromEntries(given.filter(([name]) => secretNames.has(name))),
			...(request.service === undefined ? {} : { service: request.service }),
			dryRun: request.dryRun,
			...(request.faultAt === undefined ? {} : { faultAt: request.faultAt }),
		};
		try {
			const handle = await bench.responder.start(start);
			this.#resolved = new Map(bench.responder.resolve(start).map((step) => [step.id, step]));
			this.#take(handle);
			return undefined;
		} catch (error) {
			this.#notStarted = wordsOf(error);
			this.#ports.changed('event');
			return this.#notStarted;
		}
	}

	/** @returns the run; absent where it could not be opened, which has been said */
	async openRun(runId: string, act: boolean): Promise<RunHandle['state'] | undefined> {
		const bench = this.#bench;
		if (bench === undefined) return undefined;
		const shown = Promise.withResolvers<void>();
		this.#opening = shown.promise;
		try {
			const handle = await bench.responder.open(runId, { act });
			this.#resolved = this.#resolve(bench, handle);
			this.#take(handle);
			return handle.state;
		} catch (error) {
			this.#ports.notice(`not opened: ${wordsOf(error)}`, 'p1');
			return undefined;
		} finally {
			// With what its command has written so far.
			this.#ports.clock.after(outputSoonMs, () => shown.resolve());
		}
	}

	/** The steps of a run that was opened, as they would be carried out. */
	#resolve(bench: RunBench, { state }: RunHandle): ReadonlyMap<string, ResolvedStep> {
		const loaded = bench.playbooks?.find((each) => each.hash === state.hash);
		if (loaded === undefined) return new Map();
		const params = Object.fromEntries(Object.entries(state.params).map(([name, value]) => [name, String(value)]));
		const steps = bench.responder.resolve({ playbook: loaded, params, secrets: {}, dryRun: false, ...(state.service === undefined ? {} : { service: state.service }) });
		return new Map(steps.map((step) => [step.id, step]));
	}

	async command(command: RunCommand): Promise<void> {
		const refusal = await this.#active()?.command(command).catch((error: unknown) => ({ refused: wordsOf(error) }));
		if (refusal !== undefined) this.#ports.notice(`not done: ${refusal.refused}${'advice' in refusal && refusal.advice !== undefined ? `. ${refusal.advice}` : ''}`, 'p1');
	}

	async takeOver(force: boolean): Promise<void> {
		const refusal = await this.#handle?.takeOver(force).catch((error: unknown) => ({ refused: wordsOf(error) }));
		if (refusal !== undefined) this.#ports.notice(`not taken over: ${refusal.refused}`, 'p1');
	}

	/** Looks away from the run; it goes on. */
	async closeRun(): Promise<void> {
		const handle = this.#handle;
		this.#off?.();
		this.#off = undefined;
		this.#output?.reader.close();
		this.#output = undefined;
		this.#handle = undefined;
		await handle?.leave();
		await this.#look();
	}

	/** Runs that go on, or wait, when the console closes: told to the person after it has closed. */
	get left(): readonly { readonly runId: string; readonly title: string }[] {
		const handle = this.#handle;
		const own = handle === undefined || handle.state.endedAt !== undefined ? [] : [{ runId: handle.id, title: handle.state.playbook.title }];
		return own;
	}

	async close(): Promise<void> {
		this.#endLooking?.();
		this.#off?.();
		this.#output?.reader.close();
		await this.#handle?.leave();
		await this.#bench?.responder.close();
	}

	/** The run that acts now: a playbook that runs as a part of another one is shown, and answered, by itself. */
	#active(): RunHandle | undefined {
		let active = this.#handle;
		while (active?.child !== undefined) active = active.child;
		if (active !== undefined && active.id !== this.#followed) {
			this.#followed = active.id;
			this.#offChild?.();
			this.#offChild = active === this.#handle ? undefined : active.onChange(() => this.#ports.changed('event'));
		}
		return active;
	}

	#take(handle: RunHandle): void {
		const before = this.#handle;
		this.#notStarted = undefined;
		this.#off?.();
		this.#output?.reader.close();
		this.#output = undefined;
		this.#handle = handle;
		this.#off = handle.onChange(() => this.#ports.changed('event'));
		void before?.leave();
		this.#ports.changed('event');
	}

	#outputOf(step: string | undefined): StepOutput | undefined {
		const active = this.#active();
		const execution = active?.state.steps.find((each) => each.id === step)?.attempts.at(-1)?.execution;
		if (execution === undefined || active === undefined) return undefined;
		const key = `${active.id} ${execution}`;
		if (this.#output?.execution !== key) {
			this.#output?.reader.close();
			this.#output = { execution: key, reader: active.output(execution) };
			this.#ports.clock.after(outputSoonMs, () => this.#ports.changed('event'));
		}
		return this.#output.reader;
	}

	#others(): readonly RunSummary[] {
		return this.#unfinished.filter((run) => run.runId !== this.#handle?.id);
	}

	#emptyWords(unfinished: number): NonNullable<PlaybookView['words']> {
		if (this.#failure !== undefined) return { kind: 'error', text: `no playbooks: ${this.#failure}`, advice: 'sitrep doctor looks at the state folder' };
		if (this.#bench?.playbooks === undefined && unfinished === 0) return { kind: 'loading', text: 'reading the playbooks' };
		if (this.#notStarted !== undefined) return { kind: 'error', text: `not started: ${this.#notStarted}`, advice: 'p lists the playbooks again' };
		if (unfinished > 0) return { kind: 'empty', text: `${unfinished === 1 ? 'a run is' : `${unfinished} runs are`} not finished`, advice: 'p lists them: choose one to carry on' };
		const broken = (this.#bench?.problems ?? []).filter((each) => each.level === 'error').length;
		return { kind: 'empty', text: 'no playbook runs', advice: `p lists those that fit the selected service${broken === 0 ? '' : `; ${broken} errors keep others away: sitrep playbook lint`}` };
	}

	async #look(): Promise<void> {
		try {
			const unfinished = (await this.#bench?.responder.unfinished()) ?? [];
			if (JSON.stringify(unfinished) === JSON.stringify(this.#unfinished)) return;
			this.#unfinished = unfinished;
			this.#ports.changed('event');
		} catch {
			// The journal says so itself where it matters: when a run is started or opened.
		}
	}
}
