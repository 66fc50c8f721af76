import './utc.ts';
import type { LogLevel } from '../../src/domain/log.ts';
import type { Severity } from '../../src/domain/severity.ts';
import type { Sample } from '../../src/domain/signal.ts';
import { layout } from '../../src/console/layout.ts';
import type { ConsoleView, Dialog, HealthView, LogRow, LogsView, MetricsView, SeriesView, ServiceRow, ServicesView } from '../../src/console/view.ts';
import { paletteItems } from '../../src/console/palette.ts';
import { container, crashed, now } from './containers.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const MiB = 1024 * 1024;

/** Numbers that look measured and are the same in every run. */
const wobble = (seed: number, index: number): number => {
	const value = Math.sin(seed * 12.9898 + index * 78.233) * 43_758.5453;
	return value - Math.floor(value);
};

const service = (name: string, over: Partial<ServiceRow> = {}): ServiceRow => ({
	id: `shop/${name}`,
	name,
	group: 'shop',
	mark: 'ok',
	reason: 'healthy 3 d',
	replicas: { running: 1, total: 1 },
	cpuPercent: 2,
	memoryPercent: 21,
	memoryBytes: 54 * MiB,
	rxBytesPerSecond: 14_300,
	txBytesPerSecond: 52_100,
	errorsPerMinute: 0,
	restarts: 0,
	uptimeMs: 3 * day + 2 * hour,
	image: `registry.example.org/shop/${name}:1.8.2`,
	ports: '8080->8000',
	figuresStale: false,
	...over,
});

const without = (one: ServiceRow, ...keys: (keyof ServiceRow)[]): ServiceRow => {
	const copy: Partial<Record<keyof ServiceRow, unknown>> = { ...one };
	for (const key of keys) delete copy[key];
	// The keys taken away are optional ones.
	return copy as unknown as ServiceRow;
};

const healthyRows: readonly ServiceRow[] = [
	service('api', { replicas: { running: 3, total: 3 }, cpuPercent: 12.4, memoryPercent: 43, memoryBytes: 110 * MiB, errorsPerMinute: 0 }),
	service('gateway', { cpuPercent: 2.1, image: 'nginx:1.27-alpine', ports: '80, 443->8443' }),
	service('postgres', { cpuPercent: 1.2, memoryPercent: 34, memoryBytes: 348 * MiB, image: 'postgres:16.4', ports: '', reason: 'healthy 12 d', uptimeMs: 12 * day }),
	service('redis', { cpuPercent: 0.4, memoryPercent: 3, memoryBytes: 7.5 * MiB, image: 'redis:7', ports: '', reason: 'running 12 d, no health check', uptimeMs: 12 * day }),
	service('worker', { cpuPercent: 31, memoryPercent: 61, memoryBytes: 156 * MiB, ports: '' }),
	service('nightly-report', { group: 'batch', mark: '-', reason: 'stopped on purpose 2 h ago', replicas: { running: 0, total: 1 }, ports: '' }),
	service('mailer', { group: 'batch', cpuPercent: 0, memoryPercent: 9, errorsPerMinute: 0, ports: '' }),
];

const p0 = without(
	service('cloud-native-poc', {
		id: 'cloud-native-poc',
		severity: 'P0',
		mark: 'P0',
		reason: 'down 42 s: exited 137, killed for memory, 3rd time in 10 min',
		replicas: { running: 0, total: 1 },
		restarts: 3,
		errorsPerMinute: 14,
		image: 'cloud-native-poc:1.1.0',
	}),
	'cpuPercent',
	'memoryPercent',
	'memoryBytes',
	'uptimeMs',
	'rxBytesPerSecond',
	'txBytesPerSecond',
	'group',
);

const p2 = service('worker', { severity: 'P2', mark: 'P2', reason: 'database locked 12 s', cpuPercent: 31, memoryPercent: 61, errorsPerMinute: 3, ports: '' });

const servicesView = (rows: readonly ServiceRow[], over: Partial<ServicesView> = {}): ServicesView => ({
	rows,
	selected: rows.length === 0 ? -1 : 0,
	offset: 0,
	total: rows.length,
	troubled: rows.filter((one) => one.severity !== undefined).length,
	filter: '',
	filtering: false,
	orderHeld: false,
	...over,
});

const samples = (seed: number, base: number, swing: number, over: { readonly gapFrom?: number; readonly gapTo?: number; readonly rise?: number; readonly until?: number } = {}): readonly Sample[] =>
	Array.from({ length: 180 }, (_, index) => ({ at: now - (180 - index) * 5000, index }))
		.filter(({ at }) => !(over.gapFrom !== undefined && at > now - over.gapFrom && at < now - (over.gapTo ?? 0)) && at <= now - (over.until ?? 0))
		.map(({ at, index }) => ({ at, value: Math.max(0, base + swing * (wobble(seed, index) - 0.5) + ((over.rise ?? 0) * index) / 180) }));

