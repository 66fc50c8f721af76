import type { Pane } from './panes.ts';

/** Where one pane stands. Cells, from the top left corner; the first of its rows is its title line. */
export interface PaneBox {
	readonly pane: Pane;
	readonly left: number;
	readonly top: number;
	readonly width: number;
	readonly height: number;
}

/** A column of cells between two panes that stand side by side. */
interface Divider {
	readonly left: number;
	readonly top: number;
	readonly height: number;
}

export interface PanesLayout {
	readonly kind: 'panes';
	readonly columns: number;
	readonly rows: number;
	/** The panes that are drawn, in reading order. Without zoom the focused one is always among them. */
	readonly panes: readonly PaneBox[];
	readonly dividers: readonly Divider[];
	/** Row of the notice; absent where there is no room, and it takes the place of the key hints. */
	readonly noticeRow?: number;
	/** Rows of services that fit under the title; 0 where the pane is not drawn. */
	readonly serviceRows: number;
	/** Rows of the log that fit under the title and the histogram; 0 where the pane is not drawn. */
	readonly logRows: number;
	/** Rows of the histogram over the log. */
	readonly histogramRows: number;
	/** Bars that the histogram has room for; more are joined by the screen. */
	readonly histogramColumns: number;
	/** Width of the logs pane; the text has less, see `logTextColumns`. */
	readonly logColumns: number;
	readonly zoomed: boolean;
}

export type Layout = PanesLayout | { readonly kind: 'too-small'; readonly columns: number; readonly rows: number; readonly words: string };

/** The smallest window that shows anything. */
export const smallest = { columns: 60, rows: 16 } as const;

/** From here on the notice has a line of its own. */
const noticeFromRows = 30;
/** From here on the panes stand in two columns: services over logs, health over metrics. */
const twoColumnsFrom = { columns: 160, rows: 30 } as const;
/** Below this only one of health, metrics and logs is drawn under the services. */
const allPanesFromRows = 22;
/** From so many rows between the header and the bottom on a playbook leaves room for every other pane. */
const allBesidePlaybookFrom = 33;
/** Below this health and metrics do not stand side by side; the focused one is drawn. */
const sideBySideFromColumns = 76;

/** Offered runs that have a line of their own while none is open. */
export const mostOffers = 2;

/** Cells beside the bars of the histogram: the times at both ends and the highest count. */
export const histogramLabels = 29;

const clamp = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most);

interface Body {
	readonly top: number;
	readonly columns: number;
	readonly height: number;
}

interface Arranged {
	readonly panes: readonly PaneBox[];
	readonly dividers: readonly Divider[];
}

const twoColumns = ({ top, columns, height }: Body, playbook: boolean, roomy: boolean): Arranged => {
	const left = Math.round(columns * (playbook ? 0.5 : 0.6)) - 1;
	const right = columns - left - 1;
	const upper = Math.round(height * 0.44);
	const lower = height - upper;
	if (playbook) {
		// The playbook stands beside the log; health and metrics share what is left above it.
		const facts = roomy ? Math.max(8, Math.floor(height * 0.3)) : Math.floor(height * 0.45);
		const health = Math.floor(facts / 2);
		return {
			panes: [
				{ pane: 'services', left: 0, top, width: left, height: upper },
				{ pane: 'health', left: left + 1, top, width: right, height: health },
				{ pane: 'metrics', left: left + 1, top: top + health, width: right, height: facts - health },
				{ pane: 'logs', left: 0, top: top + upper, width: left, height: lower },
				{ pane: 'playbook', left: left + 1, top: top + facts, width: right, height: height - facts },
			],
			dividers: [{ left, top, height }],
		};
	}
	return {
		panes: [
			{ pane: 'services', left: 0, top, width: left, height: upper },
			{ pane: 'health', left: left + 1, top, width: right, height: upper },
			{ pane: 'logs', left: 0, top: top + upper, width: left, height: lower },
			{ pane: 'metrics', left: left + 1, top: top + upper, width: right, height: lower },
		],
		dividers: [{ left, top, height }],
	};
};

