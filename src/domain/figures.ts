/**
 * One reading of a container's resources, already normalised: an engine adapter
 * owns the formulas. Byte and packet counts are totals since the container started.
 */
export interface Figures {
	readonly containerId: string;
	/** Epoch ms of the reading, on the console's clock. */
	readonly at: number;
	/** Percent of one core, as `docker stats` shows it. Absent on the first reading, which has nothing to compare with. */
	readonly cpuPercent?: number;
	/** Percent of the container's own quota, where it has one. */
	readonly cpuQuotaPercent?: number;
	/** Share of scheduler periods in which it was throttled since the last reading, 0 to 100. */
	readonly throttledPercent?: number;
	/** Bytes in use, less inactive page cache, as `docker stats` shows it. */
	readonly memoryBytes: number;
	/** Bytes in use less the whole page cache, where the engine tells. */
	readonly memoryWithoutCacheBytes?: number;
	/** Bytes; the host's memory where the container has no limit. */
	readonly memoryLimitBytes: number;
	readonly memoryPercent: number;
	/** Absent where this way of reading does not tell. */
	readonly networkRxBytes?: number;
	readonly networkTxBytes?: number;
	readonly blockReadBytes?: number;
	readonly blockWriteBytes?: number;
	readonly pids?: number;
}

/** Receives readings as they come. */
export type FiguresSink = (figures: readonly Figures[]) => void;

/** A running reader of figures. The engine picks the cheapest way it has. */
export interface FiguresFollower {
	/**
	 * Which containers to read, and which of them often.
	 * @param fast about once a second: rows in view or in trouble
	 * @param slow every 5 to 10 s
	 */
	follow(fast: readonly string[], slow: readonly string[]): void;
	/** One line for `doctor` and the header: how figures are read, such as `cgroup files` or `engine, 12 streams`. */
	describe(): string;
	close(): void;
}
