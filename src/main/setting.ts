import process from 'node:process';
import { Live } from '../console/live.ts';
import type { Threshold } from '../console/select/metrics.ts';
import { thresholdsOf } from '../console/thresholds.ts';
import type { Config } from '../config/schema.ts';
import type { ContainerSummary } from '../domain/container.ts';
import { type Engine, EngineError, type ExecRequest } from '../domain/engine.ts';
import type { Rule } from '../domain/rule.ts';
import type { Service } from '../domain/service.ts';
import { systemClock } from '../domain/systemClock.ts';
import { builtInRules } from '../judge/builtInRules.ts';
import { createJudge, type Judge } from '../judge/judge.ts';
import type { JudgeOptions } from '../judge/reading.ts';
import { groupServices } from '../observe/services.ts';
import { logHub, type LogHub } from './logHub.ts';

/** Everything that watches one engine, put together from the configuration. */
export interface Setting {
	readonly engine: Engine;
	readonly judge: Judge;
	readonly logs: LogHub;
	/** Maps containers to services as sitrep.yaml says. */
	readonly group: (containers: Iterable<ContainerSummary>) => Service[];
	readonly thresholds: (serviceId: string) => readonly Threshold[];
	/** Starts the probes of sitrep.yaml; their results go to `live`. @param random 0 <= value < 1; spreads the first runs */
	readonly startProbes: (live: Live, signal: AbortSignal, random: () => number) => void;
	/** Probes of a service, as they stand in sitrep.yaml. */
	readonly probesOf: (service: Service) => readonly Readonly<Record<string, unknown>>[];
	/** How long a version of a service has to be healthy until it counts as good, ms; `undefined` where sitrep.yaml does not say. */
	readonly watchWindowOf: (service: Service) => number | undefined;
	/** Values of parameters for playbooks on a service, as they stand in sitrep.yaml. */
	readonly paramsOf: (service: Service) => Readonly<Record<string, string>>;
	close(): Promise<void>;
}

/** What the configuration changes; its modules are loaded only where there is a file. */
interface FromConfig {
	readonly rules: readonly Rule[];
	readonly judgeOptions: JudgeOptions;
	readonly group: (containers: Iterable<ContainerSummary>) => Service[];
	readonly startProbes: (live: Live, signal: AbortSignal, random: () => number) => void;
	readonly probesOf: Setting['probesOf'];
	readonly watchWindowOf: Setting['watchWindowOf'];
	readonly paramsOf: Setting['paramsOf'];
}

const withoutConfig: FromConfig = {
	rules: builtInRules(),
	judgeOptions: {},
	group: (containers) => groupServices(containers),
	startProbes: () => undefined,
	probesOf: () => [],
	watchWindowOf: () => undefined,
	paramsOf: () => ({}),
};

const fromConfig = async (config: Config, engine: Engine): Promise<FromConfig> => {
	const [{ rulesFromConfig }, { judgeOptions, configNamesOf, configuredIds, watchWindowOf, paramsOf }, { asConfigured }, { asWritten }, { ProbeSet, samplesOf }, { ProbeScheduler }] = await Promise.all([
		import('../config/rules.ts'),
		import('../config/services.ts'),
		import('../config/standing.ts'),
		import('../config/probeText.ts'),
		import('../observe/probes/create.ts'),
		import('../observe/probes/scheduler.ts'),
	]);
	const expected = configuredIds(config);
	return {
		rules: rulesFromConfig(config),
		judgeOptions: judgeOptions(config),
		group: (containers) => asConfigured(groupServices(containers, expected), config),
		probesOf: (service) => configNamesOf(config, service).flatMap((name) => (config.services?.[name]?.probes ?? []).map(asWritten)),
		watchWindowOf: (service) => watchWindowOf(config, service),
		paramsOf: (service) => paramsOf(config, service),
		startProbes(live, signal, random) {
			const probes = new ProbeSet(config, {
				clock: systemClock,
				environment: process.env,
				exec: async (serviceId, request) => {
					await firstList(live, request);
					const running = live.services.find((service) => service.id === serviceId)?.containers.find((container) => container.state === 'running');
					if (running === undefined) throw new EngineError('not-found', `no container of ${serviceId} runs`);
					return engine.exec(running.id, request);
				},
			});
			let known: ReturnType<typeof probes.probesFor> = [];
			const scheduler = new ProbeScheduler({
				clock: systemClock,
				random,
				sink: (probe, result) => {
					const configured = known.find((each) => each.serviceId === probe.serviceId && each.name === probe.name);
					live.probed(probe.serviceId, result, configured === undefined ? [] : samplesOf(configured, result));
				},
			});
			const take = (): void => {
				known = probes.probesFor(live.services);
				scheduler.set(known);
			};
			const off = live.inventory.onChange((change) => {
				if (change.kind === 'containers' || change.kind === 'event') take();
			});
			take();
			signal.addEventListener('abort', () => {
				off();
				scheduler.stop();
			});
		},
	};
};

/** Before the first list nobody knows which container is meant: that none runs cannot be said then. @throws EngineError where none comes in the time there is */
const firstList = async (live: Live, { signal, timeoutMs }: Pick<ExecRequest, 'signal' | 'timeoutMs'>): Promise<void> => {
	if (live.inventory.listed) return;
	await new Promise<void>((resolve, reject) => {
		const end = (settle: () => void): void => {
			off();
			cancel();
			signal?.removeEventListener('abort', aborted);
			settle();
		};
		const aborted = (): void => end(() => reject(new EngineError('unresponsive', 'the engine has not told yet what runs')));
		const off = live.inventory.onChange(() => {
			if (live.inventory.listed) end(resolve);
		});
		const cancel = systemClock.after(timeoutMs, aborted);
		signal?.addEventListener('abort', aborted, { once: true });
	});
};

/** Puts together what watches an engine. */
export const makeSetting = async (engine: Engine, config: Config | undefined): Promise<Setting> => {
	const { rules, judgeOptions, group, startProbes, probesOf, watchWindowOf, paramsOf } = config === undefined ? withoutConfig : await fromConfig(config, engine);
	const logs = logHub(engine, { tail: config?.logs?.tail, focusedBytes: config?.logs?.ring, maxFollowed: config?.logs?.follow });
	return {
		engine,
		judge: createJudge(rules, judgeOptions),
		logs,
		group,
		thresholds: (serviceId) => thresholdsOf(rules, [serviceId]),
		startProbes,
		probesOf,
		watchWindowOf,
		paramsOf,
		close() {
			logs.close();
			return engine.close();
		},
	};
};

/** The live hub of a setting; it observes nothing before it is run. */
export const liveOf = ({ engine, judge, logs, group }: Setting): Live => new Live({ engine, clock: systemClock, judge, logs, group });
