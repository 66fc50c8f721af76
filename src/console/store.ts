import type { Clock } from '../domain/clock.ts';
import type { Engine } from '../domain/engine.ts';
import type { Action } from './actions.ts';
import { actsFor } from './acts.ts';
import { buildFrame, type Frame, type FrameInput } from './frame.ts';
import { actionFor, contextOf } from './keymap.ts';
import type { KeyPress } from './keys.ts';
import type { Live } from './live.ts';
import type { LogsPane } from './logsPane.ts';
import { commandFor } from './palette.ts';
import { type Pane, panes } from './panes.ts';
import { type Drain, Publisher } from './publisher.ts';
import { openDialog, reduceDialog, withoutDialog } from './reduce/dialogs.ts';
import type { Effect, Step } from './reduce/effect.ts';
import { reduceFilter, reducePanes } from './reduce/panes.ts';
import { withOffers } from './reduce/runDialogs.ts';
import { type DeskPorts, RunDesk } from './run/desk.ts';
import { messageOf } from './run/select.ts';
import type { Threshold } from './select/metrics.ts';
import { initialUi, type UiState } from './ui.ts';
import type { ConsoleView } from './view.ts';

/** A frame at most so often where nothing is urgent, ms: 4 a second. */
const frameMs = 250;
/** A run that is not there so long after its start is said to wait, ms. */
const slowStartMs = 1000;
/** A notice stays so long, ms. */
const noticeMs = 6000;

const isPane = (context: string): context is Pane => panes.some((pane) => pane === context);

/** What the store may do to the world outside. */
export interface StorePorts {
	readonly clock: Clock;
	readonly engine: Engine;
	readonly drain: Drain;
	readonly readOnly: boolean;
	readonly thresholds: (serviceId: string) => readonly Threshold[];
	readonly extents: FrameInput['extents'];
	/** Puts text into the terminal's clipboard. @returns what to tell the person */
	copy(text: string): string;
	/** Writes to a new file. @returns its path */
	save(name: string, bytes: Uint8Array): Promise<string>;
	/** Loads what stands behind the playbook pane. */
	readonly openBench: DeskPorts['open'];
	nextTheme(): void;
	redraw(): void;
	quit(): void;
}

/**
 * The one store of the console: takes keys, reads what is live, and gives immutable frames.
 * Parts that did not change stay the same objects.
 */
export class ConsoleStore {
	readonly #live: Live;
	readonly #logs: LogsPane;
	readonly #ports: StorePorts;
	readonly #publisher: Publisher;
	readonly #desk: RunDesk;
	readonly #listeners = new Set<() => void>();
	#ui: UiState;
	#notice: (NonNullable<ConsoleView['notice']> & { readonly until: number }) | undefined;
	/** What was asked for before the playbooks were read: it opens once they are, unless another key comes first. */
	#wanted: 'playbooks' | 'rollback' | undefined;
	#begun: Promise<void> | undefined;
	#frame: Frame;

