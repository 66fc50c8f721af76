import { Budget } from './budget.ts';
import { TooSlow, withinTime } from './guard.ts';
import { codeOfLevel, infoCode } from './levelCode.ts';
import { markerFlag } from './lineMeta.ts';
import { RingMemo } from './ringMemo.ts';
import type { LogRing } from './ring.ts';
import { compileSearch, type Search, searchWords } from './search.ts';
import { defaultSettings, type LogSettings } from './settings.ts';
import { type Accept, isLossMarker, type Place } from './walk.ts';

/** What the settings let through of each ring: which entries are shown, which match, which are of one pattern. */
export class Lens {
	readonly #rings: readonly LogRing[];
	readonly #memos: readonly RingMemo[];
	readonly #now: () => number;
	readonly #budgetMs: number;
	settings: LogSettings = defaultSettings;
	search: Search | undefined;
	/** Changes whenever what is shown of an entry may have changed. */
	version = 0;
	#minCode = 0;

	/** @param now monotonic ms */
	constructor(rings: readonly LogRing[], now: () => number, budgetMs: number) {
		this.#rings = rings;
		this.#memos = rings.map((ring) => new RingMemo(ring));
		this.#now = now;
		this.#budgetMs = budgetMs;
	}

	set(change: Partial<LogSettings>): void {
		const before = this.settings;
		this.settings = { ...before, ...change };
		this.version++;
		this.#minCode = this.settings.minLevel === undefined ? 0 : codeOfLevel(this.settings.minLevel);
		if (this.settings.search !== before.search) this.#setSearch(compileSearch(this.settings.search));
	}

	/** Whether anything may be left out. */
	get filtered(): boolean {
		const { keepOnly, sinceMs, fold } = this.settings;
		return (keepOnly && this.search !== undefined) || this.#minCode > 0 || sinceMs !== undefined || fold;
	}

	/** Takes in what the rings have gained. */
	sync(): void {
		for (const memo of this.#memos) memo.sync();
	}

	/** Runs a call within its time; a regular expression that takes too long becomes plain words. */
	guarded<T>(task: (budget: Budget) => T): T {
		this.sync();
		const run = (): T => task(new Budget(this.#now, this.#budgetMs));
		if (this.search?.kind !== 'regex') return run();
		try {
			return withinTime(run);
		} catch (error) {
			if (!(error instanceof TooSlow)) throw error;
			this.#setSearch(searchWords(this.settings.search, 'this regular expression takes too long; searched as words'));
			return run();
		}
	}

	readonly visible: Accept = (index, seq) => {
		const ring = this.#rings[index];
		if (ring === undefined) return false;
		const { sinceMs, keepOnly } = this.settings;
		if (isLossMarker(seq)) return sinceMs === undefined || ring.overrun.toMs >= sinceMs;
		if (sinceMs !== undefined && ring.orderOf(seq) < sinceMs) return false;
		const meta = ring.metaOf(seq);
		if ((meta & markerFlag) !== 0) return true;
		if (this.#minCode > 0 && (ring.levelCodeOf(seq) || infoCode) < this.#minCode) return false;
		return !keepOnly || this.search === undefined || this.matches(index, seq);
	};

	readonly matches: Accept = (index, seq) => {
		const memo = this.#memos[index];
		if (memo === undefined || this.search === undefined || isLossMarker(seq)) return false;
		if ((memo.ring.metaOf(seq) & markerFlag) !== 0) return false;
		return memo.matches(seq, this.search) !== this.settings.invert;
	};

	/** Hash of an entry's pattern; `undefined` where it is not to be folded. */
	readonly templateOf = (place: Place): number | undefined => {
		const memo = this.#memos[place.ring];
		if (!this.settings.fold || memo === undefined || isLossMarker(place.seq) || (memo.ring.metaOf(place.seq) & markerFlag) !== 0) return undefined;
		return memo.template(place.seq);
	};

	#setSearch(search: Search | undefined): void {
		this.search = search;
		this.version++;
		for (const memo of this.#memos) memo.forget();
	}
}
