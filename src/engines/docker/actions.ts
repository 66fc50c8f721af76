import { EngineError, type CallOptions } from '../../domain/engine.ts';
import { defaultTimeoutMs, type Connection, type Request } from './connection.ts';

/** What an engine needs for a stop beyond the grace itself: the kill, and taking the container's network and files down. */
const afterGraceMs = 20_000;
/** A start waits for networks, volumes and the runtime. */
const startTimeoutMs = 60_000;

/** What can be done to a container. Contracts: see `Engine`. All reject with EngineError. */
export async function startContainer(connection: Connection, id: string, options: CallOptions = {}): Promise<void> {
	await act(connection, id, 'start', {}, { timeoutMs: startTimeoutMs, ...options });
}

export async function stopContainer(connection: Connection, id: string, graceSeconds: number, options: CallOptions = {}): Promise<void> {
	const grace = wholeSeconds(graceSeconds);
	await act(connection, id, 'stop', { t: grace }, { timeoutMs: grace * 1000 + afterGraceMs, ...options });
}

export async function restartContainer(connection: Connection, id: string, graceSeconds: number, options: CallOptions = {}): Promise<void> {
	const grace = wholeSeconds(graceSeconds);
	await act(connection, id, 'restart', { t: grace }, { timeoutMs: grace * 1000 + startTimeoutMs, ...options });
}

export async function pauseContainer(connection: Connection, id: string, options: CallOptions = {}): Promise<void> {
	await act(connection, id, 'pause', {}, { timeoutMs: defaultTimeoutMs, ...options });
}

export async function unpauseContainer(connection: Connection, id: string, options: CallOptions = {}): Promise<void> {
	await act(connection, id, 'unpause', {}, { timeoutMs: defaultTimeoutMs, ...options });
}

/** Names of signals only: an engine would take a number too, which says less in a record. */
export async function killContainer(connection: Connection, id: string, signalName: string, options: CallOptions = {}): Promise<void> {
	const signal = signalName.startsWith('SIG') ? signalName : `SIG${signalName}`;
	if (!/^SIG[A-Z][A-Z0-9+-]{1,11}$/.test(signal)) {
		throw new EngineError('invalid', `${signalName} is no signal`, { advice: 'Use a name such as SIGTERM, SIGHUP or SIGKILL.' });
	}
	await act(connection, id, 'kill', { signal }, { timeoutMs: defaultTimeoutMs, ...options });
}

async function act(connection: Connection, id: string, verb: string, query: NonNullable<Request['query']>, options: CallOptions): Promise<void> {
	await connection.call(
		{ method: 'POST', path: `/containers/${encodeURIComponent(id)}/${verb}`, query, what: `${verb} ${shortName(id)}` },
		options,
	);
}

/** An id is shortened, a name is not. */
function shortName(id: string): string {
	return /^[0-9a-f]{64}$/.test(id) ? id.slice(0, 12) : id;
}

/** The engine takes whole seconds; less than one asked for still leaves one. */
function wholeSeconds(seconds: number): number {
	return Math.max(0, Math.ceil(seconds));
}
