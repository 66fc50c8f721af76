const kept = 16;

/** Requests counted by the window in which they were sent: each is under way, answered, or failed, and nothing is counted twice. */
export class Windows {
	#windows = [begin(1)];

	get #current() {
		return this.#windows.at(-1);
	}

	/** A request goes out. Returns what is called at its end, with the reason where it failed. */
	sent() {
		const window = this.#current;
		window.sent++;
		return (reason) => {
			if (reason === undefined) {
				window.ok++;
				// A gap is time without any answer, whichever request it is to.
				this.#current.longestGapMs = gapOf(this.#current);
				this.#current.lastOkAt = performance.now();
			} else {
				window.reasons[reason] = (window.reasons[reason] ?? 0) + 1;
			}
		};
	}

	/** Ends the window, and begins the next. Returns the one that ended. */
	turn() {
		const ended = this.#current;
		ended.longestGapMs = gapOf(ended);
		ended.endedAt = performance.now();
		this.#windows = [...this.#windows, begin(ended.id + 1)].slice(-kept);
		return shown(ended);
	}

	/** The one that goes on where none is named; nothing where it is not known any more. */
	read(id) {
		const found = id === undefined ? this.#current : this.#windows.find((each) => each.id === id);
		return found === undefined ? undefined : shown(found);
	}
}

function begin(id) {
	const now = performance.now();
	return { id, beganAt: now, endedAt: undefined, sent: 0, ok: 0, reasons: {}, longestGapMs: 0, lastOkAt: now };
}

/** A gap that is still open counts up to now, or to the end of the window. */
const gapOf = (window) => (window.endedAt === undefined ? Math.max(window.longestGapMs, performance.now() - window.lastOkAt) : window.longestGapMs);

function shown(window) {
	const { id, sent, ok, reasons, beganAt, endedAt } = window;
	const failed = Object.values(reasons).reduce((sum, count) => sum + count, 0);
	return { id, sent, ok, failed, underWay: sent - ok - failed, reasons, longestGapMs: Math.round(gapOf(window)), lastedMs: Math.round((endedAt ?? performance.now()) - beganAt), over: endedAt !== undefined };
}
