import { Environment } from '@marcbachmann/cel-js';
import { severities } from '../../domain/severity.ts';
import { throwMissing } from './missing.ts';
import { isFound } from './pattern.ts';
import type { Facts, Missing, WindowFigure } from './scope.ts';

/** The name under which the bounded `matches` stands; the library's own one cannot be replaced. */
export const boundedMatches = 'matches_in_time';

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

/** Set for the time of one synchronous evaluation only. */
let current: Facts | undefined;

/** Evaluates over these facts. */
export const withFacts = <T>(facts: Facts | undefined, run: () => T): T => {
	const before = current;
	current = facts;
	try {
		return run();
	} finally {
		current = before;
	}
};

const facts = (): Facts => current ?? throwMissing('no service to look at');

const isMissing = (answer: object): answer is Missing => 'missing' in answer;

const present = (answer: number | Missing): number => {
	if (typeof answer === 'number') return Number.isNaN(answer) ? throwMissing('a figure that is no number') : answer;
	return throwMissing(answer.missing);
};

const probe = (name: string, service?: string): ProbeWords => {
	const answer = facts().probe(name, service);
	if (isMissing(answer)) return throwMissing(answer.missing);
	return new ProbeWords(answer.ok, answer.durationMs, answer.words, answer.ageSeconds);
};

const baseline = (name: string, service?: string): number => present(facts().baseline?.(name, service) ?? throwMissing(`no baseline of ${name}`));

const hasBaseline = (name: string): boolean => typeof facts().baseline?.(name) === 'number';

const firing = (severity: string): number => {
	const wanted = severities.find((each) => each === severity);
	return wanted === undefined ? throwMissing(`no severity ${severity}: it is one of ${severities.join(', ')}`) : present(facts().firing?.(wanted) ?? throwMissing('no alerts to look at'));
};

const figureOf =
	(figure: WindowFigure) =>
	(name: string, seconds: number | bigint, service?: string): number =>
		present(facts().figure?.(figure, name, Number(seconds), service) ?? throwMissing(`no window of ${name}`));

const isMeasured = (name: string): boolean => typeof facts().signal(name) === 'number';

const arithmetic: Readonly<Record<string, (a: number, b: number) => number>> = {
	'+': (a, b) => a + b,
	'-': (a, b) => a - b,
	'*': (a, b) => a * b,
	'/': (a, b) => a / b,
	'%': (a, b) => a % b,
};

/** Figures and numbers from JSON are doubles, and `json.count + 1` would be a type error: CEL keeps int and double apart. */
const allowMixedNumbers = (environment: Environment): void => {
	for (const [sign, apply] of Object.entries(arithmetic)) {
		const mixed = (a: number | bigint, b: number | bigint): number => apply(Number(a), Number(b));
		environment.registerOperator(`double ${sign} int: double`, mixed);
		environment.registerOperator(`int ${sign} double: double`, mixed);
	}
	environment.registerOperator('double % double: double', (a: number, b: number) => a % b);
	environment.registerOperator('double == int', (a: number | bigint, b: number | bigint) => Number(a) === Number(b));
};

const build = (): Environment => {
	const environment = new Environment({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false, limits: { maxAstNodes: 2000, maxDepth: 60 } })
		.registerType('Probe', { ctor: ProbeWords, fields: { ok: 'bool', durationMs: 'double', words: 'string', ageSeconds: 'double' } })
		.registerFunction('signal(string): double', (name: string) => present(facts().signal(name)))
		.registerFunction('signal(string, string): double', (name: string, service: string) => present(facts().signal(name, service)))
		.registerFunction('measured(string): bool', isMeasured)
		.registerFunction('probe(string): Probe', (name: string) => probe(name))
		.registerFunction('probe(string, string): Probe', probe)
		.registerFunction('baseline(string): double', (name: string) => baseline(name))
		.registerFunction('baseline(string, string): double', baseline)
		.registerFunction('hasBaseline(string): bool', hasBaseline)
		.registerFunction('firing(string): double', firing)
		.registerFunction(`string.${boundedMatches}(string): bool`, (text: string, pattern: string) => isFound(pattern, text));
	for (const figure of ['avg', 'max', 'min', 'rate'] as const) {
		const of = figureOf(figure);
		for (const number of ['int', 'double']) {
			environment.registerFunction(`${figure}(string, ${number}): double`, (name: string, seconds: number | bigint) => of(name, seconds));
			environment.registerFunction(`${figure}(string, ${number}, string): double`, of);
		}
	}
	allowMixedNumbers(environment);
	return environment;
};

let shared: Environment | undefined;

/** The words of expressions. Made at first use: building it takes some milliseconds. */
export const vocabulary = (): Environment => (shared ??= build());
