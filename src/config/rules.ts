import type { Rule } from '../domain/rule.ts';
import type { Severity } from '../domain/severity.ts';
import { builtInRules } from '../judge/builtInRules.ts';
import type { Thresholds } from '../judge/thresholds.ts';
import { defaultThresholds, thresholdNames } from '../judge/thresholds.ts';
import type { ProbeConfig, ProbeKind } from './probeSchema.ts';
import type { Config } from './schema.ts';

/** What a failing probe is where sitrep.yaml does not say: who cannot be reached is down; figures that cannot be read are a risk. */
const probeSeverity: Readonly<Record<ProbeKind, Severity>> = {
	http: 'P0',
	tcp: 'P0',
	command: 'P1',
	sqlite: 'P2',
	prometheus: 'P2',
	disk: 'P2',
};

const merged = (...changes: readonly (Partial<Record<keyof Thresholds, number | undefined>> | undefined)[]): Thresholds => {
	const result: Record<keyof Thresholds, number> = { ...defaultThresholds };
	for (const change of changes) {
		for (const name of thresholdNames) {
			const value = change?.[name];
			if (value !== undefined) result[name] = value;
		}
	}
	return result;
};

const changed = (rule: Rule, config: Config): Rule | undefined => {
	const change = config.builtInRules?.[rule.id];
	if (change === undefined) return rule;
	if (change.disabled === true) return undefined;
	return {
		...rule,
		...(change.severity === undefined ? {} : { severity: change.severity }),
		...(change.for === undefined ? {} : { forSeconds: change.for / 1000 }),
		...(change.when === undefined ? {} : { when: change.when, source: `sitrep.yaml, builtInRules.${rule.id}` }),
	};
};

const probeRule = (service: string, probe: ProbeConfig): Rule => ({
	id: `probe:${probe.name}`,
	severity: probe.severity ?? probeSeverity[probe.kind],
	title: `${probe.name} failing`,
	when: `!probe("${probe.name}").ok`,
	forSeconds: (probe.for ?? 0) / 1000,
	services: [service],
	source: `sitrep.yaml, services.${service}.probes`,
});

/**
 * All rules that hold under a configuration: the built-in ones as changed, variants for services with thresholds
 * of their own, one rule for each probe (`probe:<name>`), and the file's own. Rules name services as the file does;
 * give the judge `namesOf` from `judgeOptions`, so that it knows them.
 */
export const rulesFromConfig = (config: Config): readonly Rule[] => {
	const rules = new Map<string, Rule>();
	for (const rule of builtInRules(merged(config.thresholds))) {
		const kept = changed(rule, config);
		if (kept !== undefined) rules.set(rule.id, kept);
	}
	const own: Rule[] = [];
	for (const { id, title, severity, when, for: holdMs, services } of config.rules ?? []) {
		const rule: Rule = { id, title, severity, when, forSeconds: (holdMs ?? 0) / 1000, source: 'sitrep.yaml, rules', ...(services === undefined ? {} : { services }) };
		if (services === undefined) rules.set(id, rule);
		else own.push(rule);
	}
	for (const [name, service] of Object.entries(config.services ?? {})) {
		if (service.thresholds !== undefined) {
			const plain = builtInRules(merged(config.thresholds));
			builtInRules(merged(config.thresholds, service.thresholds)).forEach((rule, index) => {
				const kept = rule.when === plain[index]?.when ? undefined : changed(rule, config);
				if (kept !== undefined) own.push({ ...kept, services: [name], source: `sitrep.yaml, services.${name}.thresholds` });
			});
		}
		for (const probe of service.probes ?? []) own.push(probeRule(name, probe));
		for (const { id, title, severity, when, for: holdMs } of service.rules ?? []) {
			own.push({ id, title, severity, when, forSeconds: (holdMs ?? 0) / 1000, services: [name], source: `sitrep.yaml, services.${name}.rules` });
		}
	}
	return [...rules.values(), ...own];
};
