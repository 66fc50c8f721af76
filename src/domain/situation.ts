import type { EngineInfo } from './engine.ts';
import type { Figures } from './figures.ts';
import type { ProbeResult } from './probe.ts';
import type { Alert, Inconclusive } from './rule.ts';
import type { Service } from './service.ts';
import type { Severity } from './severity.ts';

/** How one service stands. */
export interface ServiceStatus {
	readonly service: Service;
	/** The worst firing alert's severity; absent where nothing fires. */
	readonly severity?: Severity;
	/** `?` where nothing can be said, `-` where it is stopped on purpose. */
	readonly mark: 'ok' | Severity | '?' | '-';
	/** Why, in words. */
	readonly reason: string;
	/** Firing and pending, the worst first. */
	readonly alerts: readonly Alert[];
	readonly inconclusive: readonly Inconclusive[];
	/** Summed over the service's running containers; absent before the first reading. */
	readonly figures?: Omit<Figures, 'containerId'>;
	readonly rxBytesPerSecond?: number;
	readonly txBytesPerSecond?: number;
	readonly errorsPerMinute?: number;
	/** Starts beyond the first within the last 10 minutes, from events. */
	readonly restarts: number;
	readonly probes: readonly ProbeResult[];
}

/** The situation report: how everything stands at one moment. */
export interface Situation {
	/** Epoch ms. */
	readonly at: number;
	readonly engine: EngineInfo;
	/** Sorted by severity, then by group and name. */
	readonly services: readonly ServiceStatus[];
}
