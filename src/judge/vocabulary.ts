import { Environment } from '@marcbachmann/cel-js';
import { formatDuration } from '../domain/duration.ts';
import { throwMissing } from './missing.ts';
import type { Reading } from './reading.ts';
import { highest, increasePerSecond, lowest, mean, windowOf } from './window.ts';

/** `container` in a condition: the one that stands worst among the service's replicas. */
export class ContainerWords {
	readonly name: string;
	readonly image: string;
	readonly state: string;
	readonly health: string;
	readonly standing: string;
	readonly exitCode: number;
	readonly oomKilled: boolean;
	readonly running: boolean;
	readonly upSeconds: number;
	readonly downSeconds: number;

	constructor(reading: Reading) {
		const worst = reading.worst;
		const container = worst?.container;
		this.name = container?.name ?? '';
		this.image = container?.image ?? '';
		this.state = container?.state ?? 'missing';
		this.health = container?.health ?? 'none';
		this.standing = worst?.kind ?? 'missing';
		this.exitCode = worst?.exitCode ?? -1;
		this.oomKilled = worst?.oomKilled ?? false;
		this.running = container?.state === 'running';
		this.upSeconds = this.running ? Math.max(0, reading.now - (container?.startedAt ?? reading.now)) / 1000 : 0;
		this.downSeconds = worst?.kind === 'down' ? Math.max(0, reading.now - (worst.since ?? reading.now)) / 1000 : 0;
	}
}

/** `replicas` in a condition: how many of the service's containers stand how. */
export class ReplicaWords {
	readonly total: number;
	readonly running: number;
	readonly down: number;
	readonly unhealthy: number;
	readonly paused: number;
	readonly stopped: number;

	constructor(reading: Reading) {
		this.unhealthy = reading.count('unhealthy');
		this.paused = reading.count('paused');
		this.running = reading.count('up') + reading.count('starting') + this.unhealthy;
		this.stopped = reading.count('stopped');
		// A service that stands in sitrep.yaml and has no container at all is down.
		const absent = reading.standings.length === 0 && (reading.expected ?? 'running') === 'running' ? 1 : 0;
		this.down = reading.count('down') + absent;
		// A stopped replica is no part of what should run, unless all of them are.
		this.total = this.running + this.paused + this.down;
	}
}

/** What `probe("name")` gives. */
class ProbeWords {
	readonly ok: boolean;
	readonly durationMs: number;
	readonly words: string;
	readonly ageSeconds: number;

	constructor(ok: boolean, durationMs: number, words: string, ageSeconds: number) {
		this.ok = ok;
		this.durationMs = durationMs;
		this.words = words;
		this.ageSeconds = ageSeconds;
	}
}

/** The reading that conditions are being evaluated over; set for the time of one synchronous evaluation only. */
let current: Reading | undefined;

const reading = (): Reading => current ?? throwMissing('no service to look at');

/** Runs a condition over one service's reading. */
export const over = <T>(of: Reading, run: () => T): T => {
	current = of;
	try {
		return run();
	} finally {
		current = undefined;
	}
};

const probe = (name: string): ProbeWords => {
	const from = reading();
	const result = from.facts.probes.find((each) => each.probe === name);
	if (result === undefined) return throwMissing(`no result of probe ${name}`);
	const age = from.now - result.at - result.durationMs;
	if (age > from.maxAge(`probe.${name}.ok`)) return throwMissing(`last result of probe ${name} ${formatDuration(age)} old`);
	return new ProbeWords(result.ok, result.durationMs, result.words, age / 1000);
};

const inWindow = (name: string, seconds: number | bigint, figure: (samples: ReturnType<typeof windowOf>) => number): number => {
	const from = reading();
	// A window that ended long ago says nothing about now.
	from.signal(name);
	const value = figure(windowOf(from.facts.signals, name, Number(seconds), from.now));
	from.asked.set(name, value);
	return value;
};

const arithmetic: Readonly<Record<string, (a: number, b: number) => number>> = {
	'+': (a, b) => a + b,
	'-': (a, b) => a - b,
	'*': (a, b) => a * b,
	'/': (a, b) => a / b,
	'%': (a, b) => a % b,
};

/**
 * CEL keeps int and double apart, and `signal("x") * 2` would be a type error. Every figure of ours is a
 * double, so the mixed operators are defined, as doubles.
 */
export const allowMixedNumbers = (environment: Environment): Environment => {
	for (const [sign, apply] of Object.entries(arithmetic)) {
		const mixed = (a: number | bigint, b: number | bigint): number => apply(Number(a), Number(b));
		environment.registerOperator(`double ${sign} int: double`, mixed);
		environment.registerOperator(`int ${sign} double: double`, mixed);
	}
	environment.registerOperator('double % double: double', (a: number, b: number) => a % b);
	// Equality is symmetric in the library, and `!=` follows from it.
	environment.registerOperator('double == int', (a: number | bigint, b: number | bigint) => Number(a) === Number(b));
	environment.registerOperator('double in list<int>', (a: number, list: readonly bigint[]) => list.some((each) => Number(each) === a));
	return environment;
};

const build = (): Environment => {
	const environment = new Environment({ homogeneousAggregateLiterals: false })
		.registerType('Container', {
			ctor: ContainerWords,
			fields: {
				name: 'string',
				image: 'string',
				state: 'string',
				health: 'string',
				standing: 'string',
				exitCode: 'double',
				oomKilled: 'bool',
				running: 'bool',
				upSeconds: 'double',
				downSeconds: 'double',
			},
		})
		.registerType('Replicas', {
			ctor: ReplicaWords,
			fields: { total: 'double', running: 'double', down: 'double', unhealthy: 'double', paused: 'double', stopped: 'double' },
		})
		.registerType('Probe', { ctor: ProbeWords, fields: { ok: 'bool', durationMs: 'double', words: 'string', ageSeconds: 'double' } })
		.registerVariable('container', 'Container')
		.registerVariable('replicas', 'Replicas')
		.registerVariable('restarts', 'double')
		.registerVariable('crashes', 'double')
		.registerVariable('oomKills', 'double')
		.registerFunction('signal(string): double', (name: string) => reading().signal(name))
		.registerFunction('measured(string): bool', (name: string) => reading().facts.signals.latest(name) !== undefined)
		.registerFunction('age(string): double', (name: string) => {
			const sample = reading().facts.signals.latest(name);
			return sample === undefined ? throwMissing(`no sample of ${name}`) : (reading().now - sample.at) / 1000;
		})
		.registerFunction('probe(string): Probe', probe);
	const figures = { avg: mean, max: highest, min: lowest, rate: increasePerSecond };
	for (const [name, figure] of Object.entries(figures)) {
		const handler = (signal: string, seconds: number | bigint): number => inWindow(signal, seconds, figure);
		environment.registerFunction(`${name}(string, int): double`, handler);
		environment.registerFunction(`${name}(string, double): double`, handler);
	}
	return allowMixedNumbers(environment);
};

let shared: Environment | undefined;

/** The words of a rule's condition. Made at first use: building it takes some milliseconds. */
export const vocabulary = (): Environment => (shared ??= build());