const series = (name: string, title: string, unit: SeriesView['unit'], values: readonly Sample[], over: Partial<SeriesView> = {}): SeriesView => {
	const latest = values.at(-1)?.value;
	return { name, title, unit, samples: values, thresholds: [], stale: false, ...(latest === undefined ? {} : { latest }), ...over };
};

const metricsView = (over: Partial<MetricsView> = {}): MetricsView => ({
	title: 'api',
	windowMs: 15 * minute,
	selected: 0,
	source: 'cgroup files',
	series: [
		series('cpu.percent', 'cpu', 'percent', samples(1, 14, 12), { note: 'of 2 cores', max: 100, thresholds: [{ value: 80, severity: 'P3', title: 'cpu high' }] }),
		series('memory.percent', 'memory', 'percent', samples(2, 42, 3), { note: '110 MiB of 256 MiB', max: 100, thresholds: [{ value: 90, severity: 'P3', title: 'memory high' }] }),
		series('network.rxBytesPerSecond', 'net rx', 'bytes/s', samples(3, 15_000, 9000)),
		series('network.txBytesPerSecond', 'net tx', 'bytes/s', samples(4, 52_000, 12_000)),
		series('log.errors', 'errors', 'per-minute', samples(5, 0, 0), { thresholds: [{ value: 10, severity: 'P1', title: 'error rate' }] }),
		series('http.p95', 'p95', 'milliseconds', samples(6, 84, 30), { thresholds: [{ value: 1000, severity: 'P1', title: 'slow' }] }),
	],
	...over,
});

const crashedSeries: readonly SeriesView[] = [
	series('memory.percent', 'memory', 'percent', samples(2, 34, 4, { rise: 64, until: 42_000 }), { note: 'of 64 MiB', max: 100, stale: true, thresholds: [{ value: 90, severity: 'P3', title: 'memory high' }] }),
	series('cpu.percent', 'cpu', 'percent', samples(1, 24, 22, { gapFrom: 400_000, gapTo: 310_000, until: 42_000 }), { note: 'of 0.5 cores, throttled 64 %', max: 50, stale: true }),
	series('log.errors', 'errors', 'per-minute', samples(5, 6, 8, { rise: 4 }), { latest: 14, thresholds: [{ value: 10, severity: 'P1', title: 'error rate' }] }),
	series('network.rxBytesPerSecond', 'net rx', 'bytes/s', samples(3, 15_000, 9000, { until: 42_000 }), { stale: true }),
	series('http.p95', 'p95', 'milliseconds', [], {}),
];

const healthView = (over: Partial<HealthView> = {}): HealthView => ({
	container: container('api-1'),
	alerts: [],
	inconclusive: [],
	probes: [{ name: 'ready', ok: true, words: '200 in 12 ms', at: now - 4000 }],
	restarts: { count: 0, windowMinutes: 10 },
	replicas: [container('api-2', { startedAt: now - 3 * day }), container('api-3', { startedAt: now - 5 * hour })],
	scroll: 0,
	...over,
});

const crashedHealth: HealthView = healthView({
	container: crashed,
	alerts: [
		{ ruleId: 'container-down', serviceId: 'cloud-native-poc', severity: 'P0', state: 'firing', since: now - 42_000, reason: 'exited 137, killed for memory, 3rd time in 10 min' },
		{ ruleId: 'error-rate', serviceId: 'cloud-native-poc', severity: 'P1', state: 'pending', since: now - 20_000, reason: '14 errors/min' },
	],
	inconclusive: [{ ruleId: 'latency-p95', serviceId: 'cloud-native-poc', why: 'no sample of http.p95 for 42 s' }],
	probes: [{ name: 'ready', ok: false, words: 'connection refused', at: now - 3000 }],
	restarts: { count: 3, windowMinutes: 10 },
	replicas: [],
});

const log = (index: number, level: LogLevel, text: string, over: Partial<LogRow> = {}): LogRow => ({
	key: `k${index}`,
	kind: 'entry',
	at: now - (60 - index) * 700,
	level,
	spans: [{ text, role: 'plain' }],
	count: 1,
	selected: false,
	...over,
});

const calm: readonly string[] = [
	'GET /api/items 200 11 ms',
	'GET /health 200 1 ms',
	'POST /api/items 201 24 ms id=8812',
	'GET /api/items/8812 200 4 ms',
	'cache refreshed, 214 entries in 38 ms',
	'GET /metrics 200 2 ms',
];