/** All panes over each other, where there are rows enough: services, health beside metrics, the log, and the playbook below. */
const allWithPlaybook = ({ top, columns, height }: Body, roomy: boolean): Arranged => {
	const services = clamp(Math.round(height * (roomy ? 0.16 : 0.2)), 6, 12);
	const facts = clamp(Math.round(height * 0.14), 5, 10);
	const playbook = clamp(Math.round(height * (roomy ? 0.53 : 0.42)), 12, 40);
	const half = Math.floor(columns / 2);
	const factsTop = top + services;
	const logs = height - services - facts - playbook;
	return {
		panes: [
			{ pane: 'services', left: 0, top, width: columns, height: services },
			{ pane: 'health', left: 0, top: factsTop, width: half, height: facts },
			{ pane: 'metrics', left: half + 1, top: factsTop, width: columns - half - 1, height: facts },
			{ pane: 'logs', left: 0, top: factsTop + facts, width: columns, height: logs },
			{ pane: 'playbook', left: 0, top: factsTop + facts + logs, width: columns, height: playbook },
		],
		dividers: [{ left: half, top: factsTop, height: facts }],
	};
};

/** Services, the pane that is looked at (the log unless another has the focus), and the playbook below: half of the rows for it where it is roomy. */
const withPlaybook = ({ top, columns, height }: Body, focus: Pane, roomy: boolean): Arranged => {
	if (height >= allBesidePlaybookFrom && columns >= sideBySideFromColumns) return allWithPlaybook({ top, columns, height }, roomy);
	const services = clamp(Math.round(height * (roomy ? 0.2 : 0.28)), 4, 14);
	const playbook = roomy ? clamp(Math.round(height * 0.55), 9, 40) : clamp(Math.round(height * 0.46), 7, 26);
	const middle = height - services - playbook;
	const other: Pane = focus === 'health' || focus === 'metrics' ? focus : 'logs';
	return {
		panes: [
			{ pane: 'services', left: 0, top, width: columns, height: services },
			...(middle < 3 ? [] : [{ pane: other, left: 0, top: top + services, width: columns, height: middle }]),
			{ pane: 'playbook', left: 0, top: top + services + Math.max(0, middle < 3 ? 0 : middle), width: columns, height: middle < 3 ? height - services : playbook },
		],
		dividers: [],
	};
};

const stacked = ({ top, columns, height }: Body, focus: Pane): Arranged => {
	const middle = clamp(Math.round(height * 0.24), 5, 14);
	const services = clamp(Math.round(height * 0.36), 6, 24);
	const middleTop = top + services;
	const logs: PaneBox = { pane: 'logs', left: 0, top: middleTop + middle, width: columns, height: height - services - middle };
	const first: PaneBox = { pane: 'services', left: 0, top, width: columns, height: services };
	if (columns < sideBySideFromColumns) {
		const pane: Pane = focus === 'metrics' ? 'metrics' : 'health';
		return { panes: [first, { pane, left: 0, top: middleTop, width: columns, height: middle }, logs], dividers: [] };
	}
	const half = Math.floor(columns / 2);
	return {
		panes: [
			first,
			{ pane: 'health', left: 0, top: middleTop, width: half, height: middle },
			{ pane: 'metrics', left: half + 1, top: middleTop, width: columns - half - 1, height: middle },
			logs,
		],
		dividers: [{ left: half, top: middleTop, height: middle }],
	};
};

const twoPanes = ({ top, columns, height }: Body, focus: Pane): Arranged => {
	const services = clamp(Math.round(height * 0.45), 6, 9);
	const other: Pane = focus === 'services' ? 'logs' : focus;
	return {
		panes: [
			{ pane: 'services', left: 0, top, width: columns, height: services },
			{ pane: other, left: 0, top: top + services, width: columns, height: height - services },
		],
		dividers: [],
	};
};

