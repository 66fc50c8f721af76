import { decodeLine } from '../../domain/sanitise.ts';
import type { LogStream } from '../../domain/log.ts';
import { Grouping } from '../../observe/logs/grouping.ts';
import { levelOfBytes } from '../../observe/logs/level.ts';
import { codeOfLevel, infoCode } from '../../observe/logs/levelCode.ts';
import type { LogsOptions } from './options.ts';

const streamCodes: Readonly<Record<LogStream, number>> = { stdout: 0, stderr: 1, tty: 2 };

/**
 * Decides line by line what is shown of one container. The level is that of the whole entry, so that a stack trace
 * stays with its error; a line that names no level counts as info. The pattern is looked for in each line alone.
 */
export class LineFilter {
	readonly #minCode: number;
	readonly #options: Pick<LogsOptions, 'grep' | 'invert'>;
	readonly #levels: boolean;
	readonly #grouping = new Grouping();
	readonly #headLevels = [0, 0, 0];
	#seq = 0;
	/** Level of the last line, its entry's where it names none itself. */
	level = 0;

	/** @param levels whether the level matters to more than the filter; finding it is most of the work */
	constructor(options: Pick<LogsOptions, 'minLevel' | 'grep' | 'invert'>, levels: boolean) {
		this.#options = options;
		this.#levels = levels || options.minLevel !== undefined;
		this.#minCode = options.minLevel === undefined ? 0 : codeOfLevel(options.minLevel);
	}

	passes(bytes: Uint8Array, start: number, end: number, atMs: number, stream: LogStream): boolean {
		if (this.#levels) this.#findLevel(bytes, start, end, atMs, stream);
		if (this.#minCode > 0 && (this.level === 0 ? infoCode : this.level) < this.#minCode) return false;
		const { grep, invert } = this.#options;
		return grep === undefined || grep.test(decodeLine(bytes, start, end)) !== invert;
	}

	#findLevel(bytes: Uint8Array, start: number, end: number, atMs: number, stream: LogStream): void {
		const code = streamCodes[stream];
		const seq = this.#seq++;
		const own = levelOfBytes(bytes, start, end);
		const head = this.#grouping.add(bytes, start, end, seq, atMs, code, own);
		if (head === seq) this.#headLevels[code] = own;
		this.level = this.#headLevels[code] ?? own;
	}
}
