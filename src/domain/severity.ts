/** How bad a trouble is: P0 down, P1 degraded, P2 slow or at risk, P3 minor. */
export type Severity = 'P0' | 'P1' | 'P2' | 'P3';

/** All severities, the worst first. */
export const severities: readonly Severity[] = ['P0', 'P1', 'P2', 'P3'];

/** Rank for sorting: 0 for P0 … 3 for P3, 4 where nothing is wrong. */
export const severityRank = (severity: Severity | undefined): number =>
	severity === undefined ? 4 : severities.indexOf(severity);
