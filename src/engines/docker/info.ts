import type { EngineInfo } from '../../domain/engine.ts';
import { fields, number, text, time } from './narrow.ts';
import type { Negotiated } from './negotiate.ts';
import type { DockerTarget } from './target.ts';

/**
 * Reads the reply of `/info`.
 * @param midpoint our clock half way through the call, epoch ms
 * @param date the reply's Date header, for engines that tell no system time
 */
export function parseInfo(body: unknown, target: DockerTarget, agreed: Negotiated, midpoint: number, date: string | undefined): EngineInfo {
	const info = fields(body);
	const systemTime = time(info['SystemTime']);
	// The Date header is cut to whole seconds; half of one is the fairest guess at what was cut off.
	const headerTime = date === undefined ? undefined : Date.parse(date) + 500;
	const engineNow = systemTime ?? headerTime ?? midpoint;
	const storageRoot = text(info['DockerRootDir']);
	const { transport: _, ...shown } = target;
	return {
		target: { ...shown, kind: agreed.kind },
		product: agreed.kind === 'podman' ? 'Podman' : 'Docker',
		version: text(info['ServerVersion']) ?? agreed.server.split(/[/ ]/)[1] ?? 'unknown',
		apiVersion: agreed.version,
		hostName: text(info['Name']) ?? target.name,
		cpus: number(info['NCPU']) ?? 0,
		memoryBytes: number(info['MemTotal']) ?? 0,
		cgroup: cgroupVersion(text(info['CgroupVersion'])),
		os: text(info['OperatingSystem']) ?? text(info['OSType']) ?? 'unknown',
		...(storageRoot === undefined ? {} : { storageRoot }),
		swarm: text(fields(info['Swarm'])['LocalNodeState']) === 'active',
		clockSkewMs: Math.round(engineNow - midpoint),
	};
}

/** Podman says `v2`, Docker `2`; before API 1.41 neither says anything. */
function cgroupVersion(said: string | undefined): EngineInfo['cgroup'] {
	if (said === '1' || said === 'v1') {
		return 'v1';
	}
	return said === '2' || said === 'v2' ? 'v2' : 'unknown';
}
