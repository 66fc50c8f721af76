/** One raw reading of a container's resources, whichever way it came. */
export interface Reading {
	/** Total CPU time, ns. */
	readonly cpuNs: number;
	/** CPU time of the whole machine including idle, ns, where it can be trusted. */
	readonly systemNs?: number;
	/** When it was read, on a clock that never jumps, ms. */
	readonly monotonicMs: number;
	readonly onlineCpus: number;
	/** Cores the container may use; absent where unlimited or not told. */
	readonly quotaCores?: number;
	readonly periods?: number;
	readonly throttledPeriods?: number;
	/** As the kernel charges it, with page cache. */
	readonly memoryBytes: number;
	readonly inactiveFileBytes: number;
	readonly cacheBytes?: number;
	readonly memoryLimitBytes: number;
	readonly rxBytes?: number;
	readonly txBytes?: number;
	readonly readBytes?: number;
	readonly writeBytes?: number;
	readonly pids?: number;
}
