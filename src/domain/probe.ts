/** Outcome of one probe. A probe that does not answer is a result, not a gap. */
export interface ProbeResult {
	readonly probe: string;
	/** Epoch ms at which it began. */
	readonly at: number;
	readonly durationMs: number;
	readonly ok: boolean;
	/** One line in words: `200 in 12 ms`, `no answer within 5 s`, `connection refused`. */
	readonly words: string;
	/** Figures it measured, by signal name without the probe's prefix: `p95`, `errorRate`, `status`. */
	readonly figures: Readonly<Record<string, number>>;
}

/** A probe, ready to run; its settings are inside. */
export interface Probe {
	readonly name: string;
	readonly kind: string;
	readonly serviceId: string;
	readonly intervalMs: number;
	readonly timeoutMs: number;
	/** Never rejects: a failure is a result. */
	run(signal: AbortSignal): Promise<ProbeResult>;
}
