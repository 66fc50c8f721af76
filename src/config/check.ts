import { builtInSignals } from '../domain/signal.ts';
import { compileRule, RuleError } from '../judge/compile.ts';
import type { PlacedComplaint } from './place.ts';
import { compileCommandExpectation, compileHttpExpectation, ExpectationError } from './expectation.ts';
import type { ProbeConfig, ProbeKind } from './probeSchema.ts';
import type { Config } from './schema.ts';
import { aliasesOfKind } from './services.ts';
import { suggest } from './suggest.ts';

export type TextComplaint = PlacedComplaint;

/** Figures of each kind of probe beside `ok` and `latencyMs`. */
const figuresOf: Readonly<Record<ProbeKind, readonly string[]>> = {
	http: ['status', 'p95', 'availability'],
	prometheus: ['requestRate', 'requests', 'errors', 'errorRate', 'p95'],
	tcp: [],
	command: ['exitCode'],
	sqlite: ['locked', 'corrupt', 'queryMs', 'sizeBytes', 'walBytes'],
	disk: ['percent', 'freeBytes'],
};

const probeSignals = (probe: ProbeConfig): readonly string[] =>
	['ok', 'latencyMs', ...figuresOf[probe.kind]].map((figure) => `probe.${probe.name}.${figure}`);

const offsetWords = (offset: number): string => `at character ${offset + 1}`;

const checkCondition = (when: string, path: readonly PropertyKey[], known: ReadonlySet<string>): readonly TextComplaint[] => {
	try {
		const compiled = compileRule({ id: 'check', severity: 'P3', title: '', when, forSeconds: 0, source: '' });
		return compiled.signals
			.filter((each) => !known.has(each.name))
			.map((each) => {
				const meant = suggest(each.name, known);
				const hint = meant === undefined ? 'no probe or reading gives it' : `did you mean ${meant}`;
				return { path, atKey: false, offset: each.start, message: `unknown signal "${each.name}" ${offsetWords(each.start)}; ${hint}` };
			});
	} catch (error) {
		if (!(error instanceof RuleError)) throw error;
		return [{ path, atKey: false, offset: error.start, message: `${error.message}, ${offsetWords(error.start)} of the condition` }];
	}
};

const checkExpectation = (compile: (text: string) => unknown, text: string | undefined, path: readonly PropertyKey[]): readonly TextComplaint[] => {
	if (text === undefined) return [];
	try {
		compile(text);
		return [];
	} catch (error) {
		if (!(error instanceof ExpectationError)) throw error;
		return [{ path, atKey: false, offset: error.start, message: `${error.message}, ${offsetWords(error.start)} of the condition` }];
	}
};

const checkProbes = (probes: readonly ProbeConfig[], path: readonly PropertyKey[]): readonly TextComplaint[] => {
	const names = new Set<string>();
	return probes.flatMap((probe, index) => {
		const complaints: TextComplaint[] = [];
		const at = [...path, index];
		if (names.has(probe.name)) complaints.push({ path: [...at, 'name'], atKey: false, message: `two probes of one service are called "${probe.name}"` });
		names.add(probe.name);
		if (probe.kind === 'http') complaints.push(...checkExpectation(compileHttpExpectation, probe.expect, [...at, 'expect']));
		if (probe.kind === 'command') complaints.push(...checkExpectation(compileCommandExpectation, probe.expect, [...at, 'expect']));
		if (probe.kind === 'prometheus' && probe.errorPattern !== undefined && !isPattern(probe.errorPattern)) {
			complaints.push({ path: [...at, 'errorPattern'], atKey: false, message: 'expected a regular expression' });
		}
		return complaints;
	});
};

const isPattern = (text: string): boolean => {
	try {
		return new RegExp(text).source !== '';
	} catch {
		return false;
	}
};

/** What the schema cannot see: conditions that do not compile, signals nobody gives, names that stand twice or nowhere. */
export const checkConfig = (config: Config): readonly TextComplaint[] => {
	const services = Object.entries(config.services ?? {});
	const base = [...Object.keys(builtInSignals), ...Object.values(aliasesOfKind).flatMap((each) => Object.keys(each))];
	const all = new Set([...base, ...services.flatMap(([, service]) => (service.probes ?? []).flatMap(probeSignals))]);
	const complaints: TextComplaint[] = [];
	const ids = new Set<string>();
	config.rules?.forEach((rule, index) => {
		complaints.push(...checkCondition(rule.when, ['rules', index, 'when'], all));
		const key = `${rule.id} ${rule.services?.join(' ') ?? ''}`;
		if (ids.has(key)) complaints.push({ path: ['rules', index, 'id'], atKey: false, message: `two rules are called "${rule.id}"` });
		ids.add(key);
		rule.services?.forEach((name, place) => {
			const meant = config.services !== undefined && !(name in config.services) ? suggest(name, Object.keys(config.services)) : undefined;
			if (meant !== undefined) complaints.push({ path: ['rules', index, 'services', place], atKey: false, message: `no such service; did you mean ${meant}` });
		});
	});
	for (const [id, change] of Object.entries(config.builtInRules ?? {})) {
		if (change?.when !== undefined) complaints.push(...checkCondition(change.when, ['builtInRules', id, 'when'], all));
	}
	for (const [name, service] of services) {
		const path = ['services', name];
		const own = new Set([...base, ...(service.probes ?? []).flatMap(probeSignals)]);
		const selectors = [service.container, service.compose, service.image].filter((each) => each !== undefined);
		if (selectors.length > 1) complaints.push({ path, atKey: true, message: 'expected one of container, compose and image, found several' });
		complaints.push(...checkProbes(service.probes ?? [], [...path, 'probes']));
		service.rules?.forEach((rule, index) => complaints.push(...checkCondition(rule.when, [...path, 'rules', index, 'when'], own)));
	}
	return complaints;
};
