import type { LogEntry, Page, Position } from '../../observe/logs/entry.ts';
import type { CostOf, Found, LogView } from '../../observe/logs/view.ts';

/** What the pane looks at, and how much of it fits. */
export interface Window {
	readonly view: LogView;
	/** Screen rows. */
	readonly rows: number;
	readonly costOf: CostOf;
}

/** Times that a search may go on where it did not reach an end within its time. */
const searchTries = 4;

const keyOf = (position: Position | undefined): string | undefined => (position === undefined ? undefined : `${position.ring}:${position.seq}`);

/**
 * Where in the log the person is. Following, the page ends with the newest line; paused, it stays where it is
 * whatever comes in, and one entry of it is selected.
 */
export class LogPlace {
	#follow = true;
	/** First row of the page while paused. */
	#top: Position | undefined;
	#cursor: Position | undefined;
	#page: Page | undefined;

	get follow(): boolean {
		return this.#follow;
	}

	/** The page shown last. */
	get page(): Page | undefined {
		return this.#page;
	}

	get cursor(): Position | undefined {
		return this.#cursor;
	}

	/** Entries of the page shown last. */
	get entries(): readonly LogEntry[] {
		return this.#page?.entries ?? [];
	}

	/** Key of the selected entry; `undefined` while following. */
	get selectedKey(): string | undefined {
		return this.#follow ? undefined : keyOf(this.#cursor);
	}

	/** Another view is shown: places belong to a view, and mean nothing in this one. */
	forget(): void {
		this.#page = undefined;
		this.#top = undefined;
		this.#cursor = undefined;
	}

	toTail(): void {
		this.#follow = true;
		this.#top = undefined;
		this.#cursor = undefined;
	}

	/** Pauses without a place yet: the next page begins where {@link show} is told to. */
	pauseAnew(): void {
		this.pause();
		this.#top = undefined;
		this.#cursor = undefined;
	}

	/** Stays with the page that is shown. */
	pause(): void {
		if (!this.#follow) return;
		this.#follow = false;
		this.#top = this.#page?.first;
		this.#cursor = this.#page?.last;
	}

	select(position: Position): void {
		this.pause();
		this.#cursor = position;
	}

	/** The page to show now. @param fromHead a pause that has no place yet begins with the oldest line, not at the tail */
	show({ view, rows, costOf }: Window, fromHead: boolean): Page {
		if (!this.#follow && fromHead) this.#top ??= view.head();
		this.#page = view.page({ anchor: this.#follow || this.#top === undefined ? 'tail' : this.#top, rows, costOf });
		return this.#page;
	}

	move(window: Window, by: 'row' | 'half' | 'page' | 'all', direction: -1 | 1): void {
		if (by === 'all') {
			if (direction === 1) this.toTail();
			else {
				this.pause();
				this.#top = window.view.head();
				this.#cursor = this.#top;
			}
			return;
		}
		if (this.#follow) {
			if (direction === 1) return;
			this.pause();
		}
		if (by === 'row') this.#moveCursor(window, direction);
		else this.#movePage(window, direction * (by === 'half' ? Math.max(1, Math.floor(window.rows / 2)) : Math.max(1, window.rows - 1)));
	}

	/** Goes to what is found from here on, and shows it in the middle. @returns what came of it */
	goTo(window: Window, find: (view: LogView, from: Position | 'head' | 'tail') => Found, direction: -1 | 1): Found['kind'] {
		const { view, rows, costOf } = window;
		const from = this.#cursor ?? (direction === -1 ? 'tail' : (this.#page?.first ?? 'head'));
		let found = find(view, from);
		for (let attempt = 1; attempt < searchTries && found.kind === 'searching'; attempt++) found = find(view, from);
		if (found.kind !== 'found') return found.kind;
		this.pause();
		this.#cursor = found.position;
		this.#top = view.move(found.position, -Math.floor(rows / 2), costOf) ?? found.position;
		return 'found';
	}

	/** Moves the cursor by one entry, and the page with it where it leaves the pane. */
	#moveCursor(window: Window, direction: -1 | 1): void {
		const entries = this.entries;
		const index = entries.findIndex((entry) => entry.key === keyOf(this.#cursor));
		const next = entries[index + direction];
		if (index >= 0 && next !== undefined) this.#cursor = next.position;
		else this.#movePage(window, direction);
	}

	/** Moves the page by so many rows, and the cursor to its end in that direction. */
	#movePage(window: Window, rows: number): void {
		this.#scroll(window, rows);
		this.#cursor = rows > 0 ? this.#page?.last : this.#page?.first;
	}

	#scroll({ view, rows, costOf }: Window, by: number): void {
		if (this.#top === undefined || (by > 0 && this.#page?.atTail === true)) return;
		this.#top = view.move(this.#top, by, costOf) ?? this.#top;
		this.#page = view.page({ anchor: this.#top, rows, costOf });
	}
}
