import type { Clock } from '../domain/clock.ts';
import type { Engine } from '../domain/engine.ts';
import { type Severity, severities } from '../domain/severity.ts';
import type { ServiceStatus } from '../domain/situation.ts';
import { isAside, ownerOf } from './asideOwner.ts';
import { layout, type PaneBox } from './layout.ts';
import type { Live } from './live.ts';
import type { LogsPane } from './logsPane.ts';
import { shownOrder, wantedOrder } from './order.ts';
import type { Scene } from './reduce/scene.ts';
import type { RunDesk } from './run/desk.ts';
import { healthView, worstContainer } from './select/health.ts';
import { metricsView, type Threshold } from './select/metrics.ts';
import { serviceRow } from './select/serviceRow.ts';
import { passes, servicesView } from './select/services.ts';
import { readingMs, type UiState } from './ui.ts';
import type { ConsoleView, ServiceRow } from './view.ts';

/** What a frame is built from. */
export interface FrameInput {
	readonly ui: UiState;
	/** The order of the last frame; rows keep it while the person reads. */
	readonly order: readonly string[];
	readonly live: Live;
	readonly logs: LogsPane;
	readonly desk: RunDesk;
	readonly clock: Clock;
	readonly engine: Engine;
	readonly readOnly: boolean;
	readonly thresholds: (serviceId: string) => readonly Threshold[];
	readonly notice: ConsoleView['notice'];
	/** How far what scrolls by lines can scroll: only who draws it knows. */
	readonly extents: (view: ConsoleView, healthBox: PaneBox | undefined) => { readonly health: number; readonly dialog: number };
}

/** A frame, what reducers must know of it, and the order its rows stand in. */
export interface Frame {
	readonly view: ConsoleView;
	readonly scene: Scene;
	readonly order: readonly string[];
}

const countBySeverity = (statuses: readonly ServiceStatus[]): Record<Severity, number> => {
	const counts: Record<Severity, number> = { P0: 0, P1: 0, P2: 0, P3: 0 };
	for (const status of statuses) if (status.severity !== undefined) counts[status.severity]++;
	return counts;
};

/** Builds a frame of what is live and what the person did, and tells the readers what is looked at now. */
export const buildFrame = (input: FrameInput): Frame => {
	const { ui, live, logs, clock, engine } = input;
	const now = clock.now();
	const place = layout(ui.columns, ui.rows, ui.focus, { ...(ui.zoom === undefined ? {} : { zoom: ui.zoom }), playbook: input.desk.present, roomy: input.desk.roomy, offers: input.desk.offered });
	const box = place.kind === 'panes' ? place : undefined;
	const serviceRows = box?.serviceRows ?? 0;
	const statuses = live.statuses;
	const byId = new Map(statuses.map((status) => [status.service.id, status]));
	const reading = clock.monotonic() - ui.movedAt < readingMs || ui.dialog !== undefined;
	const { order, held } = shownOrder(input.order, wantedOrder(statuses), reading);
	const { liveness, listed, info } = live.inventory;
	const rows: ServiceRow[] = [];
	for (const id of order) {
		const status = byId.get(id);
		if (status === undefined) continue;
		const row = serviceRow(status, now, liveness.kind === 'live');
		if (passes(row, ui.filter)) rows.push(row);
	}
	const counts = countBySeverity(statuses);
	// In the middle of a move its service may be gone for a moment: what it put aside does not take its place.
	const selectedId = rows.some((row) => row.id === ui.chosen) ? ui.chosen : (rows.find((row) => !isAside(row.id)) ?? rows[0])?.id;
	const services = servicesView({
		rows,
		selectedId,
		offset: ui.servicesOffset,
		visible: Math.max(1, serviceRows),
		filter: ui.filter,
		filtering: ui.filterPrompt !== undefined,
		orderHeld: held,
		liveness,
		listed,
		total: statuses.length,
		troubled: severities.reduce((sum, severity) => sum + counts[severity], 0),
	});
	live.attend({
		visible: rows.slice(services.offset, services.offset + serviceRows).map((row) => row.id),
		...(selectedId === undefined ? {} : { selected: selectedId }),
	});
	const status = selectedId === undefined ? undefined : byId.get(selectedId);
	const metrics = metricsView(status, selectedId === undefined ? undefined : live.signalsOf(selectedId), {
		now,
		windowMs: ui.windowMs,
		selected: ui.metric,
		source: live.figuresSource,
		thresholds: selectedId === undefined ? [] : input.thresholds(selectedId),
	});
	const host = info === undefined ? engine.target.name : `${engine.target.name} (${info.hostName})`;
	const playbookBox = box?.panes.find((each) => each.pane === 'playbook');
	const run = input.desk.scene(ui.runStep, Math.max(1, (playbookBox?.height ?? 2) - 1));
	logs.show(status?.service);
	const containers = status?.service.containers ?? [];
	const view: ConsoleView = {
		columns: ui.columns,
		rows: ui.rows,
		header: { target: engine.target, ...(info === undefined ? {} : { info }), liveness, counts, readOnly: input.readOnly, now },
		services,
		health: healthView(status, ui.healthScroll),
		metrics,
		logs: logs.view({ rows: box?.logRows ?? 0, columns: box?.logColumns ?? 80 }),
		playbook: input.desk.view(run, host),
		playbookPresent: input.desk.present,
		playbookRoomy: input.desk.roomy,
		playbookOffers: input.desk.offered,
		focus: ui.focus,
		...(ui.zoom === undefined ? {} : { zoom: ui.zoom }),
		...(ui.dialog === undefined ? {} : { dialog: ui.dialog }),
		...(input.notice === undefined ? {} : { notice: input.notice }),
	};
	const healthBox = box?.panes.find((each) => each.pane === 'health');
	const extents = input.extents(view, healthBox);
	return {
		view,
		order,
		scene: {
			now: clock.monotonic(),
			order: rows.map((row) => row.id),
			selectedId,
			serviceRows: Math.max(1, serviceRows),
			healthRows: healthBox?.height ?? 1,
			healthMost: extents.health,
			dialogMost: extents.dialog,
			seriesCount: metrics.series.length,
			container: worstContainer(containers),
			containers,
			readOnly: input.readOnly,
			host,
			get offers() {
				return input.desk.offers(status);
			},
			offer: (id) => input.desk.offer(id, status),
			rollbacks: (id) => input.desk.rollbacks(ownerOf(byId.get(id), byId)),
			run,
		},
	};
};
