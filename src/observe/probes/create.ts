import type { ProbeConfig } from '../../config/probeSchema.ts';
import type { Config } from '../../config/schema.ts';
import { aliasesOfKind, aliasOwners, configNamesOf, expectedId, intervalOf, timeoutOf } from '../../config/services.ts';
import type { Probe, ProbeResult } from '../../domain/probe.ts';
import type { Service } from '../../domain/service.ts';
import type { SignalName } from '../../domain/signal.ts';
import { commandProbe } from './command.ts';
import { diskProbe } from './disk.ts';
import { httpProbe } from './http.ts';
import type { ProbePorts } from './ports.ts';
import { prometheusProbe } from './prometheus.ts';
import { sqliteProbe } from './sqlite/probe.ts';
import { tcpProbe } from './tcp.ts';

/** A probe of sitrep.yaml, with the signals of the service that it gives besides its own. */
export interface ConfiguredProbe extends Probe {
	/** Signal to figure, such as `http.p95` to `p95`. */
	readonly aliases: Readonly<Record<SignalName, string>>;
}

const build = (config: ProbeConfig, serviceId: string, ports: ProbePorts): Probe => {
	const identity = { serviceId, intervalMs: intervalOf(config), timeoutMs: timeoutOf(config) };
	switch (config.kind) {
		case 'http':
			return httpProbe(config, identity, ports);
		case 'prometheus':
			return prometheusProbe(config, identity, ports);
		case 'tcp':
			return tcpProbe(config, identity, ports);
		case 'command':
			return commandProbe(config, identity, ports);
		case 'sqlite':
			return sqliteProbe(config, identity, ports);
		case 'disk':
			return diskProbe(config, identity, ports);
	}
};

const aliasesFor = (probe: ProbeConfig, owners: ReadonlyMap<string, string>): Record<string, string> =>
	Object.fromEntries(Object.entries(aliasesOfKind[probe.kind]).filter(([signal]) => owners.get(signal) === probe.name));

/**
 * Makes and keeps the probes of a configuration. Services come and go; a probe of one that stays is the same object,
 * so that its window of results goes on.
 */
export class ProbeSet {
	readonly #config: Config;
	readonly #ports: ProbePorts;
	#probes = new Map<string, ConfiguredProbe>();

	constructor(config: Config, ports: ProbePorts) {
		this.#config = config;
		this.#ports = ports;
	}

	/** The probes of these services. A service of the file that is not there is probed too, under the id it would have. */
	probesFor(services: readonly Service[]): readonly ConfiguredProbe[] {
		const bound = new Map<string, string[]>();
		for (const service of services) {
			for (const name of configNamesOf(this.#config, service)) {
				const ids = bound.get(name);
				if (ids === undefined) bound.set(name, [service.id]);
				else ids.push(service.id);
			}
		}
		const next = new Map<string, ConfiguredProbe>();
		for (const [name, service] of Object.entries(this.#config.services ?? {})) {
			const probes = service.probes ?? [];
			const owners = aliasOwners(probes);
			const absent = expectedId(name, service);
			for (const serviceId of bound.get(name) ?? (absent === undefined ? [] : [absent])) {
				for (const config of probes) {
					const key = `${serviceId}\u0000${name}\u0000${config.name}`;
					next.set(key, this.#probes.get(key) ?? { ...build(config, serviceId, this.#ports), aliases: aliasesFor(config, owners) });
				}
			}
		}
		this.#probes = next;
		return [...next.values()];
	}
}

/** The samples a result gives, all of the moment at which it ended: `probe.<name>.<figure>` and the service's own signals. */
export const samplesOf = (probe: ConfiguredProbe, result: ProbeResult): readonly { readonly name: SignalName; readonly at: number; readonly value: number }[] => {
	const at = result.at + result.durationMs;
	const samples = [{ name: `probe.${probe.name}.ok`, at, value: result.ok ? 1 : 0 }];
	for (const [figure, value] of Object.entries(result.figures)) samples.push({ name: `probe.${probe.name}.${figure}`, at, value });
	for (const [signal, figure] of Object.entries(probe.aliases)) {
		const value = result.figures[figure];
		if (value !== undefined) samples.push({ name: signal, at, value });
	}
	return samples;
};
