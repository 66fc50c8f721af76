/** An abort signal that follows the caller's and has a deadline of its own. */
export class Guard {
	readonly #controller = new AbortController();
	readonly #outer: AbortSignal | undefined;
	readonly #onAbort = () => this.#controller.abort(this.#outer?.reason);
	#timer: NodeJS.Timeout | undefined;
	expired = false;

	constructor(outer: AbortSignal | undefined, timeoutMs: number) {
		this.#outer = outer;
		if (outer?.aborted === true) {
			this.#onAbort();
		}
		outer?.addEventListener('abort', this.#onAbort, { once: true });
		this.#timer = setTimeout(() => {
			this.expired = true;
			this.#controller.abort();
		}, timeoutMs);
	}

	get signal(): AbortSignal {
		return this.#controller.signal;
	}

	disarm(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
	}

	release(): void {
		this.disarm();
		this.#outer?.removeEventListener('abort', this.#onAbort);
	}
}
