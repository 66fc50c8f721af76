import { setTimeout as sleep } from 'node:timers/promises';
import type { Standing } from './ground.ts';

/** Between two looks from outside, ms: how exact a recovery is known. */
export const lookEveryMs = 200;

/** Looks at a service again and again, and knows since when it has been well without a break. */
export class RecoveryWatch {
	readonly #look: () => Promise<Standing>;
	readonly #over: Promise<void>;
	#stopped = false;
	#wellSince: number | undefined;
	#last: Standing = { well: false, words: 'not looked at yet' };

	constructor(look: () => Promise<Standing>) {
		this.#look = look;
		this.#over = this.#go();
	}

	/** `performance.now()` of the first look of the row of good ones that goes on now. */
	get wellSince(): number | undefined {
		return this.#wellSince;
	}

	get last(): Standing {
		return this.#last;
	}

	async stop(): Promise<void> {
		this.#stopped = true;
		await this.#over;
	}

	async #go(): Promise<void> {
		while (!this.#stopped) {
			const at = performance.now();
			try {
				this.#last = await this.#look();
			} catch (error) {
				this.#last = { well: false, words: error instanceof Error ? error.message : String(error) };
			}
			this.#wellSince = this.#last.well ? (this.#wellSince ?? at) : undefined;
			await sleep(lookEveryMs);
		}
	}
}
