import { setTimeout as sleep } from 'node:timers/promises';
import type { TestTerminal } from '../support/terminal.ts';

/** Hands on a keyboard: counts the keys, and never types faster than it is told to. */
export class Typist {
	readonly #terminal: TestTerminal;
	readonly #gapMs: number;
	#keys = 0;
	#next = 0;

	/** @param keysPerSecond as fast as the terminal takes them where it is not given */
	constructor(terminal: TestTerminal, keysPerSecond?: number) {
		this.#terminal = terminal;
		this.#gapMs = keysPerSecond === undefined ? 0 : 1000 / keysPerSecond;
	}

	/** Keys pressed so far. */
	get keys(): number {
		return this.#keys;
	}

	/** One key after the other; each text is one key. */
	async press(...keys: readonly string[]): Promise<void> {
		for (const key of keys) {
			const wait = this.#next - performance.now();
			if (wait > 0) await sleep(wait);
			this.#terminal.type(key);
			this.#keys++;
			this.#next = performance.now() + this.#gapMs;
		}
	}

	/** A text, character by character. */
	async type(text: string): Promise<void> {
		await this.press(...Array.from(text));
	}
}
