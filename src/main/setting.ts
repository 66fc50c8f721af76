import type { Live, LogTap } from '../console/live.ts';
import type { LogRings } from '../console/logsPane.ts';
import type { Threshold } from '../console/select/metrics.ts';
import { thresholdsOf } from '../console/thresholds.ts';
import type { Config } from '../config/schema.ts';
import type { ContainerSummary } from '../domain/container.ts';
import type { Engine } from '../domain/engine.ts';
import type { Rule } from '../domain/rule.ts';
import type { Service } from '../domain/service.ts';
import { builtInRules } from '../judge/builtInRules.ts';
import { createJudge, type Judge } from '../judge/judge.ts';
import type { JudgeOptions } from '../judge/reading.ts';

/** Everything that watches one engine, put together from the configuration. */
export interface Setting {
	readonly engine: Engine;
	readonly judge: Judge;
	readonly logs: LogTap & LogRings;
	/** Ids of services that are listed even where they have no container. */
	readonly configured: ReadonlySet<string>;
	readonly group?: (containers: Iterable<ContainerSummary>) => Service[];
	readonly thresholds: (serviceId: string) => readonly Threshold[];
	/** Starts the probes of sitrep.yaml; their results go to `live`. */
	startProbes(live: Live, signal: AbortSignal): void;
	close(): Promise<void>;
}

/** What the configuration changes; loaded only where there is a file. */
interface FromConfig {
	readonly rules: readonly Rule[];
	readonly judgeOptions: JudgeOptions;
	readonly configured: ReadonlySet<string>;
}

const fromConfig = async (config: Config | undefined): Promise<FromConfig> => {
	if (config === undefined) return { rules: builtInRules(), judgeOptions: {}, configured: new Set() };
	const [{ rulesFromConfig }, { judgeOptions, configuredIds }] = await Promise.all([import('../config/rules.ts'), import('../config/services.ts')]);
	return { rules: rulesFromConfig(config), judgeOptions: judgeOptions(config), configured: configuredIds(config) };
};

/** Puts together what watches an engine. */
export const makeSetting = async (engine: Engine, config: Config | undefined): Promise<Setting> => {
	const { rules, judgeOptions, configured } = await fromConfig(config);
	return {
		engine,
		judge: createJudge(rules, judgeOptions),
		logs: {
			follow: () => undefined,
			started: () => undefined,
			errorsPerMinute: () => undefined,
			linesPerMinute: () => undefined,
			ring: () => undefined,
			state: () => '',
			onChange: () => () => undefined,
			engineNow: () => Date.now(),
		},
		configured,
		thresholds: (serviceId) => thresholdsOf(rules, [serviceId]),
		startProbes: () => undefined,
		close: () => engine.close(),
	};
};
