import type { Bench } from './bench.ts';

/** What came out of one measurement. */
export interface Outcome {
	/** The number that is judged, with its unit, such as `412 ms`. */
	readonly measured: string;
	readonly reached: boolean;
	/** What stands beside it: the other side of a ratio, medians, sizes. One fact each. */
	readonly beside: readonly string[];
}

/** One number the console promises. */
export interface Figure {
	/** Name on the command line. */
	readonly id: string;
	readonly title: string;
	/** What is promised, in words. */
	readonly promise: string;
	/** How it is measured, for the page. */
	readonly method: string;
	run(bench: Bench): Promise<readonly Outcome[]>;
}
