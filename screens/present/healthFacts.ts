import type { ContainerSummary, Mount, Port } from '../../src/domain/container.ts';
import { type Piece, piece } from './cells.ts';
import { bytes, duration, figure } from './words.ts';

const labelWidth = 9;

const fact = (label: string, ...value: readonly Piece[]): readonly Piece[] => [piece(label.padEnd(labelWidth), 'muted'), ...value];

/** `127.0.0.1:8080 -> 8000/tcp`, or `8000/tcp not published`; what a container publishes that does not run, it will. */
const portWords = (port: Port, runs: boolean): string => {
	const inside = `${port.container}/${port.protocol}`;
	if (port.host === undefined) return `${inside} not published`;
	const ip = port.hostIp === undefined || port.hostIp === '' ? '' : port.hostIp.includes(':') ? `[${port.hostIp}]:` : `${port.hostIp}:`;
	return `${ip}${port.host} -> ${inside}${runs ? '' : ' once it runs'}`;
};

const mountWords = (mount: Mount): string =>
	`${mount.target} <- ${mount.kind === 'volume' ? 'volume ' : ''}${mount.kind === 'tmpfs' ? 'tmpfs' : mount.source}${mount.readOnly ? ', read only' : ''}`;

const shortDigest = (digest: string): string => digest.replace(/^.*@/, '').replace(/^(sha256:)?([0-9a-f]{12})[0-9a-f]+$/, '$2');

const list = (label: string, values: readonly string[]): readonly (readonly Piece[])[] =>
	values.map((value, index) => fact(index === 0 ? label : '', piece(value)));

const imageLine = (container: ContainerSummary, now: number): readonly Piece[] => {
	const { detail } = container;
	const digest = detail?.imageDigest ?? container.imageId;
	return fact(
		'image',
		piece(container.image),
		...(digest === '' ? [] : [piece(`  ${shortDigest(digest)}`, 'muted')]),
		...(detail?.imageCreatedAt === undefined ? [] : [piece(`  built ${duration(now - detail.imageCreatedAt)} ago`, 'muted')]),
	);
};

const replicaLine = (replica: ContainerSummary, now: number): readonly Piece[] => {
	const since = replica.state === 'running' ? replica.startedAt : replica.finishedAt;
	const health = replica.health === 'none' ? '' : `, ${replica.health}`;
	return [
		piece(replica.name, replica.state === 'running' ? 'plain' : 'strong'),
		piece(`  ${replica.state}${health}${since === undefined ? '' : ` ${duration(now - since)}`}`, replica.state === 'running' && replica.health !== 'unhealthy' ? 'muted' : 'strong'),
	];
};

/** What stands still: image, limits, ports, mounts, networks, policy, command; then the other replicas. */
export const factLines = (
	container: ContainerSummary,
	replicas: readonly ContainerSummary[],
	now: number,
): readonly (readonly Piece[])[] => {
	const { detail } = container;
	const error = detail?.error === undefined || detail.error === '' ? [] : [fact('error', piece(detail.error, 'strong'))];
	const limits = [
		detail?.memoryLimit === undefined ? 'memory unlimited' : `memory ${bytes(detail.memoryLimit)}`,
		detail?.cpuLimit === undefined ? 'cpu unlimited' : `cpu ${figure(detail.cpuLimit)} cores`,
		...(detail?.pidsLimit === undefined ? [] : [`${detail.pidsLimit} pids`]),
	];
	const policy =
		detail === undefined
			? []
			: [fact('restart', piece(detail.restartPolicy === '' ? 'no' : detail.restartPolicy), piece(`  ${detail.policyRestarts} by the policy`, 'muted'), ...(detail.autoRemove ? [piece('  removed when it stops', 'strong')] : []))];
	return [
		...error,
		imageLine(container, now),
		...(detail === undefined ? [] : [fact('limits', piece(limits.join(', ')))]),
		...list('ports', container.ports.map((port) => portWords(port, container.state === 'running' || container.state === 'paused'))),
		...list('mounts', container.mounts.map(mountWords)),
		...list('networks', container.networks.map((network) => `${network}${detail?.addresses[network] === undefined ? '' : ` ${detail.addresses[network]}`}`)),
		...policy,
		...(detail === undefined
			? []
			: [fact('command', piece(detail.command.join(' '))), fact('logs', piece(`${detail.logDriver}${detail.tty ? ', terminal' : ''}`)), fact('id', piece(container.id.slice(0, 12)), piece(detail.pid === undefined || detail.pid === 0 ? '' : `  pid ${detail.pid}`, 'muted'))]),
		...(replicas.length === 0 ? [] : [[piece(`other containers of this service: ${replicas.length}`, 'muted')], ...replicas.map((replica) => replicaLine(replica, now))]),
	];
};