const trouble: readonly (readonly [LogLevel, string])[] = [
	['info', 'GET /api/items 200 11 ms'],
	['warn', 'heap at 91 % of 64 MiB'],
	['error', 'cannot allocate 4096 bytes'],
	['error', 'worker 3 exited: Error: ENOMEM: not enough memory, scandir /data/uploads/2026/03/14 while serving request 7f3a91 for tenant acme'],
	['warn', 'request 7f3a91 retried, attempt 2 of 3'],
	['info', 'GET /health 503 900 ms'],
	['fatal', 'out of memory: 日本語のログ行 and an accent é, café'],
];

const logRows = (amount: number, troubled: boolean): readonly LogRow[] =>
	Array.from({ length: amount }, (_, index) => {
		const at = now - (amount - index) * 700;
		if (!troubled) return log(index, index % 11 === 7 ? 'debug' : 'info', calm[index % calm.length] ?? '', { at });
		const [level, text] = trouble[index % trouble.length] ?? ['info', ''];
		if (index === amount - 6) return { key: `m${index}`, kind: 'marker', spans: [{ text: '4,096 lines skipped', role: 'muted' }], count: 1, selected: false };
		if (index % 7 === 4) return log(index, 'error', '    at Worker.run (/app/worker.js:88:13)', { at, kind: 'continuation' });
		return log(index, level, text, { at, count: index % 9 === 3 ? 14 : 1 });
	});

const histogram = (troubled: boolean): LogsView['histogram'] =>
	Array.from({ length: 60 }, (_, index) => ({
		at: now - (60 - index) * 15_000,
		lines: index === 20 || index === 21 ? 0 : Math.round(20 + 60 * wobble(9, index)),
		errors: troubled && index > 48 ? Math.round(14 * wobble(10, index)) + 1 : 0,
		warnings: index % 13 === 5 ? 2 : 0,
	}));

const logsView = (rows: readonly LogRow[], over: Partial<LogsView> = {}): LogsView => ({
	title: 'api',
	state: 'live',
	rows,
	follow: true,
	behind: 0,
	errorsPerMinute: 0,
	totals: { lines: 18_204, errors: 0, skipped: 0 },
	histogram: histogram(false),
	search: '',
	searching: false,
	invert: false,
	keepOnly: false,
	since: 'tail',
	wrap: false,
	timestamps: true,
	columns: false,
	fold: true,
	...over,
});

const counts = (rows: readonly ServiceRow[]): Record<Severity, number> => {
	const out: Record<Severity, number> = { P0: 0, P1: 0, P2: 0, P3: 0 };
	for (const one of rows) if (one.severity !== undefined) out[one.severity] += 1;
	return out;
};

export interface Size {
	readonly columns: number;
	readonly rows: number;
}

const target = { name: 'prod-1', kind: 'docker', address: 'ssh://ops@prod-1', origin: 'DOCKER_HOST' } as const;

const header = (rows: readonly ServiceRow[], over: Partial<ConsoleView['header']> = {}): ConsoleView['header'] => ({
	target,
	info: {
		target,
		product: 'Docker Engine',
		version: '28.2.1',
		apiVersion: '1.50',
		hostName: 'prod-1.example.org',
		cpus: 8,
		memoryBytes: 32 * 1024 * MiB,
		cgroup: 'v2',
		os: 'Debian GNU/Linux 13',
		swarm: false,
		clockSkewMs: 3,
	},
	liveness: { kind: 'live' },
	counts: counts(rows),
	readOnly: false,
	now,
	...over,
});

/** How many log rows the logs pane shows at this size. */
const fitting = (size: Size, over: Partial<ConsoleView>): number => {
	const arranged = layout(size.columns, size.rows, over.focus ?? 'services', { ...(over.zoom === undefined ? {} : { zoom: over.zoom }), playbook: over.playbookPresent ?? false, roomy: over.playbookRoomy ?? false, offers: over.playbookOffers ?? 0 });
	return arranged.kind === 'panes' ? arranged.logRows : 0;
};

/** Everything well, nothing selected but the first row. */
export const healthy = (size: Size, over: Partial<ConsoleView> = {}): ConsoleView => ({
	...size,
	header: header(healthyRows),
	services: servicesView(healthyRows),
	health: healthView(),
	metrics: metricsView(),
	logs: logsView(logRows(fitting(size, over), false)),
	playbook: { unfinished: [], words: { kind: 'empty', text: 'no playbook runs', advice: 'p lists those that fit the selected service' } },
	playbookPresent: false,
	focus: 'services',
	...over,
});

