import { z } from 'zod';
import { logLevels } from '../../domain/log.ts';

// Commands import only the types of this file: the library behind it would cost each of them its start-up time.

const time = z.iso.datetime().describe('ISO 8601, UTC');
const version = z.literal(1).describe('grows when a field is taken away or changes its meaning');
const severity = z.enum(['P0', 'P1', 'P2', 'P3']);
const state = z.enum(['ok', 'warn', 'fail']);

const containerShape = z.strictObject({
	id: z.string(),
	name: z.string(),
	image: z.string(),
	state: z.enum(['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead']),
	health: z.enum(['none', 'starting', 'healthy', 'unhealthy']),
	exitCode: z.number().nullable().describe('of the last run, where it is not running'),
	startedAt: time.nullable(),
	finishedAt: time.nullable(),
});

const figuresShape = z.strictObject({
	at: time,
	cpuPercent: z.number().nullable().describe('percent of one core'),
	memoryBytes: z.number().describe('in use, less inactive page cache'),
	memoryLimitBytes: z.number().describe('the memory of the host where there is no limit'),
	memoryPercent: z.number(),
	networkRxBytesPerSecond: z.number().nullable(),
	networkTxBytesPerSecond: z.number().nullable(),
	pids: z.number().nullable(),
});

const alertShape = z.strictObject({
	rule: z.string(),
	severity,
	state: z.enum(['pending', 'firing']),
	since: time,
	reason: z.string(),
	stale: z.string().nullable().describe('why it is not confirmed any more'),
});

const serviceShape = z.strictObject({
	id: z.string().describe('`group/service`, or the name of a lone container'),
	name: z.string(),
	group: z.string().nullable().describe('compose project or stack'),
	mark: z.enum(['ok', 'P0', 'P1', 'P2', 'P3', '?', '-']).describe('`?`: nothing can be said; `-`: stopped on purpose'),
	severity: severity.nullable().describe('null: nothing fires'),
	reason: z.string().describe('why, in words'),
	restarts: z.number().describe('starts beyond the first within 10 minutes, as far as they were observed'),
	errorsPerMinute: z.number().nullable().describe('error lines in the log; null where it was not followed'),
	figures: figuresShape.nullable().describe('summed over its running containers; null before the first reading'),
	alerts: z.array(alertShape).describe('the worst first'),
	inconclusive: z.array(z.strictObject({ rule: z.string(), why: z.string() })).describe('rules that could not be judged'),
	probes: z.array(z.strictObject({ name: z.string(), ok: z.boolean(), words: z.string(), at: time, durationMs: z.number() })).describe('the newest result of each'),
	containers: z.array(containerShape).describe('newest first'),
});

/** What `status --json` writes. */
export const statusShape = z.strictObject({
	schemaVersion: version,
	at: time,
	engine: z.strictObject({
		name: z.string(),
		kind: z.enum(['docker', 'podman']),
		address: z.string(),
		origin: z.string().describe('what the choice of the engine came from'),
		product: z.string(),
		version: z.string(),
		apiVersion: z.string(),
		hostName: z.string(),
	}),
	summary: z.strictObject({
		total: z.number(),
		troubled: z.number(),
		unknown: z.number().describe('of which nothing can be said'),
		P0: z.number(),
		P1: z.number(),
		P2: z.number(),
		P3: z.number(),
	}),
	services: z.array(serviceShape).describe('the worst first'),
});

/** One line of `logs --json`. */
export const logLineShape = z.strictObject({
	schemaVersion: version,
	time: z.string().describe('RFC 3339, UTC, nanoseconds, by the clock of the engine'),
	service: z.string().describe('id as in `status --json`'),
	container: z.string().describe('its name'),
	stream: z.enum(['stdout', 'stderr', 'tty']).describe('a container with a terminal has one stream only'),
	level: z.enum(logLevels).nullable().describe('of the entry; null where it names none'),
	message: z.string().describe('the line as it is, control characters escaped as JSON does; bytes that are not UTF-8 become U+FFFD'),
});

/** What `doctor --json` writes. */
export const doctorShape = z.strictObject({
	schemaVersion: version,
	verdict: state.describe('the worst of the checks'),
	checks: z.array(
		z.strictObject({
			id: z.string().describe('stable, such as `engine.reachable`'),
			group: z.enum(['engine', 'permissions', 'terminal', 'versions', 'disk']),
			state,
			title: z.string(),
			words: z.string().describe('what was found'),
			advice: z.string().nullable().describe('what to do about it'),
		}),
	),
});

export type ContainerShape = z.infer<typeof containerShape>;
export type ServiceShape = z.infer<typeof serviceShape>;
export type StatusShape = z.infer<typeof statusShape>;
export type LogLineShape = z.infer<typeof logLineShape>;
export type DoctorShape = z.infer<typeof doctorShape>;
