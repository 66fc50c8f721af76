import type { Rule } from '../domain/rule.ts';
import type { Thresholds } from './thresholds.ts';
import { defaultThresholds } from './thresholds.ts';

// One failed request among a few is a high rate and says little: two are asked for where errors are counted.
const errorsCounted = '!(measured("http.errors") && signal("http.errors") < 2.0)';
// A service that nobody asks has no response time, and needs none.
const asked = '!(measured("http.requestRate") && signal("http.requestRate") == 0.0)';

/**
 * So long an end is held back, seconds: the engine tells of an asked stop some milliseconds after the end itself (13 to
 * 16 ms measured), and its restart policy brings a container back within some hundred. An end of which it is settled
 * that neither can follow fires at once.
 */
export const endHoldSeconds = 0.5;

/** A number as a CEL double, so that it never mixes with an int. */
const num = (value: number): string => (Number.isInteger(value) ? `${value}.0` : String(value));

/**
 * The rules that hold with no configuration, in the order in which their reasons are told.
 *
 * A rule over figures asks `container.running` first, for a container that is not running has none; a rule over a
 * probe's figure asks `measured` first, for a service without such a probe cannot break it. What was measured once
 * and then stops coming is inconclusive.
 */
export const builtInRules = (thresholds: Thresholds = defaultThresholds): readonly Rule[] => [
	{
		id: 'container-down',
		severity: 'P0',
		title: 'Container down',
		when: 'replicas.down > 0.0 && replicas.running + replicas.paused == 0.0',
		forSeconds: endHoldSeconds,
		source: 'P09 runbook, alerts: container down, P0, immediate',
	},
	{
		id: 'health-failing',
		severity: 'P0',
		title: 'Health check failing',
		when: 'replicas.unhealthy > 0.0 && replicas.unhealthy == replicas.running',
		forSeconds: 0,
		source: 'P09 runbook, alerts: health check failing, P0, immediate',
	},
	{
		id: 'database-corrupt',
		severity: 'P0',
		title: 'Database corrupt',
		when: 'measured("db.corrupt") && signal("db.corrupt") > 0.0',
		forSeconds: 0,
		source: 'P09 runbook, quick reference: database corrupt, P0',
	},
	{
		id: 'replica-down',
		severity: 'P1',
		title: 'Some replicas down or unhealthy',
		when: 'replicas.running + replicas.paused > 0.0 && replicas.down + replicas.unhealthy > 0.0 && replicas.unhealthy < replicas.running',
		forSeconds: endHoldSeconds,
		source: 'P09 runbook, incident classes: P1, degraded service',
	},
	{
		id: 'oom-kill',
		severity: 'P1',
		title: 'Killed for memory',
		// Down as well, it is container-down, whose reason says so.
		when: 'oomKills > 0.0 && replicas.running > 0.0',
		forSeconds: 0,
		source: 'P09 runbook, container crashed: OOMKilled',
	},
	{
		id: 'restart-loop',
		severity: 'P1',
		title: 'Restart loop',
		// A loop is made of ends that nobody asked for: a person who restarts a service four times is no incident. What
		// was stopped on request is no loop any more, whatever it did before.
		when: `restarts >= ${num(thresholds.restarts)} && crashes >= ${num(thresholds.restarts)} && replicas.running + replicas.down > 0.0`,
		// An end counts as asked for only once the engine has said so.
		forSeconds: endHoldSeconds,
		source: 'P09 validation SOP, rollback triggers: restart count in 10 minutes',
	},
	{
		id: 'error-rate',
		severity: 'P1',
		title: 'Error rate high',
		when: `measured("http.errorRate") && ${errorsCounted} && signal("http.errorRate") > ${num(thresholds.errorRatePercent)}`,
		forSeconds: 0,
		source: 'P09 runbook, alerts: error rate > 5 %, P1',
	},
	{
		id: 'response-time',
		severity: 'P1',
		title: 'Responses slow',
		when: `measured("http.p95") && ${asked} && signal("http.p95") > ${num(thresholds.p95Ms)}`,
		forSeconds: 0,
		source: 'P09 runbook, alerts: response time > 1 s (p95), P1',
	},
	{
		id: 'memory-critical',
		severity: 'P1',
		title: 'Memory nearly exhausted',
		when: `container.running && signal("memory.percent") > ${num(thresholds.memoryCriticalPercent)}`,
		forSeconds: 300,
		source: 'AIT42 deployment SOP, rollback criteria: memory > 95 % for 5 min, critical',
	},
	{
		id: 'database-locked',
		severity: 'P2',
		title: 'Database locked',
		when: 'measured("db.locked") && signal("db.locked") > 0.0',
		forSeconds: 0,
		source: 'P09 runbook, alerts: database file locked, P2',
	},
	{
		id: 'disk-usage',
		severity: 'P2',
		title: 'Disk filling up',
		when: `measured("disk.percent") && signal("disk.percent") > ${num(thresholds.diskPercent)}`,
		forSeconds: 0,
		source: 'P09 runbook, alerts: disk usage > 80 %, P2',
	},
	{
		id: 'log-errors',
		severity: 'P2',
		title: 'Errors in the log',
		// The count is P09's, for a small service. One that writes thousands of lines a minute has ten errors in
		// any five minutes, so they must also be one line in a hundred.
		when:
			`measured("log.errorsIn5Minutes") && signal("log.errorsIn5Minutes") > ${num(thresholds.logErrors)} && ` +
			`signal("log.errorsIn5Minutes") >= signal("log.linesIn5Minutes") * ${num(thresholds.logErrorPercent / 100)}`,
		forSeconds: 0,
		source: 'P09 runbook, alert queries: more than 10 errors in 5 minutes',
	},
	{
		id: 'error-rate-raised',
		severity: 'P2',
		title: 'Error rate raised',
		when:
			`measured("http.errorRate") && ${errorsCounted} && signal("http.errorRate") > ${num(thresholds.errorRateWarnPercent)} && ` +
			`signal("http.errorRate") <= ${num(thresholds.errorRatePercent)}`,
		forSeconds: 60,
		source: 'AIT42 deployment SOP, alert rules: error rate > 1 %; P09 runbook, objectives: < 1 %',
	},
	{
		id: 'response-time-raised',
		severity: 'P2',
		title: 'Responses slower than they should be',
		when:
			`measured("http.p95") && ${asked} && signal("http.p95") > ${num(thresholds.p95WarnMs)} && ` +
			`signal("http.p95") <= ${num(thresholds.p95Ms)}`,
		forSeconds: 60,
		source: 'P09 runbook, incident classes: P2, response time 500 ms to 1 s',
	},
	{
		id: 'cpu-high',
		severity: 'P2',
		title: 'CPU quota nearly used up',
		// A container without a quota has no such figure: a whole core in use is no trouble by itself.
		when: `container.running && measured("cpu.quotaPercent") && signal("cpu.quotaPercent") > ${num(thresholds.cpuPercent)}`,
		forSeconds: 300,
		source: 'P09 runbook, alert queries: CPU above 80 %',
	},
	{
		id: 'paused',
		severity: 'P2',
		title: 'Paused',
		when: 'replicas.paused > 0.0',
		forSeconds: 0,
		source: 'sitrep: a paused container answers nobody',
	},
	{
		id: 'memory-high',
		severity: 'P3',
		title: 'Memory high',
		when: `container.running && signal("memory.percent") > ${num(thresholds.memoryPercent)}`,
		// One reading above the line is a peak; P09 gives four hours to answer.
		forSeconds: 15,
		source: 'P09 runbook, alerts: memory usage > 90 %, P3',
	},
];

/** A firing rule whose reason is already told by another one: its words are left out of the row. */
export const toldBy: Readonly<Record<string, readonly string[]>> = {
	'container-down': ['restart-loop', 'oom-kill'],
	'oom-kill': ['memory-high', 'memory-critical'],
	'memory-critical': ['memory-high'],
	'database-corrupt': ['database-locked'],
};
