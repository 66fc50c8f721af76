import type { ContainerSummary } from '../domain/container.ts';
import type { EngineInfo, EngineTarget } from '../domain/engine.ts';
import type { Liveness } from '../domain/liveness.ts';
import type { LogLevel } from '../domain/log.ts';
import type { Alert, Inconclusive } from '../domain/rule.ts';
import type { Severity } from '../domain/severity.ts';
import type { Sample, SignalUnit } from '../domain/signal.ts';
import type { Pane } from './panes.ts';
import type { ConfirmFact, ConfirmStep, PlaybookView, RunDialog } from './run/view.ts';

export type { Liveness };

/** What a pane that has nothing to list says instead. */
export interface PaneWords {
	readonly kind: 'loading' | 'empty' | 'error';
	readonly text: string;
	/** What the person can do about it. */
	readonly advice?: string;
}

/** A piece of text with a role; the theme turns roles into colours. Text is already harmless. */
export interface Span {
	readonly text: string;
	readonly role: Role;
}

/**
 * What a piece of text is. Colour means severity and nothing else: only p0 to p3 and ok have hues,
 * the others are weight, dimness or reverse video.
 */
export type Role = 'p0' | 'p1' | 'p2' | 'p3' | 'ok' | 'plain' | 'strong' | 'muted' | 'match' | 'selected';

/** One row of the services pane. */
export interface ServiceRow {
	readonly id: string;
	readonly name: string;
	readonly group?: string;
	/** Absent where nothing is wrong. */
	readonly severity?: Severity;
	/** `ok`, `P0` … `P3`, or `?` where nothing can be said (stale, inconclusive). */
	readonly mark: 'ok' | Severity | '?' | '-';
	/** Why, in words: `exited 137, killed for memory, 3rd time in 10 min`; `healthy 3 d` where nothing is wrong. */
	readonly reason: string;
	readonly replicas: { readonly running: number; readonly total: number };
	readonly cpuPercent?: number;
	readonly memoryPercent?: number;
	readonly memoryBytes?: number;
	readonly rxBytesPerSecond?: number;
	readonly txBytesPerSecond?: number;
	readonly errorsPerMinute?: number;
	readonly restarts?: number;
	readonly uptimeMs?: number;
	readonly image: string;
	readonly ports: string;
	/** Figures older than their interval allows. */
	readonly figuresStale: boolean;
}

export interface ServicesView {
	readonly words?: PaneWords;
	/** All rows that pass the filter, in the order in which they stand. A `group` heading is drawn where the group changes. */
	readonly rows: readonly ServiceRow[];
	/** Index in `rows`, -1 where there is none. */
	readonly selected: number;
	/** First row drawn. */
	readonly offset: number;
	readonly total: number;
	readonly troubled: number;
	readonly filter: string;
	readonly filtering: boolean;
	/** Set where a better order is held back because the person is reading. */
	readonly orderHeld: boolean;
}

export interface HealthView {
	readonly words?: PaneWords;
	readonly container?: ContainerSummary;
	readonly alerts: readonly Alert[];
	readonly inconclusive: readonly Inconclusive[];
	/** Probes of the service, newest result each. */
	readonly probes: readonly { readonly name: string; readonly ok: boolean | undefined; readonly words: string; readonly at?: number }[];
	readonly restarts: { readonly count: number; readonly windowMinutes: number };
	/** Other containers of the same service. */
	readonly replicas: readonly ContainerSummary[];
	readonly scroll: number;
}

/** One series, ready to draw. */
export interface SeriesView {
	readonly name: string;
	/** `cpu`, `memory`, `net rx` … */
	readonly title: string;
	readonly unit: SignalUnit;
	readonly latest?: number;
	/** Beside the number: `of 64 MiB`, `of 0.5 cores, throttled 100 %`. */
	readonly note?: string;
	readonly samples: readonly Sample[];
	/** Fixed top of the axis, such as 100 for percent of a limit. */
	readonly max?: number;
	readonly thresholds: readonly { readonly value: number; readonly severity: Severity; readonly title: string }[];
	readonly stale: boolean;
}

export interface MetricsView {
	readonly words?: PaneWords;
	readonly title: string;
	readonly series: readonly SeriesView[];
	/** 60,000 to 3,600,000. */
	readonly windowMs: number;
	/** Which series stands on top where the pane is zoomed. */
	readonly selected: number;
	readonly source: string;
}

