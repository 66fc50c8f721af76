/** One result of an asker. */
interface Entry {
	readonly at: number;
	readonly ok: boolean;
	/** NaN where nothing answered. */
	readonly latencyMs: number;
}

/** How far back a probe's own figures look, ms … */
const windowMs = 5 * 60_000;
/** … but at least so many results, for probes that run seldom, and never more than this. */
const minKept = 20;
const maxKept = 600;
/** Fewer results than this say nothing about a percentile. */
const minJudged = 5;

/**
 * Rank (from 1) of the 95th percentile among `count` values: nearest rank, ceil(0.95 n). Below 20 values that
 * would be the largest one, and a single slow answer would pass for the service; the largest is left out then.
 */
export const rankOfP95 = (count: number): number => Math.max(1, Math.min(Math.ceil(0.95 * count), count < 20 ? count - 1 : count));

/** Rolling availability and p95 of one probe: the last 5 minutes, or the last 20 results. */
export class LatencyWindow {
	#entries: Entry[] = [];

	add(at: number, ok: boolean, latencyMs: number): void {
		this.#entries.push({ at, ok, latencyMs });
		const surplus = this.#entries.length - minKept;
		const old = this.#entries.findIndex((entry) => entry.at > at - windowMs);
		const cut = Math.max(Math.min(old < 0 ? surplus : old, surplus), this.#entries.length - maxKept);
		if (cut > 0) this.#entries = this.#entries.slice(cut);
	}

	/** @property availability percent; @property p95 ms, absent below five results */
	figures(): { availability: number; p95?: number } {
		const entries = this.#entries;
		const availability = entries.length === 0 ? 0 : (entries.filter((entry) => entry.ok).length / entries.length) * 100;
		const sorted = entries.map((entry) => entry.latencyMs).filter((latency) => !Number.isNaN(latency)).sort((a, b) => a - b);
		if (sorted.length < minJudged) return { availability };
		const p95 = sorted[rankOfP95(sorted.length) - 1];
		return p95 === undefined ? { availability } : { availability, p95 };
	}
}
