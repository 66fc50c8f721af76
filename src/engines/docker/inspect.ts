import type { ContainerDetail, ContainerSummary, HealthResult, HealthStatus, Port } from '../../domain/container.ts';
import { signalName } from './events.ts';
import { ownership } from './labels.ts';
import { byPort, makePort, parseMounts } from './list.ts';
import { fields, list, number, stringMap, strings, text, time, type Fields } from './narrow.ts';
import { readState } from './statusWords.ts';
import { startErrorWords } from './startError.ts';

/** What an image's own inspect adds. */
export interface ImageFacts {
	readonly digest?: string;
	readonly createdAt?: number;
}

/** Reads the reply of `/images/{id}/json`. */
export function parseImage(body: unknown): ImageFacts {
	const image = fields(body);
	const digest = strings(image['RepoDigests'])[0]?.split('@')[1];
	const createdAt = time(image['Created']);
	return { ...(digest === undefined ? {} : { digest }), ...(createdAt === undefined ? {} : { createdAt }) };
}

/**
 * Reads the reply of `/containers/{id}/json`; `undefined` where it holds no container.
 * @param at epoch ms of the inspect
 */
export function parseInspect(body: unknown, image: ImageFacts, at: number): (ContainerSummary & { detail: ContainerDetail }) | undefined {
	const container = fields(body);
	const id = text(container['Id']);
	if (id === undefined) {
		return undefined;
	}
	const state = fields(container['State']);
	const config = fields(container['Config']);
	const labels = stringMap(config['Labels']);
	const network = fields(container['NetworkSettings']);
	const current = readState(text(state['Status']), flagsAsWords(state));
	const over = current === 'exited' || current === 'dead' || current === 'restarting';
	const startedAt = time(state['StartedAt']);
	const finishedAt = time(state['FinishedAt']);
	const exitCode = number(state['ExitCode']);
	return {
		id,
		name: (text(container['Name']) ?? id.slice(0, 12)).replace(/^\//, ''),
		image: text(config['Image']) ?? '',
		imageId: text(container['Image']) ?? '',
		createdAt: time(container['Created']) ?? 0,
		state: current,
		health: parseHealthStatus(state),
		...(over && exitCode !== undefined ? { exitCode } : {}),
		...(startedAt === undefined ? {} : { startedAt }),
		...(over && finishedAt !== undefined ? { finishedAt } : {}),
		// One that does not run has no ports of its own: what it will publish stands in its settings.
		ports: parsePortMap(state['Running'] === true ? network['Ports'] : fields(container['HostConfig'])['PortBindings'], config['ExposedPorts']),
		mounts: [...parseMounts(container['Mounts']), ...parseTmpfs(fields(container['HostConfig'])['Tmpfs'])],
		networks: Object.keys(fields(network['Networks'])),
		labels,
		...ownership(labels),
		detail: parseDetail(container, image, at),
	};
}

/** Before API 1.23 a state had flags only; the words are those of a list. */
function flagsAsWords(state: Fields): string {
	if (state['Restarting'] === true) {
		return 'Restarting';
	}
	if (state['Running'] === true) {
		return state['Paused'] === true ? 'Up (Paused)' : 'Up';
	}
	return state['Dead'] === true ? 'Dead' : time(state['StartedAt']) === undefined ? 'Created' : 'Exited';
}

/** Podman named this field `Healthcheck` in its early compatible replies. */
function healthFields(state: Fields): Fields {
	return fields(state['Health'] ?? state['Healthcheck']);
}

function parseHealthStatus(state: Fields): HealthStatus {
	const said = text(healthFields(state)['Status']);
	return said === 'healthy' || said === 'unhealthy' || said === 'starting' ? said : 'none';
}

function parseDetail(container: Fields, image: ImageFacts, at: number): ContainerDetail {
	const state = fields(container['State']);
	const config = fields(container['Config']);
	const host = fields(container['HostConfig']);
	const health = healthFields(state);
	const pid = number(state['Pid']);
	const error = text(state['Error']);
	const memory = number(host['Memory']);
	const pids = number(host['PidsLimit']);
	const cpu = cpuLimit(host);
	const check = parseHealthCheck(config['Healthcheck']);
	const path = text(container['Path']);
	const stopSignal = text(config['StopSignal']) ?? '';
	return {
		at,
		command: path === undefined ? strings(config['Cmd']) : [path, ...strings(container['Args'])],
		...(pid === undefined || pid <= 0 ? {} : { pid }),
		oomKilled: state['OOMKilled'] === true,
		...(error === undefined ? {} : { error: startErrorWords(error) }),
		policyRestarts: number(container['RestartCount']) ?? 0,
		restartPolicy: restartPolicy(fields(host['RestartPolicy'])),
		...(stopSignal === '' ? {} : { stopSignal: signalName(stopSignal) }),
		autoRemove: host['AutoRemove'] === true,
		tty: config['Tty'] === true,
		logDriver: text(fields(host['LogConfig'])['Type']) ?? '',
		...(image.digest === undefined ? {} : { imageDigest: image.digest }),
		...(image.createdAt === undefined ? {} : { imageCreatedAt: image.createdAt }),
		...(memory === undefined || memory <= 0 ? {} : { memoryLimit: memory }),
		...(cpu === undefined ? {} : { cpuLimit: cpu }),
		...(pids === undefined || pids <= 0 ? {} : { pidsLimit: pids }),
		...(check === undefined ? {} : { healthCheck: check }),
		healthLog: parseHealthLog(health['Log']),
		failingStreak: number(health['FailingStreak']) ?? 0,
		addresses: parseAddresses(fields(container['NetworkSettings'])),
	};
}

function restartPolicy(policy: Fields): string {
	const name = text(policy['Name']) ?? 'no';
	const most = number(policy['MaximumRetryCount']) ?? 0;
	return name === 'on-failure' && most > 0 ? `${name}:${most}` : name;
}

/** Cores; `--cpus` is NanoCpus, the older way is quota over period. */
export function cpuLimit(host: Fields): number | undefined {
	const nano = number(host['NanoCpus']) ?? 0;
	if (nano > 0) {
		return nano / 1e9;
	}
	const quota = number(host['CpuQuota']) ?? 0;
	const period = number(host['CpuPeriod']) ?? 0;
	// The kernel's period is 100 ms unless another was set.
	return quota > 0 ? quota / (period > 0 ? period : 100_000) : undefined;
}

function parseHealthCheck(value: unknown): ContainerDetail['healthCheck'] {
	const check = fields(value);
	const test = strings(check['Test']);
	if (test.length === 0 || test[0] === 'NONE') {
		return undefined;
	}
	// The engine's defaults where the image sets none: every 30 s, 30 s long, 3 in a row.
	return {
		test,
		intervalMs: (number(check['Interval']) || 30e9) / 1e6,
		timeoutMs: (number(check['Timeout']) || 30e9) / 1e6,
		retries: number(check['Retries']) || 3,
	};
}

function parseHealthLog(value: unknown): readonly HealthResult[] {
	return list(value).map((item) => {
		const result = fields(item);
		const startedAt = time(result['Start']) ?? 0;
		return {
			startedAt,
			durationMs: Math.max(0, (time(result['End']) ?? startedAt) - startedAt),
			exitCode: number(result['ExitCode']) ?? -1,
			output: text(result['Output']) ?? '',
		};
	});
}

function parseAddresses(network: Fields): Readonly<Record<string, string>> {
	const addresses: Record<string, string> = {};
	for (const [name, value] of Object.entries(fields(network['Networks']))) {
		const address = text(fields(value)['IPAddress']) ?? text(fields(value)['GlobalIPv6Address']);
		if (address !== undefined) {
			addresses[name] = address;
		}
	}
	return addresses;
}

/** `{"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8080"}]}`, null where exposed only. Bindings that were set, and those that were made, are written alike. */
function parsePortMap(value: unknown, exposed: unknown): readonly Port[] {
	const ports: Port[] = [];
	for (const [key, bindings] of Object.entries({ ...fields(exposed), ...fields(value) })) {
		const [port, protocol] = key.split('/');
		const container = Number(port);
		if (!Number.isInteger(container)) {
			continue;
		}
		const published = list(bindings);
		if (published.length === 0) {
			ports.push(makePort(container, protocol, undefined, undefined));
		}
		for (const item of published) {
			const binding = fields(item);
			ports.push(makePort(container, protocol, Number(text(binding['HostPort']) ?? 0), text(binding['HostIp'])));
		}
	}
	return ports.sort(byPort);
}

function parseTmpfs(value: unknown): ContainerSummary['mounts'] {
	return Object.keys(fields(value)).map((target) => ({ kind: 'tmpfs', source: '', target, readOnly: false }));
}