/** One service down, another in trouble. */
export const incident = (size: Size, over: Partial<ConsoleView> = {}): ConsoleView => {
	const rows = [p0, p2, ...healthyRows.filter((one) => one.name !== 'worker')];
	return healthy(size, {
		header: header(rows),
		services: servicesView(rows),
		health: crashedHealth,
		metrics: metricsView({ title: 'cloud-native-poc', series: crashedSeries }),
		logs: logsView(logRows(fitting(size, over), true), {
			title: 'cloud-native-poc',
			errorsPerMinute: 14,
			totals: { lines: 18_204, errors: 411, skipped: 4096 },
			histogram: histogram(true),
			since: '15m',
		}),
		...over,
	});
};

const manyRows: readonly ServiceRow[] = Array.from({ length: 40 }, (_, index) => {
	const team = ['payments', 'catalog', 'identity', 'search'][index % 4] ?? 'shop';
	const part = ['api', 'worker', 'db', 'cache', 'proxy'][Math.floor(index / 4) % 5] ?? 'api';
	const severity: Severity | undefined = index < 4 ? (['P0', 'P1', 'P2', 'P3'] as const)[index] : undefined;
	const reason = ['down 4 min: exited 1, 6th time in 10 min', '8 % of requests fail, 210 errors/min', 'disk 91 % of 40 GiB, full in 2 h', 'memory 93 % of 512 MiB'][index];
	return service(`${team}-${part}-${index + 1}`, {
		group: team,
		...(severity === undefined || reason === undefined ? {} : { severity, mark: severity, reason, errorsPerMinute: 210 - index * 70 }),
		cpuPercent: Math.round(wobble(3, index) * 400) / 10,
		memoryPercent: Math.round(wobble(4, index) * 90),
		ports: index % 3 === 0 ? `${8000 + index}->8000` : '',
	});
});

/** 40 services, a filter being typed, scrolled to the middle. */
export const many = (size: Size, over: Partial<ConsoleView> = {}): ConsoleView => {
	const rows = manyRows.filter((one) => one.name.includes('a'));
	const arranged = layout(size.columns, size.rows, 'services');
	const room = arranged.kind === 'panes' ? arranged.serviceRows : 1;
	return healthy(size, {
		header: header(manyRows),
		services: servicesView(rows, { total: 40, filter: 'a', filtering: true, selected: Math.min(rows.length - 1, room), offset: 1 }),
		...over,
	});
};

export const allForty = (size: Size): ConsoleView => healthy(size, { header: header(manyRows), services: servicesView(manyRows, { orderHeld: true }) });

const noService = { kind: 'empty', text: 'No service is selected.' } as const;

const blank = (size: Size, over: Partial<ConsoleView>): ConsoleView => ({
	...healthy(size),
	header: header([]),
	services: servicesView([]),
	health: { words: noService, alerts: [], inconclusive: [], probes: [], restarts: { count: 0, windowMinutes: 10 }, replicas: [], scroll: 0 },
	metrics: { ...metricsView(), title: '', series: [], words: noService },
	logs: logsView([], { title: '', state: 'no service', words: noService, totals: { lines: 0, errors: 0, skipped: 0 } }),
	...over,
});

/** An engine without containers. */
export const emptyEngine = (size: Size): ConsoleView =>
	blank(size, { services: servicesView([], { words: { kind: 'empty', text: 'No containers on prod-1 (ssh://ops@prod-1).', advice: 'Start one, or choose another engine: sitrep --host or --context.' } }) });

export const connecting = (size: Size): ConsoleView => {
	const { info: _unknown, ...rest } = header([]);
	const words = { kind: 'loading', text: 'Connecting to ssh://ops@prod-1 (from DOCKER_HOST).' } as const;
	return blank(size, { header: { ...rest, liveness: { kind: 'connecting' } }, services: servicesView([], { words }) });
};

/** The engine's stream broke; what is shown is 12 s old. */
export const reconnecting = (size: Size): ConsoleView => {
	const rows = healthyRows.map((one): ServiceRow => ({ ...one, mark: '?', figuresStale: true, reason: `unknown: ${one.reason} 12 s ago` }));
	return healthy(size, {
		header: header(rows, { liveness: { kind: 'reconnecting', at: now + 3000, why: 'connection reset by prod-1' } }),
		services: servicesView(rows),
		metrics: metricsView({ series: metricsView().series.map((one) => ({ ...one, stale: true })) }),
		logs: logsView(logRows(fitting(size, {}), false), { state: 'reconnecting' }),
	});
};

