import { stringify } from 'yaml';
import type { ContainerSummary } from '../domain/container.ts';
import type { Service } from '../domain/service.ts';

/** An address worth a quick GET before a file is written. */
export interface Candidate {
	readonly serviceId: string;
	readonly kind: 'http' | 'prometheus';
	readonly url: string;
}

/** What a candidate answered. */
export interface Finding extends Candidate {
	readonly status: number;
	/** The body as JSON, where it is some. */
	readonly json?: unknown;
	/** First part of the body. */
	readonly body?: string;
}

/** Health paths in the order in which the first one that answers is taken. */
const healthPaths = ['/health', '/healthz', '/ready', '/readyz', '/'] as const;
/** Ports that speak something else than HTTP (IANA registrations); they get a tcp probe. */
const otherPorts: ReadonlySet<number> = new Set([21, 22, 25, 53, 110, 143, 389, 1433, 1521, 2181, 3306, 4222, 5432, 5672, 6379, 9042, 9092, 11_211, 27_017]);

const publishedPorts = (container: ContainerSummary): readonly { readonly host: number; readonly inner: number }[] => {
	const seen = new Map<number, number>();
	for (const port of container.ports) if (port.host !== undefined && port.protocol === 'tcp') seen.set(port.host, port.container);
	return [...seen].map(([host, inner]) => ({ host, inner }));
};

const firstContainer = (service: Service): ContainerSummary | undefined => service.containers.find((each) => each.state === 'running') ?? service.containers[0];

/**
 * Addresses to try for services that run.
 * @param host where published ports are reached; that of the engine
 */
export const candidatesFor = (services: readonly Service[], host = '127.0.0.1'): readonly Candidate[] =>
	services.flatMap((service) => {
		const container = firstContainer(service);
		if (container?.state !== 'running') return [];
		return publishedPorts(container)
			.filter((port) => !otherPorts.has(port.inner))
			.flatMap((port) => [
				...healthPaths.map((path): Candidate => ({ serviceId: service.id, kind: 'http', url: `http://${host}:${port.host}${path}` })),
				{ serviceId: service.id, kind: 'prometheus' as const, url: `http://${host}:${port.host}/metrics` },
			]);
	});

const scalar = (value: string): string => stringify(value, { lineWidth: 0 }).trimEnd();

/** `status == 200 && json.status == "healthy"` where the answer says so in JSON; else the status alone. */
const expectationOf = (finding: Finding): string => {
	const { json, status } = finding;
	const word: unknown = typeof json === 'object' && json !== null ? Reflect.get(json, 'status') : undefined;
	return typeof word === 'string' && /^[\w .-]{1,32}$/.test(word) ? `status == ${status} && json.status == "${word}"` : `status == ${status}`;
};

const isGood = (finding: Finding): boolean => finding.status >= 200 && finding.status < 300;

const isMetrics = (finding: Finding): boolean => finding.kind === 'prometheus' && isGood(finding) && /^# (?:HELP|TYPE) |^[a-zA-Z_:][\w:]*(?:\{[^\n]*\})? \S+$/m.test(finding.body ?? '');

const probeLines = (service: Service, findings: readonly Finding[], host: string): readonly string[] => {
	const own = findings.filter((finding) => finding.serviceId === service.id);
	const health = healthPaths
		.map((path) => own.find((finding) => finding.kind === 'http' && isGood(finding) && new URL(finding.url).pathname === path))
		.find((finding) => finding !== undefined);
	const metrics = own.find(isMetrics);
	const lines: string[] = [];
	if (health !== undefined) {
		lines.push('      - name: health', '        kind: http', `        url: ${scalar(health.url)}`, `        expect: ${scalar(expectationOf(health))}`, '        interval: 10s');
	}
	if (metrics !== undefined) lines.push('      - name: metrics', '        kind: prometheus', `        url: ${scalar(metrics.url)}`, '        interval: 10s');
	const container = firstContainer(service);
	if (container?.state === 'running') {
		for (const port of publishedPorts(container)) {
			if (!otherPorts.has(port.inner)) continue;
			lines.push(`      - name: port-${port.host}`, '        kind: tcp', ...(host === '127.0.0.1' ? [] : [`        host: ${scalar(host)}`]), `        port: ${port.host}`);
		}
	}
	return lines.length === 0 ? [] : ['    probes:', ...lines];
};

const selectorOf = (service: Service): string => {
	const container = firstContainer(service);
	if (container?.service !== undefined) return `    compose: ${scalar(`${container.group ?? ''}/${container.service}`)}`;
	return `    container: ${scalar(container?.name ?? service.name)}`;
};

/** A name that may stand as a key, and is nobody else's. */
const keyFor = (service: Service, taken: ReadonlySet<string>): string => {
	const plain = service.name.replaceAll(/[^A-Za-z0-9_.-]/g, '-').replace(/^[^A-Za-z0-9]+/, '').slice(0, 128);
	const base = plain === '' ? 'service' : plain;
	for (let number = 1; ; number++) {
		const key = number === 1 ? base : `${base}-${number}`;
		if (!taken.has(key)) return key;
	}
};

/**
 * A sitrep.yaml for what runs, with comments. It holds without change; what was only guessed is commented out.
 * @param findings what the candidates answered
 */
export const initConfig = (services: readonly Service[], findings: readonly Finding[], host = '127.0.0.1'): string => {
	const lines = [
		'# What sitrep watches and how. Everything but schemaVersion may be left out:',
		'# containers, their health, restarts, memory, CPU and logs are watched without any of this.',
		'schemaVersion: 1',
		'',
		'# engine: {context: prod}        # default: as the docker command finds it',
		'# readOnly: true                 # refuse every change from the console',
		'# thresholds: {memoryPercent: 85}',
		'',
	];
	if (services.length === 0) return [...lines, '# Nothing ran when this was written.', '# services: {}', ''].join('\n');
	lines.push('services:');
	const taken = new Set<string>();
	for (const service of services) {
		const key = keyFor(service, taken);
		taken.add(key);
		lines.push(`  ${scalar(key)}:`, selectorOf(service), ...probeLines(service, findings, host), ...guesses(service), '');
	}
	return lines.join('\n');
};

/** Commented-out probes that a person may want, from what is mounted. */
const guesses = (service: Service): readonly string[] => {
	const container = firstContainer(service);
	const data = container?.mounts.find((mount) => mount.kind === 'bind' && !mount.readOnly && !/\.sock$|^\/(?:proc|sys|dev|etc)\b/.test(mount.source));
	if (data === undefined) return [];
	const path = scalar(data.source);
	return [
		'    # More probes to think of:',
		`    #   - {name: disk, kind: disk, path: ${path}}`,
		`    #   - {name: db, kind: sqlite, path: ${scalar(`${data.source}/app.db`)}}`,
	];
};
