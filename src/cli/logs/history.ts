import { byTime, type LogLine, lineSize } from './line.ts';

/** Memory for the lines of all containers together, bytes. */
const maxBytes = 64 * 1024 * 1024;

/** Keeps the newest lines of several containers within a bound, and puts them in order of time. */
export class History {
	readonly #perSource: number;
	readonly #sources = new Map<string, { lines: LogLine[]; first: number; bytes: number; dropped: number; label: string }>();

	/** @param sources how many containers share the bound */
	constructor(sources: number, limit = maxBytes) {
		this.#perSource = Math.floor(limit / Math.max(1, sources));
	}

	add(line: LogLine): void {
		let kept = this.#sources.get(line.source.containerId);
		if (kept === undefined) {
			kept = { lines: [], first: 0, bytes: 0, dropped: 0, label: line.source.label };
			this.#sources.set(line.source.containerId, kept);
		}
		kept.lines.push(line);
		kept.bytes += lineSize(line);
		while (kept.bytes > this.#perSource && kept.first < kept.lines.length - 1) {
			const oldest = kept.lines[kept.first];
			if (oldest !== undefined) kept.bytes -= lineSize(oldest);
			kept.first++;
			kept.dropped++;
		}
		// Shifting the array for each line would be quadratic.
		if (kept.first > 1000 && kept.first > kept.lines.length / 2) {
			kept.lines.splice(0, kept.first);
			kept.first = 0;
		}
	}

	/** All lines that are kept, the oldest first. */
	lines(): LogLine[] {
		return [...this.#sources.values()].flatMap((kept) => kept.lines.slice(kept.first)).sort(byTime);
	}

	/** Containers of which older lines were left out, and how many. */
	dropped(): readonly { readonly label: string; readonly lines: number }[] {
		return [...this.#sources.values()].filter((kept) => kept.dropped > 0).map(({ label, dropped }) => ({ label, lines: dropped }));
	}
}
