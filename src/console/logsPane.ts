import type { Clock } from '../domain/clock.ts';
import type { LogLevel } from '../domain/log.ts';
import type { Service } from '../domain/service.ts';
import type { LogEntry, Page, Position } from '../observe/logs/entry.ts';
import type { LogRing } from '../observe/logs/ring.ts';
import { exportLines } from '../observe/logs/export.ts';
import { compileSearch } from '../observe/logs/search.ts';
import type { LogSettings } from '../observe/logs/settings.ts';
import { type Found, LogView } from '../observe/logs/view.ts';
import type { Action, Since } from './actions.ts';
import { logTextColumns } from './layout.ts';
import { costOf, type RowOptions, rowsOf } from './logs/rows.ts';
import { edited } from './reduce/text.ts';
import type { LogRow, LogsView, PaneWords } from './view.ts';

/** Where the pane gets its lines from. */
export interface LogRings {
	/** The ring of a container; `undefined` where its log is not followed. */
	ring(containerId: string): LogRing | undefined;
	/** State of a container's log in words: `live`, `no logs: driver none`. */
	state(containerId: string): string;
	/** Reads a log again from so many lines back; its ring is another one then. */
	readAgain(containerId: string, lines: number): void;
	/** Said where not all logs can be followed: `12 of 112 logs not followed`. */
	words(): string | undefined;
	/** Calls whenever lines came or a state changed. */
	onChange(listener: () => void): () => void;
	/** Epoch ms by the engine's clock. */
	engineNow(): number;
}

const sinceMs: Readonly<Record<Since, number | undefined>> = {
	tail: undefined,
	head: undefined,
	'1m': 60_000,
	'5m': 300_000,
	'15m': 900_000,
	'30m': 1_800_000,
	'1h': 3_600_000,
};

type PaneSettings = Omit<LogSettings, 'sinceMs'>;

/** The least levels that one key goes through. */
const minLevels: readonly (LogLevel | undefined)[] = [undefined, 'info', 'warn', 'error'];
/** Times that a search may go on where it did not reach an end within its time. */
const searchTries = 4;
/** Buckets of the histogram; the pane draws as many of them as it has cells. */
const histogramBuckets = 120;
/** Lines read where more of the past is asked for than the follower began with. A ring of 4 MiB holds about as many. */
const deepLines = 50_000;
const histogramMs = 15 * 60_000;

/**
 * The logs pane: which service's logs, where in them the person is, and how they are shown.
 * Following, the page ends with the newest line; paused, it stays where it is whatever comes in.
 */
export class LogsPane {
	readonly #rings: LogRings;
	readonly #clock: Clock;
	#service: Service | undefined;
	/** Containers whose logs were read further back. */
	readonly #deep = new Set<string>();
	#view: LogView | undefined;
	#merged = false;
	#follow = true;
	/** First row of the page while paused. */
	#top: Position | undefined;
	#cursor: Position | undefined;
	#since: Since = 'tail';
	#wrap = false;
	#timestamps = true;
	#prompt: { readonly before: string } | undefined;
	#settings: PaneSettings = { search: '', invert: false, keepOnly: false, minLevel: undefined, fold: false, columns: true };
	#page: Page | undefined;
	#size = { rows: 1, columns: 80 };
	#note: string | undefined;

	constructor(rings: LogRings, clock: Clock) {
		this.#rings = rings;
		this.#clock = clock;
	}

	/** True while a search is typed. */
	get searching(): boolean {
		return this.#prompt !== undefined;
	}

	onChange(listener: () => void): () => void {
		return this.#rings.onChange(listener);
	}

