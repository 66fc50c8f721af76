import { formatBytes } from '../domain/bytes.ts';
import { formatDuration, formatLatency } from '../domain/duration.ts';
import type { Rule } from '../domain/rule.ts';
import { sanitiseText } from '../domain/sanitise.ts';
import { exitWords } from './exitCode.ts';
import type { Reading } from './reading.ts';
import type { Standing } from './standing.ts';

/** Longest words of somebody else that go into a reason, in characters. */
const maxForeign = 120;

/** First line that says something, harmless and cut. Engines and health checks write what they like. */
export const foreignWords = (text: string): string => {
	const line = text.slice(0, 4096).split(/[\r\n]+/).find((each) => each.trim() !== '') ?? '';
	const harmless = sanitiseText(line).trim();
	return harmless.length > maxForeign ? `${harmless.slice(0, maxForeign - 1)}…` : harmless;
};

/** `1st`, `2nd`, `3rd`, `11th`. */
export const ordinal = (count: number): string => {
	const tens = count % 100;
	if (tens >= 11 && tens <= 13) return `${count}th`;
	return `${count}${['th', 'st', 'nd', 'rd'][count % 10] ?? 'th'}`;
};

const percent = (value: number): string => `${value >= 10 || Number.isInteger(value) ? Math.floor(value) : value.toFixed(1)} %`;

/** Only what was measured: a reason never shows a guess. */
const latest = (reading: Reading, name: string): number | undefined => reading.facts.signals.latest(name)?.value;

/** Which time in 10 min it is; where it ended otherwise before, which crash. */
const timesWords = ({ crashes, oomKilled, oomKills }: Standing): string => (crashes > 1 ? `, ${ordinal(crashes)} ${oomKilled && oomKills !== crashes ? 'crash' : 'time'} in 10 min` : '');

/** `down 42 s: exited 137, killed for memory, 3rd time in 10 min`. */
export const downWords = (standing: Standing, now: number): string => {
	const { container } = standing;
	const error = container.detail?.error ?? '';
	const lasting = standing.since === undefined ? '' : ` ${formatDuration(now - standing.since)}`;
	const times = timesWords(standing);
	if (container.state === 'created') return `cannot start: ${foreignWords(error)}`;
	const exit = exitWords(standing.exitCode, standing.oomKilled);
	if (container.state === 'running') return `restart loop: ${exit}${times}`;
	if (container.state === 'restarting') return `restarting: ${exit}${times}`;
	if (container.state === 'dead') return `dead${lasting}: ${exit}`;
	if (standing.lastEnd?.asked === true) return `down${lasting}: stopped on request`;
	if (error !== '') return `down${lasting}: ${foreignWords(error)}`;
	return `down${lasting}: ${exit}${times}`;
};

/** The newest failing result of the container's own health check, in its own words. */
const healthWords = (standing: Standing): string => {
	const log = standing.container.detail?.healthLog ?? [];
	const last = log.findLast((result) => result.exitCode !== 0);
	if (last === undefined) return '';
	const said = foreignWords(last.output);
	if (said !== '') return `: ${said}`;
	// Docker gives -1 where the check did not end in time.
	return last.exitCode < 0 ? ': check timed out' : `: check exited ${last.exitCode}`;
};

const unhealthyWords = (standing: Standing, now: number): string =>
	`unhealthy${standing.since === undefined ? '' : ` ${formatDuration(now - standing.since)}`}${healthWords(standing)}`;

const firstOf = (reading: Reading, kind: Standing['kind']): Standing | undefined => reading.standings.find((each) => each.kind === kind);

/** Words of the probe that saw this figure above zero. */
const probeWords = (reading: Reading, figure: string): string => {
	const result = reading.facts.probes.find((each) => (each.figures[figure] ?? 0) > 0);
	return result === undefined ? '' : foreignWords(result.words);
};

/** `database locked 12 s by worker, process 4711`. */
const lockedWords = (reading: Reading, since: number): string =>
	`database locked ${formatDuration(reading.now - since)}${/ by .*/.exec(probeWords(reading, 'locked'))?.[0] ?? ''}`;

const replicaWords = (reading: Reading): string => {
	const down = firstOf(reading, 'down');
	const total = reading.standings.filter((each) => !['stopped', 'idle', 'old', 'completed'].includes(each.kind)).length;
	if (down !== undefined) return `${reading.count('down')} of ${total} replicas ${downWords(down, reading.now)}`;
	const unhealthy = firstOf(reading, 'unhealthy');
	const count = reading.count('unhealthy');
	return unhealthy === undefined ? 'some replicas down' : `${count} of ${total} replicas ${unhealthyWords(unhealthy, reading.now)}`;
};