	constructor(live: Live, logs: LogsPane, ports: StorePorts, size: { readonly columns: number; readonly rows: number }) {
		this.#live = live;
		this.#logs = logs;
		this.#ports = ports;
		this.#ui = initialUi(size.columns, size.rows);
		this.#publisher = new Publisher(ports.clock, ports.drain, frameMs, () => this.#publish());
		this.#desk = new RunDesk({
			clock: ports.clock,
			open: () => ports.openBench(),
			notice: (text, tone) => this.notice(text, tone),
			changed: (urgency) => this.#publisher.changed(urgency),
		});
		live.onChange((urgency) => this.#publisher.changed(urgency));
		logs.onChange(() => this.#publisher.changed('figure'));
		ports.clock.every(1000, () => this.#publisher.changed('figure'));
		this.#frame = this.#build([]);
	}

	readonly subscribe = (listener: () => void): (() => void) => {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	};

	readonly view = (): ConsoleView => this.#frame.view;

	/** Frames held back because the terminal had not taken the last one. */
	get heldBack(): number {
		return this.#publisher.heldBack;
	}

	resize(columns: number, rows: number): void {
		this.#ui = { ...this.#ui, columns, rows };
		this.#publisher.changed('key');
	}

	keys(presses: readonly KeyPress[]): void {
		for (const press of presses) {
			const action = actionFor(contextOf(this.#context()), press);
			if (action !== undefined) this.#act(action);
		}
		this.#publisher.changed('key');
	}

	notice(text: string, tone: 'plain' | 'p0' | 'p1' | 'p2' = 'plain'): void {
		this.#notice = { text, tone, until: this.#ports.clock.monotonic() + noticeMs };
		this.#publisher.changed('key');
	}

	/** Loads the playbooks, once. To be called after the first frame; a person who asks for them before has them loaded at once. */
	begin(): Promise<void> {
		this.#begun ??= this.#begin();
		return this.#begun;
	}

	async #begin(): Promise<void> {
		await this.#desk.begin(() => this.#openWanted());
		this.#openWanted();
		// A picker that was opened on runs alone gets the playbooks.
		this.#frame = this.#build(this.#frame.order);
		this.#ui = withOffers(this.#ui, this.#frame.scene);
		this.#frame = this.#build(this.#frame.order);
		this.#publisher.changed('event');
	}

	/** Opens what was asked for before it could be offered. */
	#openWanted(): void {
		const wanted = this.#wanted;
		if (wanted === undefined || this.#desk.unready(wanted)?.loading === true) return;
		this.#notice = undefined;
		this.#act({ kind: wanted });
		this.#publisher.changed('key');
	}

	/** Runs that go on when the console closes. */
	get left(): RunDesk['left'] {
		return this.#desk.left;
	}

	/** Leaves the run that is open, which goes on. */
	closeDesk(): Promise<void> {
		return this.#desk.close();
	}

	stop(): void {
		this.#publisher.stop();
	}

	#context(): Parameters<typeof contextOf>[0] {
		const { dialog, focus, filterPrompt } = this.#ui;
		return {
			...(dialog === undefined ? {} : { dialog }),
			focus,
			services: { filtering: filterPrompt !== undefined },
			logs: { searching: this.#logs.searching },
		};
	}

	#act(action: Action): void {
		const { dialog, filterPrompt } = this.#ui;
		const asked = action.kind === 'playbooks' || action.kind === 'rollback' ? action.kind : undefined;
		const unready = asked !== undefined && !this.#ports.readOnly ? this.#desk.unready(asked) : undefined;
		this.#wanted = unready?.loading === true ? asked : undefined;
		if (unready !== undefined) {
			this.notice(unready.words, unready.loading ? 'plain' : 'p1');
			if (unready.loading) void this.begin();
			return;
		}
		if (action.kind === 'help' || action.kind === 'palette' || action.kind === 'menu' || action.kind === 'playbooks' || action.kind === 'rollback') {
			this.#take(openDialog(this.#ui, this.#frame.scene, action.kind));
		} else if (dialog !== undefined) {
			this.#take(reduceDialog(this.#ui, this.#frame.scene, action));
		} else if (filterPrompt !== undefined) {
			this.#take(reduceFilter(this.#ui, this.#frame.scene, action));
		} else if (this.#logs.searching) {
			this.#logs.handle(action);
		} else {
			this.#take(reducePanes(this.#ui, this.#frame.scene, action));
		}
		// The next key of the same burst must see what this one did.
		this.#frame = this.#build(this.#frame.order);
	}

	#take(step: Step): void {
		this.#ui = step.ui;
		for (const effect of step.effects) this.#run(effect);
	}

	#run(effect: Effect): void {
		switch (effect.kind) {
			case 'quit':
				this.#ports.quit();
				return;
			case 'redraw':
				this.#ports.redraw();
				return;
			case 'theme':
				this.#ports.nextTheme();
				return;
			case 'notice':
				this.notice(effect.text, effect.tone);
				return;
			case 'logs':
				this.#logs.handle(effect.action);
				return;
			case 'copy':
				this.notice(this.#ports.copy(this.#copyText()));
				return;
			case 'save':
				void this.#save();
				return;
			case 'command': {
				const command = commandFor(effect.id);
				if (command === undefined) return;
				const { context, action } = command;
				if (isPane(context)) {
					this.#ui = { ...this.#ui, focus: context };
				}
				this.#ui = withoutDialog(this.#ui);
				this.#act(action);
				return;
			}
			case 'run':
				void this.#desk.command(effect.command);
				return;
			case 'start-run':
				void this.#startRun(effect);
				return;
			case 'open-run':
				void this.#openRun(effect.runId, effect.act);
				return;
			case 'take-over':
				void this.#desk.takeOver(effect.force);
				return;
			case 'close-run':
				void this.#desk.closeRun();
				return;
			case 'act':
				void this.#runAct(effect.actId, effect.containerId);
				return;
		}
	}

	async #runAct(actId: string, containerId: string): Promise<void> {
		const container = this.#live.inventory.containers.get(containerId);
		const act = container === undefined ? undefined : actsFor(container, this.#ports.readOnly).find((each) => each.id === actId);
		if (container === undefined || act === undefined || act.disabled !== undefined) {
			this.notice(`not done: ${act?.disabled ?? 'that container is gone'}`, 'p1');
			return;
		}
		this.notice(`${act.command} …`);
		const service = this.#frame.scene.selectedId;
		const { outcome, words } = await this.#desk.act({ act, container, ...(service === undefined ? {} : { service }) }, this.#ports.engine);
		this.notice(`${outcome}: ${words}`, outcome === 'done' ? 'plain' : 'p0');
	}

	async #startRun(effect: Extract<Effect, { kind: 'start-run' }>): Promise<void> {
		const alerts = this.#live.statuses.find((status) => status.service.id === effect.service)?.alerts ?? [];
		const since = alerts.filter((alert) => alert.state === 'firing').map((alert) => alert.since);
		const before = this.#ports.clock.monotonic();
		// The form is gone and no run is there yet: whoever waits for a journal that is locked is told so.
		const endTelling = this.#ports.clock.every(slowStartMs, () => this.notice(`not started yet: it waits for the journal, ${Math.round((this.#ports.clock.monotonic() - before) / 1000)} s`));
		const failure = await this.#desk.start({ ...effect, ...(since.length === 0 ? {} : { faultAt: Math.min(...since) }) });
		endTelling();
		if (failure === undefined && this.#notice?.text.startsWith('not started yet') === true) this.#notice = undefined;
		if (failure !== undefined) this.notice(`not started: ${failure}`, 'p1');
	}

	/** The service that the run is about is selected with it. */
	async #openRun(runId: string, act: boolean): Promise<void> {
		const opened = await this.#desk.openRun(runId, act);
		if (opened?.service === undefined) return;
		this.#ui = { ...this.#ui, chosen: opened.service };
		this.#publisher.changed('key');
	}

	#copyText(): string {
		if (this.#ui.focus === 'logs') return this.#logs.copyText();
		const { run } = this.#frame.scene;
		const told = run === undefined ? undefined : messageOf(run);
		if (this.#ui.focus === 'playbook' && run !== undefined) return told ?? this.#stepText();
		const row = this.#frame.view.services.rows[this.#frame.view.services.selected];
		return row === undefined ? '' : `${row.mark} ${row.id} ${row.reason}`;
	}

	/** The selected step: what it does, and what came of it. */
	#stepText(): string {
		const detail = this.#frame.view.playbook.run?.detail;
		return detail === undefined ? '' : [detail.title, detail.command, detail.words ?? ''].filter((part) => part !== '').join('\n');
	}

	async #save(): Promise<void> {
		const id = this.#frame.scene.selectedId ?? 'services';
		try {
			const path = await this.#ports.save(`${id.replaceAll('/', '-')}.log`, this.#logs.saveBytes());
			this.notice(`saved to ${path}`);
		} catch (error) {
			this.notice(`not saved: ${error instanceof Error ? error.message : String(error)}`, 'p1');
		}
	}

	#publish(): void {
		this.#frame = this.#build(this.#frame.order);
		for (const listener of this.#listeners) listener();
	}

	#build(order: readonly string[]): Frame {
		const { clock, engine, readOnly, thresholds, extents } = this.#ports;
		const notice = this.#notice !== undefined && clock.monotonic() < this.#notice.until ? this.#notice : undefined;
		const frame = buildFrame({
			ui: this.#ui,
			order,
			live: this.#live,
			logs: this.#logs,
			desk: this.#desk,
			clock,
			engine,
			readOnly,
			thresholds,
			extents,
			notice: notice === undefined ? undefined : { text: notice.text, tone: notice.tone },
		});
		this.#ui = { ...this.#ui, servicesOffset: frame.view.services.offset };
		return frame;
	}
}
