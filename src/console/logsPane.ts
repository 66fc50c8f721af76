import type { Clock } from '../domain/clock.ts';
import type { Service } from '../domain/service.ts';
import type { Position } from '../observe/logs/entry.ts';
import { exportLines } from '../observe/logs/export.ts';
import { compileSearch } from '../observe/logs/search.ts';
import { type Found, LogView } from '../observe/logs/view.ts';
import type { Action, Since } from './actions.ts';
import { logTextColumns } from './layout.ts';
import { LogPlace, type Window } from './logs/place.ts';
import type { LogRings } from './logs/rings.ts';
import { reachWords } from './logs/reach.ts';
import { costOf, pageRows, type RowOptions } from './logs/rows.ts';
import { initialSettings, logSettings, type PaneSettings, switched } from './logs/settings.ts';
import { emptyWords, mergedState, noRingWords } from './logs/words.ts';
import { edited } from './reduce/text.ts';
import type { LogsView } from './view.ts';

/** Buckets of the histogram; the pane draws as many of them as it has cells. */
const histogramBuckets = 120;
const histogramMs = 15 * 60_000;
/** Lines read where more of the past is asked for than the follower began with. A ring of 4 MiB holds about as many. */
const deepLines = 50_000;
/** The title has room for more than the log's own state from so many columns on. */
const wideColumns = 120;

/** The logs pane: which service's logs, where in them the person is, and how they are shown. */
export class LogsPane {
	readonly #rings: LogRings;
	readonly #clock: Clock;
	readonly #place = new LogPlace();
	#service: Service | undefined;
	/** Containers whose logs were read further back. */
	readonly #deep = new Set<string>();
	#view: LogView | undefined;
	#merged = false;
	#prompt: { readonly before: string } | undefined;
	#settings: PaneSettings = initialSettings;
	#size = { rows: 1, columns: 80 };
	/** What the last key could not do. */
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
		if (other) this.#settings = { ...this.#settings, since: 'tail' };
		const rings = (service?.containers ?? []).flatMap((container) => this.#rings.ring(container.id) ?? []);
		const shown = this.#view?.rings ?? [];
		if (!other && rings.length === shown.length && rings.every((ring, index) => ring === shown[index])) return;
		const settings = logSettings(this.#settings, this.#rings.engineNow());
		this.#view = rings.length === 0 ? undefined : new LogView({ rings, now: () => this.#clock.monotonic(), settings });
		this.#merged = rings.length > 1;
		this.#place.forget();
		if (other) this.#place.toTail();
	}

	handle(action: Action): void {
		this.#note = undefined;
		if (this.#prompt !== undefined) {
			this.#handlePrompt(action, this.#prompt);
			return;
		}
		const settings = switched(this.#settings, action);
		if (settings !== undefined) {
			this.#set(settings);
			return;
		}
		switch (action.kind) {
			case 'search':
				this.#prompt = { before: this.#settings.search };
				this.#set({ search: '' });
				return;
			case 'follow':
				if (this.#place.follow) this.#place.pause();
				else this.#place.toTail();
				return;
			case 'since':
				this.#setSince(action.since);
				return;
			case 'move': {
				const window = this.#window();
				if (window !== undefined) this.#place.move(window, action.by, action.direction);
				return;
			}
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
		const options = this.#rowOptions();
		const window = this.#window(options);
		const engineNow = this.#rings.engineNow();
		const { search, invert, keepOnly, minLevel, fold, columns, since, wrap, timestamps } = this.#settings;
		const { follow } = this.#place;
		const state = mergedState(this.#rings, this.#service);
		const reach = reachWords(window?.view.rings ?? [], since, engineNow, deepLines);
		const base = {
			title: this.#service?.name ?? '',
			state: this.#note ?? this.#withRest(reach === undefined ? state : `${state}, ${reach}`),
			follow,
			search,
			searching: this.searching,
			invert,
			keepOnly,
			...(minLevel === undefined ? {} : { minLevel }),
			since,
			wrap,
			timestamps,
			columns,
			fold,
		};
		if (window === undefined) {
			const nothing = { lines: 0, errors: 0, skipped: 0 };
			return { ...base, rows: [], behind: 0, errorsPerMinute: 0, totals: nothing, histogram: [], words: noRingWords(this.#service, state) };
		}
		const { view } = window;
		const page = this.#place.show(window, since === 'head');
		const rows = pageRows(page, options, { rows: window.rows, follow, selectedKey: this.#place.selectedKey });
		const count = search === '' || this.searching ? undefined : view.matchCount(this.#place.cursor);
		const words = rows.length === 0 ? emptyWords(view.totals().lines, state) : undefined;
		return {
			...base,
			state: this.#note ?? view.searchNote ?? base.state,
			rows,
			behind: follow || page.last === undefined ? 0 : view.linesAfter(page.last),
			errorsPerMinute: view.errorsPerMinute(engineNow),
			totals: view.totals(),
			histogram: view.histogram(engineNow - histogramMs, engineNow, histogramBuckets),
			...(count === undefined ? {} : { matches: { current: count.current, total: count.total } }),
			...(words === undefined ? {} : { words }),
		};
	}

	/** The selected line with the lines that belong to it, else all lines in view. */
	copyText(): string {
		const { entries, selectedKey } = this.#place;
		const one = entries.find((entry) => entry.key === selectedKey);
		return (one === undefined ? entries : [one]).flatMap((entry) => [entry.text, ...entry.continuation.map((line) => line.text)]).join('\n');
	}

	/** Every line that passes the filters, oldest first, for a file, with what was skipped said in its place. At most a ring's size for each container. */
	saveBytes(): Uint8Array {
		return this.#view === undefined ? new Uint8Array() : Buffer.concat([...exportLines(this.#view, { format: 'text' })]);
	}

	/** What there is to move in; `undefined` where no log is shown. */
	#window(options: RowOptions = this.#rowOptions()): Window | undefined {
		const view = this.#view;
		return view === undefined ? undefined : { view, rows: this.#size.rows, costOf: (entry) => costOf(entry, options) };
	}

	#rowOptions(): RowOptions {
		const { timestamps, wrap, invert, search } = this.#settings;
		return {
			columns: logTextColumns(this.#size.columns, { timestamps, merged: this.#merged }),
			wrap,
			merged: this.#merged,
			search: invert ? undefined : compileSearch(search),
		};
	}

	#set(change: Partial<PaneSettings>): void {
		this.#settings = { ...this.#settings, ...change };
		this.#view?.set(logSettings(this.#settings, this.#rings.engineNow()));
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
		const { search, invert } = this.#settings;
		if (search === '' || invert) return;
		const inView = this.#place.entries.findLast((entry) => entry.matches.length > 0);
		if (inView === undefined) this.#goTo((view, from) => view.nextMatch(from, -1), -1, `no match of ${search}`);
		else this.#place.select(inView.position);
	}

	#setSince(since: Since): void {
		this.#settings = { ...this.#settings, since };
		if (since !== 'tail') this.#readDeep();
		this.#set({});
		if (since === 'head') this.#place.pauseAnew();
		else this.#place.toTail();
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

	#goTo(find: (view: LogView, from: Position | 'head' | 'tail') => Found, direction: -1 | 1, otherwise: string): void {
		const window = this.#window();
		const came = window === undefined ? 'found' : this.#place.goTo(window, find, direction);
		if (came !== 'found') this.#note = came === 'none' ? otherwise : 'still searching: press again';
	}

	#withRest(state: string): string {
		const left = this.#rings.words();
		return left === undefined || this.#size.columns < wideColumns ? state : `${state}, ${left}`;
	}
}