const oomWords = (reading: Reading): string => {
	const ends = reading.standings.flatMap((each) => (each.lastEnd?.oom === true ? [each.lastEnd.at] : []));
	const count = reading.sum((each) => each.oomKills);
	const ago = ends.length === 0 ? '' : ` ${formatDuration(reading.now - Math.max(...ends))} ago`;
	return `killed for memory${ago}${count > 1 ? `, ${ordinal(count)} time in 10 min` : ''}`;
};

const memoryWords = (reading: Reading): string => {
	const value = latest(reading, 'memory.percent');
	const limit = latest(reading, 'memory.limitBytes');
	return `memory ${value === undefined ? 'high' : percent(value)}${limit === undefined || limit <= 0 ? '' : ` of ${formatBytes(limit)}`}`;
};

const figureWords = (name: string, words: (value: number) => string, fallback: string) => (reading: Reading): string => {
	const value = latest(reading, name);
	return value === undefined ? fallback : words(value);
};

const errorRateWords = figureWords('http.errorRate', (value) => `error rate ${percent(value)}`, 'error rate high');
const p95Words = figureWords('http.p95', (value) => `p95 ${formatLatency(value)}`, 'responses slow');

/** An error younger than this counts as coming still, ms. */
const freshErrorMs = 30_000;

/** What the newest of them says: which errors they are is most of what one wants to know. */
const lastErrorWords = ({ facts, now }: Reading): string => {
	const last = facts.lastError?.();
	const words = foreignWords(last?.words ?? '');
	if (last === undefined || words === '') return '';
	// The burst may be over: what has not come for a while is no longer what one waits to see end.
	return now - last.at < freshErrorMs ? `, last: ${words}` : `, last ${formatDuration(now - last.at)} ago: ${words}`;
};

/** What built-in rules say, by rule id. */
const builtInReasons: Readonly<Record<string, (reading: Reading, since: number) => string>> = {
	'container-down': (reading) => {
		const down = reading.standings.filter((each) => each.kind === 'down');
		const first = down[0];
		if (first === undefined) return 'no container';
		return `${down.length > 1 ? `all ${down.length} replicas ` : ''}${downWords(first, reading.now)}`;
	},
	'health-failing': (reading, since) => {
		const first = firstOf(reading, 'unhealthy');
		return first === undefined ? 'unhealthy' : unhealthyWords({ ...first, since: first.since ?? since }, reading.now);
	},
	'replica-down': replicaWords,
	'oom-kill': oomWords,
	'restart-loop': (reading) => {
		const restarts = reading.sum((each) => each.restarts);
		const crashes = reading.sum((each) => each.crashes);
		return `${restarts} restarts in 10 min${crashes < restarts ? `, ${crashes} ends nobody asked for` : ''}`;
	},
	'error-rate': errorRateWords,
	'error-rate-raised': errorRateWords,
	'response-time': p95Words,
	'response-time-raised': p95Words,
	'memory-critical': (reading, since) => `${memoryWords(reading)} for ${formatDuration(reading.now - since)}`,
	'memory-high': memoryWords,
	'database-corrupt': (reading) => probeWords(reading, 'corrupt') || 'database corrupt',
	'database-locked': lockedWords,
	'disk-usage': figureWords('disk.percent', (value) => `disk ${percent(value)} full`, 'disk filling up'),
	'log-errors': (reading) => `${figureWords('log.errorsIn5Minutes', (value) => `${Math.round(value)} errors in 5 min`, 'errors in the log')(reading)}${lastErrorWords(reading)}`,
	'cpu-high': figureWords('cpu.quotaPercent', (value) => `CPU ${percent(value)} of its quota`, 'CPU high'),
	paused: (reading) => {
		const count = reading.count('paused');
		return count > 1 || reading.standings.length > 1 ? `${count} of ${reading.standings.length} replicas paused` : 'paused';
	},
};

/** A number without needless digits. */
const plain = (value: number): string => String(Number(value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)));

/**
 * Why a rule fires, in words. A rule from sitrep.yaml says its title and what its condition read;
 * a probe's rule says the probe's own words.
 */
export const reasonOf = (rule: Rule, reading: Reading, since: number): string => {
	const own = builtInReasons[rule.id];
	if (own !== undefined) return own(reading, since);
	const failing = rule.id.startsWith('probe:') ? reading.facts.probes.find((each) => `probe:${each.probe}` === rule.id) : undefined;
	if (failing !== undefined) return `${failing.probe} failing ${formatDuration(reading.now - since)}: ${foreignWords(failing.words)}`;
	const read = [...reading.asked].slice(0, 3).map(([name, value]) => `${name} ${plain(value)}`);
	return read.length === 0 ? rule.title : `${rule.title}: ${read.join(', ')}`;
};
