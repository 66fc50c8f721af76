import type { LogLevel } from '../../domain/log.ts';
import { Budget } from './budget.ts';
import { makeEntry } from './entries.ts';
import type { LogEntry, Page, Position } from './entry.ts';
import { FoldWalk, type Unit } from './foldWalk.ts';
import { Lens } from './lens.ts';
import { codeOfLevel } from './levelCode.ts';
import { pageFrom, pageToTail, type PageSource } from './paging.ts';
import type { Bucket } from './rates.ts';
import type { LogRing } from './ring.ts';
import type { LogSettings } from './settings.ts';
import { countWords, histogramOf, isBelow, linesBelow, type LogTotals, type MatchCount, totalsOf } from './viewCounts.ts';
import { type Accept, afterAll, beforeAll, isLossMarker, type Place, Walk } from './walk.ts';

/** Time one call may take, ms: a key has 50 ms to its frame (95 of 100), and the frame itself wants most of it. */
const defaultBudgetMs = 12;

export interface LogViewOptions {
	/** Merged in time order; where times are equal in this order. */
	readonly rings: readonly LogRing[];
	/** Monotonic ms. */
	readonly now: () => number;
	readonly settings?: Partial<LogSettings>;
	readonly budgetMs?: number;
}

/** Screen rows an entry takes at the present width, at least 1. */
export type CostOf = (entry: LogEntry) => number;

/** `searching`: the time ran out; the same call goes on from where it stopped. */
export type Found = { readonly kind: 'found'; readonly position: Position } | { readonly kind: 'none' } | { readonly kind: 'searching' };

/** Where a search begins: an entry, or one of the ends. */
export type From = Position | 'head' | 'tail';

const one: CostOf = () => 1;

/**
 * What a person sees of one or several rings: merged, searched, filtered, folded, cut into pages of screen
 * rows. Every call is bounded in time; a page costs what it shows.
 */
export class LogView {
	readonly rings: readonly LogRing[];
	readonly #lens: Lens;
	/** Entries of the last pages, so that what did not change is the same object. */
	readonly #entries = new Map<string, { readonly entry: LogEntry; readonly reach: number }>();
	#entriesVersion = 0;

	constructor(options: LogViewOptions) {
		this.rings = options.rings;
		this.#lens = new Lens(options.rings, options.now, options.budgetMs ?? defaultBudgetMs);
		this.#lens.set(options.settings ?? {});
	}

	get settings(): LogSettings {
		return this.#lens.settings;
	}

	/** Why the search is not what was asked for, in words. */
	get searchNote(): string | undefined {
		return this.#lens.search?.note;
	}

	set(change: Partial<LogSettings>): void {
		this.#lens.set(change);
	}

