/** The numbers that built-in rules compare with. Each can be changed in sitrep.yaml, for all services or for one. */
export const defaultThresholds = {
	/** Percent of the container's own memory limit. P09 runbook, alerts: "Memory usage > 90%". */
	memoryPercent: 90,
	/** Percent of the memory limit, held 5 minutes. AIT42 deployment SOP, rollback criteria: "Memory > 95% for 5 min". */
	memoryCriticalPercent: 95,
	/** Percent of the container's CPU quota, held 5 minutes. P09 runbook, alert queries: CPU above 80. */
	cpuPercent: 80,
	/** Starts beyond the first within 10 minutes, and as many ends that nobody asked for. P09 validation SOP, rollback triggers: "restart count > 3 in 10 minutes". */
	restarts: 3,
	/** Errors in the log within 5 minutes. P09 runbook, alert queries: "Alert if > 10 errors in 5 minutes". */
	logErrors: 10,
	/** Percent of log lines that must be errors besides. P09 runbook, objectives: error rate below 1 %. */
	logErrorPercent: 1,
	/** Percent of requests. P09 runbook, alerts: "Error rate > 5%". */
	errorRatePercent: 5,
	/** Percent of requests. AIT42 deployment SOP, alert rules: "Error rate > 1% for 5 minutes". */
	errorRateWarnPercent: 1,
	/** Milliseconds. P09 runbook, alerts: "Response time > 1s (p95)". */
	p95Ms: 1000,
	/** Milliseconds. P09 runbook, incident classes, P2: responses between 500 ms and 1 s. */
	p95WarnMs: 500,
	/** Percent of a file system. P09 runbook, alerts: "Disk usage > 80%". */
	diskPercent: 80,
} as const;

export type ThresholdName = keyof typeof defaultThresholds;
export type Thresholds = Readonly<Record<ThresholdName, number>>;

export const isThresholdName = (name: string): name is ThresholdName => Object.hasOwn(defaultThresholds, name);

export const thresholdNames: readonly ThresholdName[] = Object.keys(defaultThresholds).filter(isThresholdName);
