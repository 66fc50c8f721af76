import { sanitiseText } from '../../domain/sanitise.ts';
import type { Input, Output } from '../ports.ts';

/** The session's lines, out and in. Append-only: nothing ever moves the cursor. */
export class LinearIo {
	readonly #stdout: Output;
	readonly #lines: AsyncIterator<string>;
	readonly #ended: Promise<undefined>;
	/** Input that no terminal echoes is written out, so that the transcript reads well. */
	readonly #echo: boolean;
	#prompt: string | undefined;
	/** A read that a `listen` did not wait for; the next question takes it. */
	#pending: Promise<string | undefined> | undefined;

	/** @param signal ends the session, as EOF does */
	constructor(stdout: Output, stdin: Input, signal: AbortSignal) {
		this.#stdout = stdout;
		this.#echo = !stdin.isTTY;
		this.#lines = stdin.lines()[Symbol.asyncIterator]();
		this.#ended = new Promise((resolve) => {
			if (signal.aborted) resolve(undefined);
			signal.addEventListener('abort', () => resolve(undefined), { once: true });
		});
	}

	/** One line, made harmless. While a question waits for its answer it is asked again below. */
	print(line = ''): void {
		const text = sanitiseText(line);
		if (this.#prompt === undefined) this.#stdout.write(`${text}\n`);
		else this.#stdout.write(`\n${text}\n${this.#prompt}`);
	}

	/** Asks and waits. @returns the answer without blanks around it, `undefined` at EOF */
	async ask(question: string): Promise<string | undefined> {
		this.#prompt = `${sanitiseText(question)} `;
		this.#stdout.write(this.#prompt);
		const answer = await this.#next();
		this.#prompt = undefined;
		if (answer === undefined) this.#stdout.write('\n');
		else if (this.#echo) this.#stdout.write(`${sanitiseText(answer)}\n`);
		return answer?.trim();
	}

	/** Waits for a line without a question: Enter ends what is under way. @returns `undefined` at EOF */
	async enter(): Promise<string | undefined> {
		return this.#next();
	}

	async #next(): Promise<string | undefined> {
		this.#pending ??= this.#read();
		const line = await Promise.race([this.#pending, this.#ended]);
		this.#pending = undefined;
		return line;
	}

	async #read(): Promise<string | undefined> {
		const { done, value } = await this.#lines.next();
		return done === true ? undefined : value;
	}
}