/** One row of the logs pane: an entry, or a marker such as `4,096 lines skipped`. */
export interface LogRow {
	readonly key: string;
	readonly kind: 'entry' | 'marker' | 'continuation';
	/** Epoch ms, absent for markers. */
	readonly at?: number;
	readonly level?: LogLevel;
	/** Which container, where several are merged. */
	readonly source?: string;
	/** Text is harmless, not yet cut to the width; matches are marked by role. */
	readonly spans: readonly Span[];
	/** How often a repeated pattern was folded into this row; 1 is once. */
	readonly count: number;
	readonly selected: boolean;
}

export interface LogsView {
	readonly words?: PaneWords;
	readonly title: string;
	/** State of the stream in words: `live`, `reconnecting`, `no logs: driver none`, `stopped`. */
	readonly state: string;
	/** Exactly what fits in the pane, top first. */
	readonly rows: readonly LogRow[];
	readonly follow: boolean;
	/** Lines that came since the person paused. */
	readonly behind: number;
	readonly errorsPerMinute: number;
	readonly totals: { readonly lines: number; readonly errors: number; readonly skipped: number };
	readonly histogram: readonly { readonly at: number; readonly lines: number; readonly errors: number; readonly warnings: number }[];
	readonly search: string;
	readonly searching: boolean;
	readonly matches?: { readonly current: number; readonly total: number };
	readonly invert: boolean;
	readonly keepOnly: boolean;
	readonly minLevel?: LogLevel;
	readonly since: string;
	readonly wrap: boolean;
	readonly timestamps: boolean;
	readonly columns: boolean;
	readonly fold: boolean;
}

export interface HeaderView {
	readonly target: EngineTarget;
	readonly info?: EngineInfo;
	readonly liveness: Liveness;
	readonly counts: Readonly<Record<Severity, number>>;
	readonly readOnly: boolean;
	/** Epoch ms. */
	readonly now: number;
}

/** What stands above the panes and takes the keys. */
export type Dialog =
	| { readonly kind: 'help'; readonly scroll: number }
	| { readonly kind: 'palette'; readonly query: string; readonly items: readonly PaletteItem[]; readonly selected: number }
	| {
			readonly kind: 'menu';
			readonly title: string;
			readonly items: readonly MenuItem[];
			readonly selected: number;
			/** The container the menu was opened on: it stays that one, whatever the row does meanwhile. */
			readonly containerId: string;
	  }
	| Exclude<RunDialog, ConfirmStep>
	| ConfirmDialog;

export interface PaletteItem {
	readonly id: string;
	readonly title: string;
	readonly keys: string;
}

export interface MenuItem {
	readonly id: string;
	readonly title: string;
	readonly risk: 'read' | 'change' | 'destructive';
	/** Why it cannot be chosen now. */
	readonly disabled?: string;
}

/** Cancel has the focus when it opens. A destructive act wants the target's name typed. */
export interface ConfirmDialog {
	readonly kind: 'confirm';
	readonly title: string;
	readonly risk: 'change' | 'destructive';
	readonly host: string;
	readonly target: string;
	/** The exact act, such as `docker restart -t 10 web`. */
	readonly act: string;
	/** Lines of it above those that are shown, where not all fit. */
	readonly scroll?: number;
	/** What will be lost, in words. */
	readonly loss: string;
	/** What else is to be known, such as from which version to which. */
	readonly facts?: readonly ConfirmFact[];
	readonly focus: 'cancel' | 'confirm';
	/** What has been typed so far, for a destructive act. */
	readonly typed: string;
	/** What the answer is about: an act of the action menu on a container, or a step of the run. */
	readonly subject: { readonly kind: 'act'; readonly actId: string; readonly containerId: string } | ConfirmStep['subject'];
}

/** Everything a frame needs. Immutable: a part that did not change is the same object. */
export interface ConsoleView {
	readonly columns: number;
	readonly rows: number;
	readonly header: HeaderView;
	readonly services: ServicesView;
	readonly health: HealthView;
	readonly metrics: MetricsView;
	readonly logs: LogsView;
	readonly playbook: PlaybookView;
	/** A run is open or waits: its pane has a place of its own. */
	readonly playbookPresent: boolean;
	/** Its pane gets more room: a rollback is walked through. */
	readonly playbookRoomy?: boolean;
	/** Runs that are offered while none is open. */
	readonly playbookOffers?: number;
	readonly focus: Pane;
	readonly zoom?: Pane;
	readonly dialog?: Dialog;
	/** One line at the bottom for a while: what was done, or what failed. */
	readonly notice?: { readonly text: string; readonly tone: 'plain' | 'p0' | 'p1' | 'p2' };
}
