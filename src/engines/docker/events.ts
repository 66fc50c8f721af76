import type { EngineEvent } from '../../domain/engine.ts';
import { fields, number, stringMap, text } from './narrow.ts';

/** The engine's words for what happened, in ours. Podman's own words stand beside Docker's. */
const kinds: Readonly<Record<string, EngineEvent['kind']>> = {
	create: 'created',
	start: 'started',
	die: 'died',
	died: 'died',
	stop: 'stopped',
	kill: 'killed',
	oom: 'oom',
	pause: 'paused',
	unpause: 'unpaused',
	restart: 'restarted',
	rename: 'renamed',
	health_status: 'health',
	destroy: 'removed',
	remove: 'removed',
	update: 'updated',
};

/** Signals that ask a container to end; the engine itself sends the first of them on a stop. */
const stopSignals: ReadonlySet<string> = new Set(['15', 'SIGTERM', 'TERM', '3', 'SIGQUIT', 'QUIT', '2', 'SIGINT', 'INT']);

/**
 * Reads one event; `undefined` for one that is not about a container, or is about a command run inside one.
 * Health checks alone make three of those at every interval.
 */
export function parseEvent(value: unknown): EngineEvent | undefined {
	const event = fields(value);
	const actor = fields(event['Actor']);
	const words = text(event['Action']) ?? text(event['status']) ?? '';
	const type = text(event['Type']) ?? 'container';
	if (type === 'network') {
		return leftNetwork(event, fields(actor['Attributes']), words);
	}
	const containerId = text(actor['ID']) ?? text(event['id']);
	if (type !== 'container' || containerId === undefined || words.startsWith('exec')) {
		return undefined;
	}
	const colon = words.indexOf(':');
	const action = colon < 0 ? words : words.slice(0, colon);
	const { name, exitCode, signal, ...attributes } = stringMap(actor['Attributes']);
	const health = action === 'health_status' ? healthWord(words, colon, event) : undefined;
	const code = exitCode ?? attributes['containerExitCode'];
	return {
		kind: eventKind(action, signal),
		containerId,
		action: health === undefined ? words : `health_status: ${health}`,
		name: name ?? '',
		at: eventTime(event),
		...(code === undefined || !/^-?\d+$/.test(code) ? {} : { exitCode: Number(code) }),
		...(signal === undefined ? {} : { signal: signalName(signal) }),
		attributes: health === undefined ? attributes : { ...attributes, health },
	};
}

/**
 * A container that leaves a network. It does so at its end, of which there are other words; and where its start fails,
 * of which there are none: why it failed stands in its inspection alone.
 */
function leftNetwork(event: ReturnType<typeof fields>, attributes: ReturnType<typeof fields>, words: string): EngineEvent | undefined {
	const containerId = text(attributes['container']);
	return words !== 'disconnect' || containerId === undefined ? undefined : { kind: 'detached', containerId, action: 'network disconnect', name: '', at: eventTime(event), attributes: {} };
}

function eventKind(action: string, signal: string | undefined): EngineEvent['kind'] {
	const kind = kinds[action] ?? 'other';
	return kind === 'killed' && signal !== undefined && stopSignals.has(signal) ? 'stopping' : kind;
}

/** Docker writes `health_status: healthy`; Podman a bare `health_status` with the result beside it. */
function healthWord(words: string, colon: number, event: ReturnType<typeof fields>): string | undefined {
	if (colon >= 0) {
		return words.slice(colon + 1).trim();
	}
	const attributes = fields(fields(event['Actor'])['Attributes']);
	return text(event['HealthStatus']) ?? text(event['health_status']) ?? text(attributes['health_status']);
}

function eventTime(event: ReturnType<typeof fields>): number {
	const nano = number(event['timeNano']);
	return nano === undefined ? (number(event['time']) ?? 0) * 1000 : Math.floor(nano / 1e6);
}

const signalNames: Readonly<Record<string, string>> = {
	'1': 'SIGHUP',
	'2': 'SIGINT',
	'3': 'SIGQUIT',
	'6': 'SIGABRT',
	'9': 'SIGKILL',
	'10': 'SIGUSR1',
	'12': 'SIGUSR2',
	'15': 'SIGTERM',
};

/** A signal as people write it: `9`, `KILL` and `SIGKILL` are one. */
export function signalName(signal: string): string {
	return signalNames[signal] ?? (/^[A-Z]/.test(signal) && !signal.startsWith('SIG') ? `SIG${signal}` : signal);
}