const arrange = (body: Body, rows: number, focus: Pane, zoom: Pane | undefined, playbook: boolean, roomy: boolean): Arranged => {
	if (zoom !== undefined) {
		return { panes: [{ pane: zoom, left: 0, top: body.top, width: body.columns, height: body.height }], dividers: [] };
	}
	if (body.columns >= twoColumnsFrom.columns && rows >= twoColumnsFrom.rows) return twoColumns(body, playbook, roomy);
	if (playbook && rows >= allPanesFromRows) return withPlaybook(body, focus, roomy);
	if (playbook) return twoPanes(body, focus === 'services' ? 'playbook' : focus);
	return rows >= allPanesFromRows ? stacked(body, focus) : twoPanes(body, focus);
};

/** Rows of a playbook pane that only offers runs: its title, and a line for each of the first ones. */
const offerRows = (offers: number): number => (offers === 0 ? 0 : 1 + Math.min(offers, mostOffers));

/** Rows for the histogram in a logs pane with so many rows under its title. */
const histogramRowsFor = (bodyRows: number, zoomed: boolean): number => {
	if (bodyRows < 7) return 0;
	return zoomed && bodyRows >= 20 ? 3 : 1;
};

/**
 * Where everything stands in a window of so many cells. Pure; the focus matters only in small windows, where not
 * all panes fit, so that nothing moves when the focus does.
 * @param options.playbook a run is open; roomy: its pane gets more room
 * @param options.offers so many runs are offered while none is open: a line each, for everything else is worth more than they are
 */
export const layout = (
	columns: number,
	rows: number,
	focus: Pane,
	options: { readonly zoom?: Pane; readonly playbook?: boolean; readonly roomy?: boolean; readonly offers?: number } = {},
): Layout => {
	const { zoom } = options;
	if (columns < smallest.columns || rows < smallest.rows) {
		const words = `sitrep needs ${smallest.columns}x${smallest.rows}, this is ${columns}x${rows}: enlarge the window`;
		return { kind: 'too-small', columns, rows, words };
	}
	const ownNotice = rows >= noticeFromRows;
	const height = rows - 2 - (ownNotice ? 1 : 0);
	const playbook = focus === 'playbook' || options.playbook === true;
	const offered = playbook || zoom !== undefined ? 0 : offerRows(options.offers ?? 0);
	const over = arrange({ top: 1, columns, height: height - offered }, rows, focus, zoom, playbook, options.roomy === true);
	const arranged = offered === 0 ? over : { ...over, panes: [...over.panes, { pane: 'playbook' as const, left: 0, top: 1 + height - offered, width: columns, height: offered }] };
	const services = arranged.panes.find((box) => box.pane === 'services');
	const logs = arranged.panes.find((box) => box.pane === 'logs');
	const histogramRows = logs === undefined ? 0 : histogramRowsFor(logs.height - 1, zoom !== undefined);
	return {
		kind: 'panes',
		columns,
		rows,
		...arranged,
		...(ownNotice ? { noticeRow: rows - 2 } : {}),
		serviceRows: services === undefined ? 0 : services.height - 1,
		logRows: logs === undefined ? 0 : logs.height - 1 - histogramRows,
		histogramRows,
		histogramColumns: logs === undefined ? 0 : Math.max(1, logs.width - histogramLabels),
		logColumns: logs?.width ?? 0,
		zoomed: zoom !== undefined,
	};
};

/** Widths of what stands before the text of a log row, in cells, each with the space after it. */
export interface LogPrefix {
	readonly time: number;
	readonly level: number;
	readonly source: number;
}

/** Milliseconds are shown from this width on. */
const fullTimeFrom = 140;

/**
 * What stands before the text of a log row in a pane of this width.
 * @param shown timestamps: whether times are on; merged: whether several containers are merged, so that the source is named
 */
export const logPrefix = (width: number, shown: { readonly timestamps: boolean; readonly merged: boolean }): LogPrefix => ({
	time: shown.timestamps ? (width >= fullTimeFrom ? 13 : 9) : 0,
	level: 6,
	source: shown.merged ? (width >= 120 ? 21 : 13) : 0,
});

/** Cells left for the text of a log row, where the store wraps it. One cell at the left marks the selected row. */
export const logTextColumns = (width: number, shown: { readonly timestamps: boolean; readonly merged: boolean }): number => {
	const prefix = logPrefix(width, shown);
	return Math.max(10, width - 1 - prefix.time - prefix.level - prefix.source);
};