	/** Shows the logs of a service; its containers' lines are merged in time order. */
	show(service: Service | undefined): void {
		const other = service?.id !== this.#service?.id;
		this.#service = service;
		if (other) this.#since = 'tail';
		const rings = (service?.containers ?? []).flatMap((container) => this.#rings.ring(container.id) ?? []);
		const shown = this.#view?.rings ?? [];
		if (!other && rings.length === shown.length && rings.every((ring, index) => ring === shown[index])) return;
		this.#view = rings.length === 0 ? undefined : new LogView({ rings, now: () => this.#clock.monotonic(), settings: this.#logSettings() });
		this.#merged = rings.length > 1;
		this.#page = undefined;
		// Places belong to a view: those of the last one mean nothing in this one.
		this.#top = undefined;
		this.#cursor = undefined;
		if (other) this.#toTail();
	}

	handle(action: Action): void {
		this.#note = undefined;
		if (this.#prompt !== undefined) {
			this.#handlePrompt(action, this.#prompt);
			return;
		}
		switch (action.kind) {
			case 'search':
				this.#prompt = { before: this.#settings.search };
				this.#set({ search: '' });
				return;
			case 'follow':
				if (this.#follow) this.#pause();
				else this.#toTail();
				return;
			case 'timestamps':
				this.#timestamps = !this.#timestamps;
				return;
			case 'wrap':
				this.#wrap = !this.#wrap;
				return;
			case 'columns':
				this.#set({ columns: !this.#settings.columns });
				return;
			case 'fold':
				this.#set({ fold: !this.#settings.fold });
				return;
			case 'invert':
				this.#set({ invert: !this.#settings.invert });
				return;
			case 'keep-only':
				this.#set({ keepOnly: !this.#settings.keepOnly });
				return;
			case 'min-level': {
				const index = minLevels.indexOf(this.#settings.minLevel);
				this.#set({ minLevel: minLevels[(index + 1) % minLevels.length] });
				return;
			}
			case 'since':
				this.#setSince(action.since);
				return;
			case 'move':
				this.#move(action.by, action.direction);
				return;
			case 'match':
				this.#goTo((view, from) => view.nextMatch(from, action.direction), action.direction, 'no further match');
				return;
			case 'level-step':
				this.#goTo((view, from) => view.nextLevel(from, action.direction, action.level), action.direction, `no further ${action.level}`);
				return;
			default:
				return;
		}
	}

	/** Everything the pane shows in so many rows. */
	view(size: { readonly rows: number; readonly columns: number }): LogsView {
		this.#size = { rows: Math.max(1, size.rows), columns: size.columns };
		const view = this.#view;
		const engineNow = this.#rings.engineNow();
		const { search, invert, keepOnly, minLevel, fold, columns } = this.#settings;
		const base = {
			title: this.#service?.name ?? '',
			state: this.#note ?? this.#stateWords(),
			follow: this.#follow,
			search,
			searching: this.searching,
			invert,
			keepOnly,
			...(minLevel === undefined ? {} : { minLevel }),
			since: this.#since,
			wrap: this.#wrap,
			timestamps: this.#timestamps,
			columns,
			fold,
		};
		if (view === undefined) {
			const nothing = { lines: 0, errors: 0, skipped: 0 };
			return { ...base, rows: [], behind: 0, errorsPerMinute: 0, totals: nothing, histogram: [], words: this.#noRing() };
		}
		const options = this.#rowOptions();
		if (!this.#follow) this.#top ??= this.#since === 'head' ? view.head() : undefined;
		const page = view.page({
			anchor: this.#follow || this.#top === undefined ? 'tail' : this.#top,
			rows: this.#size.rows,
			costOf: (entry) => costOf(entry, options),
		});
		this.#page = page;
		const rows = this.#rowsOf(page, options);
		const count = search === '' || this.searching ? undefined : view.matchCount(this.#cursor);
		const words = rows.length === 0 ? this.#emptyWords(view) : undefined;
		return {
			...base,
			state: this.#note ?? view.searchNote ?? base.state,
			rows,
			behind: this.#follow || page.last === undefined ? 0 : view.linesAfter(page.last),
			errorsPerMinute: view.errorsPerMinute(engineNow),
			totals: view.totals(),
			histogram: view.histogram(engineNow - histogramMs, engineNow, histogramBuckets),
			...(count === undefined ? {} : { matches: { current: count.current, total: count.total } }),
			...(words === undefined ? {} : { words }),
		};
	}

	/** The selected line with the lines that belong to it, else all lines in view. */
	copyText(): string {
		const entries = this.#page?.entries ?? [];
		const one = entries.find((entry) => entry.key === this.#keyOf(this.#cursor));
		const chosen = one === undefined || this.#follow ? entries : [one];
		return chosen.flatMap((entry) => [entry.text, ...entry.continuation.map((line) => line.text)]).join('\n');
	}

	/** Every line that passes the filters, oldest first, for a file, with what was skipped said in its place. At most a ring's size for each container. */
	saveBytes(): Uint8Array {
		return this.#view === undefined ? new Uint8Array() : Buffer.concat([...exportLines(this.#view, { format: 'text' })]);
	}

	#rowsOf(page: Page, options: RowOptions): readonly LogRow[] {
		const rows: LogRow[] = [];
		const selectedKey = this.#follow ? undefined : this.#keyOf(this.#cursor);
		for (const entry of page.entries) rows.push(...rowsOf(entry, options, entry.key === selectedKey));
		// Following, what does not fit is cut above; paused, the page begins where the person left it.
		const from = this.#follow ? Math.max(0, rows.length - this.#size.rows) : page.topRow;
		return rows.slice(from, from + this.#size.rows);
	}

	#rowOptions(): RowOptions {
		const shown = { timestamps: this.#timestamps, merged: this.#merged };
		return {
			columns: logTextColumns(this.#size.columns, shown),
			wrap: this.#wrap,
			merged: this.#merged,
			search: this.#settings.invert ? undefined : compileSearch(this.#settings.search),
		};
	}

	#logSettings(): LogSettings {
		const since = sinceMs[this.#since];
		return { ...this.#settings, sinceMs: since === undefined ? undefined : this.#rings.engineNow() - since };
	}

	#set(change: Partial<PaneSettings>): void {
		this.#settings = { ...this.#settings, ...change };
		this.#view?.set(this.#logSettings());
	}

	#handlePrompt(action: Action, prompt: { readonly before: string }): void {
		switch (action.kind) {
			case 'type':
			case 'erase':
				this.#set({ search: edited(this.#settings.search, action) });
				return;
			case 'accept':
				this.#prompt = undefined;
				this.#showAMatch();
				return;
			case 'back':
				this.#prompt = undefined;
				this.#set({ search: prompt.before });
				return;
			default:
				return;
		}
	}

	/** After a search was typed: stays where a match is in view, else goes to the newest one above. */
	#showAMatch(): void {
		if (this.#settings.search === '' || this.#settings.invert) return;
		const inView = this.#page?.entries.findLast((entry) => entry.matches.length > 0);
		if (inView !== undefined) {
			this.#pause();
			this.#cursor = inView.position;
			return;
		}
		this.#goTo((view, from) => view.nextMatch(from, -1), -1, `no match of ${this.#settings.search}`);
	}

	#setSince(since: Since): void {
		this.#since = since;
		if (since !== 'tail') this.#readDeep();
		this.#view?.set(this.#logSettings());
		if (since !== 'head') {
			this.#toTail();
			return;
		}
		this.#pause();
		this.#top = undefined;
		this.#cursor = undefined;
	}

	/** The follower begins with the newest lines only: the past is read once it is asked for. */
	#readDeep(): void {
		for (const { id } of this.#service?.containers ?? []) {
			if (this.#deep.has(id)) continue;
			this.#deep.add(id);
			this.#rings.readAgain(id, deepLines);
		}
		this.show(this.#service);
	}

	#pause(): void {
		if (!this.#follow) return;
		this.#follow = false;
		this.#top = this.#page?.first;
		this.#cursor = this.#page?.last;
	}

	#toTail(): void {
		this.#follow = true;
		this.#top = undefined;
		this.#cursor = undefined;
	}

	#move(by: 'row' | 'half' | 'page' | 'all', direction: -1 | 1): void {
		const view = this.#view;
		if (view === undefined) return;
		if (by === 'all') {
			if (direction === 1) this.#toTail();
			else {
				this.#pause();
				this.#top = view.head();
				this.#cursor = this.#top;
			}
			return;
		}
		if (this.#follow) {
			if (direction === 1) return;
			this.#pause();
			if (by === 'row') return this.#moveCursor(view, -1);
		}
		if (by === 'row') return this.#moveCursor(view, direction);
		const distance = by === 'half' ? Math.max(1, Math.floor(this.#size.rows / 2)) : Math.max(1, this.#size.rows - 1);
		this.#scroll(view, direction * distance);
		this.#cursor = direction === 1 ? this.#page?.last : this.#page?.first;
	}

	/** Moves the cursor by one entry, and the page with it where it leaves the pane. */
	#moveCursor(view: LogView, direction: -1 | 1): void {
		const entries = this.#page?.entries ?? [];
		const index = entries.findIndex((entry) => entry.key === this.#keyOf(this.#cursor));
		const next = entries[index + direction];
		if (index >= 0 && next !== undefined) {
			this.#cursor = next.position;
			return;
		}
		this.#scroll(view, direction);
		this.#cursor = direction === 1 ? this.#page?.last : this.#page?.first;
	}

	#scroll(view: LogView, rows: number): void {
		const options = this.#rowOptions();
		const cost = (entry: LogEntry): number => costOf(entry, options);
		if (this.#top === undefined || (rows > 0 && this.#page?.atTail === true)) return;
		this.#top = view.move(this.#top, rows, cost) ?? this.#top;
		this.#page = view.page({ anchor: this.#top, rows: this.#size.rows, costOf: cost });
	}

	#goTo(find: (view: LogView, from: Position | 'head' | 'tail') => Found, direction: -1 | 1, otherwise: string): void {
		const view = this.#view;
		if (view === undefined) return;
		const from = this.#cursor ?? (direction === -1 ? 'tail' : (this.#page?.first ?? 'head'));
		let found: Found = find(view, from);
		for (let attempt = 1; attempt < searchTries && found.kind === 'searching'; attempt++) found = find(view, from);
		if (found.kind !== 'found') {
			this.#note = found.kind === 'none' ? otherwise : 'still searching: press again';
			return;
		}
		this.#pause();
		const options = this.#rowOptions();
		this.#cursor = found.position;
		this.#top = view.move(found.position, -Math.floor(this.#size.rows / 2), (entry) => costOf(entry, options)) ?? found.position;
	}

	#keyOf(position: Position | undefined): string | undefined {
		return position === undefined ? undefined : `${position.ring}:${position.seq}`;
	}

	#stateWords(): string {
		const left = this.#rings.words();
		return left === undefined || this.#size.columns < 120 ? this.#state() : `${this.#state()}, ${left}`;
	}

	/** The least live of the states of the containers whose logs are merged. */
	#state(): string {
		const states = (this.#service?.containers ?? []).map((container) => this.#rings.state(container.id));
		return states.find((state) => state !== 'live' && state !== 'stopped') ?? states.find((state) => state === 'live') ?? states[0] ?? '';
	}

	#noRing(): PaneWords {
		if (this.#service === undefined) return { kind: 'empty', text: 'No service is selected.' };
		const state = this.#state();
		return { kind: state === '' || state === 'connecting' ? 'loading' : 'empty', text: state === '' ? 'waiting for the log' : state };
	}

	#emptyWords(view: LogView): PaneWords {
		const { lines } = view.totals();
		const state = this.#state();
		if (lines === 0) {
			return state === 'connecting'
				? { kind: 'loading', text: 'reading the log' }
				: { kind: 'empty', text: state === 'live' ? 'It has written nothing yet.' : state };
		}
		return { kind: 'empty', text: `None of ${lines.toLocaleString('en')} lines passes the filters.`, advice: '& shows all lines, l changes the level, 0 takes the time limit away' };
	}
}