export const stale = (size: Size): ConsoleView => ({
	...reconnecting(size),
	header: header(healthyRows, { liveness: { kind: 'stale', since: now - 12_000, why: 'no answer to ping' } }),
});

export const noEngine = (size: Size): ConsoleView => {
	const { info: _unknown, ...rest } = header([]);
	const why = 'No engine at unix:///var/run/docker.sock: permission denied.';
	return blank(size, {
		header: { ...rest, target: { name: 'local', kind: 'docker', address: 'unix:///var/run/docker.sock', origin: 'default' }, liveness: { kind: 'failed', why, advice: 'Add yourself to the docker group: sudo usermod -aG docker $USER, then log in again.' } },
		services: servicesView([], { words: { kind: 'error', text: why, advice: 'Add yourself to the docker group: sudo usermod -aG docker $USER, then log in again.' } }),
	});
};

const withDialog = (size: Size, dialog: Dialog): ConsoleView => incident(size, { dialog });

export const help = (size: Size): ConsoleView => withDialog(size, { kind: 'help', scroll: 0 });

export const palette = (size: Size): ConsoleView =>
	withDialog(size, { kind: 'palette', query: 'err', selected: 1, items: paletteItems('err', [{ id: 'go:worker', title: 'go to worker', keys: '' }]) });

export const menu = (size: Size): ConsoleView =>
	withDialog(size, {
		kind: 'menu',
		title: 'Act on cloud-native-poc',
		containerId: crashed.id,
		selected: 1,
		items: [
			{ id: 'start', title: 'start', risk: 'change' },
			{ id: 'restart', title: 'restart', risk: 'change' },
			{ id: 'pause', title: 'pause', risk: 'change', disabled: 'it is not running' },
			{ id: 'kill', title: 'kill (SIGKILL)', risk: 'destructive' },
			{ id: 'inspect', title: 'inspect', risk: 'read' },
		],
	});

export const confirmChange = (size: Size): ConsoleView =>
	withDialog(size, {
		kind: 'confirm',
		title: 'Restart cloud-native-poc?',
		risk: 'change',
		host: 'prod-1 (ssh://ops@prod-1)',
		target: 'cloud-native-poc',
		act: 'docker restart -t 10 cloud-native-poc',
		loss: 'Requests in flight fail for about 2 s; data on volumes stays.',
		focus: 'cancel',
		typed: '',
		subject: { kind: 'act', actId: 'restart', containerId: crashed.id },
	});

export const confirmDestructive = (size: Size): ConsoleView =>
	withDialog(size, {
		kind: 'confirm',
		title: 'Kill (SIGKILL) cloud-native-poc?',
		risk: 'destructive',
		host: 'prod-1 (ssh://ops@prod-1)',
		target: 'cloud-native-poc',
		act: 'docker kill -s SIGKILL cloud-native-poc',
		loss: 'The process gets no chance to finish: writes not yet on disk are lost, and its requests fail.',
		focus: 'cancel',
		typed: 'cloud-na',
		subject: { kind: 'act', actId: 'kill', containerId: crashed.id },
	});

export const metricsZoomed = (size: Size): ConsoleView => {
	const view = incident(size, { focus: 'metrics', zoom: 'metrics' });
	return { ...view, metrics: { ...view.metrics, series: [...crashedSeries.slice(0, 3), ...metricsView().series.slice(1, 4)] } };
};

export const healthZoomed = (size: Size): ConsoleView => incident(size, { focus: 'health', zoom: 'health' });

export const logsSearch = (size: Size): ConsoleView => {
	const view = incident(size, { focus: 'logs', zoom: 'logs' });
	const rows = view.logs.rows.map((one, index): LogRow => {
		const text = one.spans.map((span) => span.text).join('');
		const at = text.indexOf('worker');
		const selected = index === 5;
		return {
			...one,
			source: index % 2 === 0 ? 'api-1' : 'cloud-native-poc',
			selected,
			spans: at === -1 ? one.spans : [{ text: text.slice(0, at), role: 'plain' }, { text: 'worker', role: 'match' }, { text: text.slice(at + 6), role: 'plain' }],
		};
	});
	return { ...view, logs: { ...view.logs, rows, search: 'worker', matches: { current: 3, total: 17 }, follow: false, behind: 0 } };
};

export const logsPaused = (size: Size): ConsoleView => {
	const view = incident(size, { focus: 'logs' });
	return { ...view, logs: { ...view.logs, follow: false, behind: 312, searching: true, search: 'alloc' }, notice: { text: 'Saved 1,204 lines to /home/ops/cloud-native-poc-0314.log', tone: 'plain' } };
};
