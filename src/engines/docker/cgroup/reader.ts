import { join } from 'node:path';
import type { Clock } from '../../../domain/clock.ts';
import type { Reading } from '../reading.ts';
import type { KernelFiles } from './files.ts';
import { layout, locate, type Location } from './locate.ts';
import { keyed, machineCpu } from './parse.ts';
import { readLimits, readSample, type Limits, type Machine } from './sample.ts';

/** Limits change by `docker update` only, and the first process by a restart. */
const limitsMs = 5000;
/** The machine's CPU time is read once for all containers that are read within this. */
const machineMs = 20;

interface Known {
	readonly location: Location;
	limits: Limits;
	limitsAt: number;
}

/** Reads containers' resources from the kernel's control groups, without the engine. */
export class CgroupReader {
	readonly #files: KernelFiles;
	readonly #roots: { cgroup: string; proc: string };
	readonly #clock: Clock;
	readonly #hostMemoryBytes: number;
	/** Which layout the machine has: settled when it booted. */
	readonly version: 'v1' | 'v2' | undefined;
	readonly #known = new Map<string, Known>();
	#machine: Machine | undefined;
	#hostNetwork: { readonly link: string | undefined; readonly at: number } | undefined;

	constructor(files: KernelFiles, roots: { cgroup: string; proc: string }, clock: Clock) {
		this.#files = files;
		this.#roots = roots;
		this.#clock = clock;
		this.#hostMemoryBytes = (keyed(files.read(join(roots.proc, 'meminfo'))?.replaceAll(/: +/g, ' '), 'MemTotal') ?? 0) * 1024;
		this.version = layout(files, roots.cgroup);
	}

	/**
	 * One reading; `undefined` where the container has no control group that can be seen here.
	 * @param pid helps to find it where it is not in a usual place
	 */
	read(id: string, pid?: number): Reading | undefined {
		const known = this.#find(id, pid);
		const machine = this.#readMachine();
		if (known === undefined || machine === undefined) {
			return undefined;
		}
		const reading = readSample(this.#files, this.#roots.proc, known.location, known.limits, machine, this.#clock.monotonic());
		if (reading === undefined) {
			this.#known.delete(id);
		}
		return reading;
	}

	/** Forgets containers that are no longer read. */
	keepOnly(ids: ReadonlySet<string>): void {
		for (const id of this.#known.keys()) {
			if (!ids.has(id)) {
				this.#known.delete(id);
			}
		}
	}

	#find(id: string, pid: number | undefined): Known | undefined {
		const now = this.#clock.monotonic();
		const known = this.#known.get(id);
		if (known !== undefined && now - known.limitsAt < limitsMs) {
			return known;
		}
		const location = known?.location ?? locate(this.#files, this.#roots, this.version, id, pid);
		const limits = location === undefined ? undefined : readLimits(this.#files, this.#roots.proc, location, { memoryBytes: this.#hostMemoryBytes, network: this.#readHostNetwork(now) });
		if (location === undefined || limits === undefined) {
			this.#known.delete(id);
			return undefined;
		}
		const fresh = { location, limits, limitsAt: now };
		this.#known.set(id, fresh);
		return fresh;
	}

	/** The link of the host's own network: one for all containers, where it can be read. */
	#readHostNetwork(now: number): string | undefined {
		if (this.#hostNetwork === undefined || now - this.#hostNetwork.at >= limitsMs) {
			this.#hostNetwork = { link: this.#files.link(join(this.#roots.proc, '1/ns/net')), at: now };
		}
		return this.#hostNetwork.link;
	}

	#readMachine(): Machine | undefined {
		const now = this.#clock.monotonic();
		if (this.#machine === undefined || now - this.#machine.monotonicMs > machineMs) {
			const cpu = machineCpu(this.#files.read(join(this.#roots.proc, 'stat')));
			this.#machine = cpu === undefined ? undefined : { monotonicMs: now, ...cpu };
		}
		return this.#machine;
	}
}