	/** A page that begins at `anchor`, or that ends with the newest entry. Near the end it is filled from above. */
	page(request: { readonly anchor: 'tail' | Position; readonly rows: number; readonly costOf?: CostOf }): Page {
		return this.#lens.guarded((budget) => {
			const source = this.#source(budget);
			const costOf = request.costOf ?? one;
			const page = request.anchor === 'tail' ? pageToTail(source, request.rows, costOf) : pageFrom(source, request.anchor, request.rows, costOf);
			this.#trimEntries(page.entries);
			return page;
		});
	}

	/** The place `rows` screen rows further down (negative: up), at most the last or first row there is. `undefined` where there is nothing. */
	move(position: Position, rows: number, costOf: CostOf = one): Position | undefined {
		return this.#lens.guarded((budget) => {
			const source = this.#source(budget);
			const here = source.unitAt(position);
			if (here === undefined) return undefined;
			let unit = here;
			let cost = costOf(source.entryOf(unit));
			const row = Math.min(position.row, cost - 1) + rows;
			if (row >= 0 && row < cost) return { ...unit.place, row };
			let left = row < 0 ? -row : row - cost + 1;
			const walk = source.walk(unit.place, row < 0 ? -1 : 1);
			for (let next = walk.next(); next !== undefined; next = walk.next()) {
				unit = next;
				cost = costOf(source.entryOf(unit));
				if (left <= cost) return { ...unit.place, row: row < 0 ? cost - left : left - 1 };
				left -= cost;
			}
			return { ...unit.place, row: row < 0 ? 0 : cost - 1 };
		});
	}

	/** The first entry. */
	head(): Position | undefined {
		return this.#lens.guarded((budget) => this.#positionOf(this.#walk(this.#lens.visible, beforeAll, 1, false, budget).next()));
	}

	/** The last entry. */
	tail(): Position | undefined {
		return this.#lens.guarded((budget) => this.#positionOf(this.#walk(this.#lens.visible, afterAll, -1, false, budget).next()));
	}

	/** The first entry at or after a time, epoch ms by the engine's clock. */
	positionAt(timeMs: number): Position | undefined {
		return this.#lens.guarded((budget) => this.#positionOf(this.#walk(this.#lens.visible, { ring: -1, seq: -1, order: timeMs }, 1, false, budget).next()));
	}

	/** The next entry that matches the search, `from` itself left out; from an end on, all are looked at. */
	nextMatch(from: From, direction: 1 | -1): Found {
		return this.#find(from, direction, (ring, seq) => this.#lens.visible(ring, seq) && this.#lens.matches(ring, seq));
	}

	/** The next entry at a level or above. */
	nextLevel(from: From, direction: 1 | -1, level: LogLevel): Found {
		const code = codeOfLevel(level);
		return this.#find(from, direction, (ring, seq) => !isLossMarker(seq) && (this.rings[ring]?.levelCodeOf(seq) ?? 0) >= code && this.#lens.visible(ring, seq));
	}

	/** Entries shown below a position: lines where nothing is left out, else entries, counted as far as the time goes. */
	linesAfter(position: Position): number {
		if (!this.#lens.filtered) return this.rings.reduce((sum, ring, index) => sum + linesBelow(ring, index, position), 0);
		return this.#lens.guarded((budget) => {
			const walk = this.#walk(this.#lens.visible, position, 1, false, budget);
			let count = 0;
			while (walk.next() !== undefined && !budget.step()) count++;
			return count;
		});
	}

	/** How many entries match the search. The count goes on with each call until it is complete. */
	matchCount(at?: Position): MatchCount {
		return this.#lens.guarded((budget) => {
			let total = 0;
			let current = 0;
			let complete = true;
			for (const [index, ring] of this.rings.entries()) {
				// From the newest: those are the ones that the reader sees first.
				for (let head = ring.headBefore(ring.next); head >= ring.first && complete; head = ring.headBefore(head)) {
					if (budget.step()) complete = false;
					else if (this.#lens.visible(index, head) && this.#lens.matches(index, head)) {
						total++;
						if (at !== undefined && !isBelow(ring.orderOf(head), index, head, at)) current++;
					}
				}
			}
			return { total, current, complete, words: countWords(total, complete) };
		});
	}

	/** Lines, errors and warnings over time, within the last hour; a bucket has at least a second. Nothing is left out by filters. */
	histogram(fromMs: number, toMs: number, buckets: number): readonly Bucket[] {
		return histogramOf(this.rings, fromMs, toMs, buckets);
	}

	/** Errors of all rings within the last 60 s. @param now epoch ms by the engine's clock */
	errorsPerMinute(now: number): number {
		return this.rings.reduce((sum, ring) => sum + ring.errorsPerMinute(now), 0);
	}

	totals(): LogTotals {
		return totalsOf(this.rings);
	}

	/** Every entry that passes the filters, unfolded, from `from` on; for export. Not bounded in time. */
	*places(from?: Position): Generator<Place> {
		this.#lens.sync();
		const walk = this.#walk(this.#lens.visible, from ?? beforeAll, 1, true, new Budget(() => 0, 1));
		for (let place = walk.next(); place !== undefined; place = walk.next()) yield place;
	}

	#walk(accept: Accept, from: Place, direction: 1 | -1, inclusive: boolean, budget: Budget): Walk {
		return new Walk(this.rings, accept, from, direction, inclusive, budget);
	}

	#find(from: From, direction: 1 | -1, accept: Accept): Found {
		return this.#lens.guarded((budget) => {
			const begin = from === 'head' ? beforeAll : from === 'tail' ? afterAll : from;
			const walk = this.#walk(accept, begin, direction, false, budget);
			const place = walk.next();
			if (place !== undefined) return { kind: 'found', position: { ...place, row: 0 } };
			return walk.spent ? { kind: 'searching' } : { kind: 'none' };
		});
	}

	#positionOf(place: Place | undefined): Position | undefined {
		return place === undefined ? undefined : { ...place, row: 0 };
	}

	/** What paging needs of the view, for one call. */
	#source(budget: Budget): PageSource {
		const folded = (from: Place, direction: 1 | -1, inclusive: boolean): FoldWalk =>
			new FoldWalk(this.#walk(this.#lens.visible, from, direction, inclusive, budget), this.#lens.templateOf, direction);
		const walk = (from: Place, direction: 1 | -1): FoldWalk => {
			const made = folded(from, direction, false);
			if (this.settings.fold && this.rings[from.ring] !== undefined) made.skip(from);
			return made;
		};
		return {
			walk,
			entryOf: (unit) => this.#entryOf(unit),
			unitAt: (position) => {
				const first = folded(position, 1, true).next() ?? folded(position, -1, true).next();
				if (first === undefined || !this.settings.fold) return first;
				// The unit may have begun above the place asked for: it is named by its last entry.
				return folded(first.place, -1, true).next() ?? first;
			},
			skippedBefore: (position) => {
				const ring = this.rings[position.ring];
				return ring === undefined ? 0 : Math.max(0, ring.first - Math.ceil(position.seq));
			},
		};
	}

	#entryOf(unit: Unit): LogEntry {
		const ring = this.rings[unit.place.ring];
		if (ring === undefined) throw new RangeError(`no ring ${unit.place.ring} in this view`);
		if (this.#entriesVersion !== this.#lens.version) this.#entries.clear();
		this.#entriesVersion = this.#lens.version;
		const key = `${unit.place.ring}:${unit.place.seq}`;
		const reach = isLossMarker(unit.place.seq) ? ring.overrun.lines : ring.lastOf(unit.place.seq);
		const held = this.#entries.get(key);
		if (held !== undefined && held.reach === reach && held.entry.foldCount === unit.count) return held.entry;
		const search = this.settings.invert ? undefined : this.#lens.search;
		const entry = makeEntry(ring, unit.place, { search, columns: this.settings.columns, foldCount: unit.count });
		this.#entries.set(key, { entry, reach });
		return entry;
	}

	#trimEntries(shown: readonly LogEntry[]): void {
		if (this.#entries.size < 256 + shown.length) return;
		const kept = new Set(shown);
		for (const [key, held] of this.#entries) if (!kept.has(held.entry)) this.#entries.delete(key);
	}
}
