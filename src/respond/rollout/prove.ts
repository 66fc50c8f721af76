import type { ContainerSummary } from '../../domain/container.ts';
import type { Probe } from '../../domain/probe.ts';
import type { RolloutHooks, RolloutPlan, RolloutSubject } from '../../domain/rollout.ts';
import { wordsOf } from './failure.ts';
import type { RolloutSpec, RolloutToolPorts } from './ports.ts';

/**
 * The probes that can tell whether the new version is well. Disks, databases and metrics pages say nothing of it that it could change at
 * once; and while it stands beside the old one, an address is answered by whichever of them has it.
 */
const telling = (spec: RolloutSpec, way: RolloutPlan['way']): RolloutSpec['probes'] =>
	spec.probes.filter((probe) => (probe['kind'] === 'command' && probe['inContainer'] === true) || (way === 'stop-first' && (probe['kind'] === 'http' || probe['kind'] === 'tcp' || probe['kind'] === 'command')));

/** The service's own probes of the new version, where it has no health check that proves it. Absent where there are none. */
export const proofBy = (spec: RolloutSpec, ports: RolloutToolPorts, way: RolloutPlan['way']): NonNullable<RolloutHooks['prove']> | undefined => {
	const settings = telling(spec, way);
	if (settings.length === 0) return undefined;
	const { engine, print, makeProbes } = ports;
	const containerOf = async (fresh: RolloutSubject): Promise<ContainerSummary | undefined> => (await engine.inspect(fresh.id)) ?? (await engine.inspect(fresh.name));
	const made = new Map<string, Promise<readonly Probe[]>>();
	const probesOf = (fresh: RolloutSubject, container: ContainerSummary | undefined): Promise<readonly Probe[]> => {
		const known = made.get(fresh.id);
		if (known !== undefined) return known;
		const making = makeProbes(spec.service, settings, (request) => (container === undefined ? Promise.reject(new Error(`${fresh.name} is no container`)) : engine.exec(container.id, request))).catch((error: unknown) => {
			print(`the probes of ${spec.service} cannot be used: ${wordsOf(error)}`);
			return [];
		});
		made.set(fresh.id, making);
		return making;
	};
	return async (fresh, signal) => {
		const container = await containerOf(fresh);
		if (container !== undefined && container.health !== 'none') return { ok: true, words: 'by its own health check' };
		const probes = await probesOf(fresh, container);
		if (probes.length === 0) return { ok: true, words: 'without a probe' };
		const results = await Promise.all(probes.map((probe) => probe.run(signal)));
		const bad = results.filter((result) => !result.ok);
		return { ok: bad.length === 0, words: (bad.length === 0 ? results : bad).map((result) => `${result.probe}: ${result.words}`).join(', ') };
	};
};
