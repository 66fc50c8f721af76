import { join } from 'node:path';
import { configDir, currentContext, environmentTls, readContext, SettingsError, type ReadText } from './contexts.ts';
import { permissionAdvice } from './errors.ts';
import type { Probe, ProbeOutcome } from './probe.ts';
import { AddressError, guessKind, parseAddress, transportName, type DockerTarget, type Resolution, type Transport, type Tried } from './target.ts';

/** What the choice of an engine depends on. */
export interface ResolveRequest {
	/** `--host` */
	readonly host?: string | undefined;
	/** `--context` */
	readonly context?: string | undefined;
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly homeDir: string;
	readonly uid: number;
	readonly readText: ReadText;
	/** Tells whether something answers there. */
	readonly probe: Probe;
}

interface Choice {
	readonly origin: string;
	readonly transport: Transport;
	readonly address: string;
	readonly name: string;
	/** Name of the docker context it came from. */
	readonly context?: string;
}

/**
 * Chooses the engine as the docker CLI does: --context, --host, DOCKER_HOST, DOCKER_CONTEXT, the current
 * context, then the usual sockets. An engine that was named and does not answer is a failure: showing
 * another engine in its place is the worst mistake this tool could make.
 */
export async function resolveTarget(request: ResolveRequest): Promise<Resolution> {
	try {
		return await choose(request);
	} catch (error) {
		if (error instanceof SettingsError) {
			return failed('invalid', error.message, 'Mend the file, or name the engine with --host.', []);
		}
		throw error;
	}
}

async function choose(request: ResolveRequest): Promise<Resolution> {
	const { env } = request;
	if (isSet(request.host) && isSet(request.context)) {
		return failed('invalid', '--host and --context were both given', 'Give one of them.', []);
	}
	if (isSet(request.context)) {
		return fromContext(request, request.context, '--context');
	}
	if (isSet(request.host)) {
		return fromAddress(request, request.host, '--host');
	}
	if (isSet(env['DOCKER_HOST'])) {
		return fromAddress(request, env['DOCKER_HOST'], 'DOCKER_HOST');
	}
	if (isSet(env['DOCKER_CONTEXT'])) {
		return fromContext(request, env['DOCKER_CONTEXT'], 'DOCKER_CONTEXT');
	}
	const current = await currentContext(configDir(env, request.homeDir), request.readText);
	if (current !== undefined && current !== 'default') {
		return fromContext(request, current, 'current docker context');
	}
	return fromUsualSockets(request);
}

function isSet(value: string | undefined): value is string {
	return value !== undefined && value !== '';
}

async function fromAddress(request: ResolveRequest, address: string, origin: string): Promise<Resolution> {
	const tls = await environmentTls(request.env, configDir(request.env, request.homeDir), request.readText);
	let transport: Transport;
	try {
		transport = parseAddress(address, tls);
	} catch (error) {
		if (error instanceof AddressError) {
			return failed('invalid', `${origin}: ${error.message}`, `Correct ${origin}.`, [{ origin, address, outcome: 'no engine address' }]);
		}
		throw error;
	}
	return settleNamed(request, { origin, transport, address, name: transportName(transport) });
}

async function fromContext(request: ResolveRequest, name: string, from: string): Promise<Resolution> {
	if (name === 'default') {
		return fromUsualSockets(request);
	}
	const origin = from === 'current docker context' ? `current docker context "${name}"` : `${from} ${name}`;
	const endpoint = await readContext(configDir(request.env, request.homeDir), name, request.readText);
	if (endpoint === undefined) {
		return failed('invalid', `there is no docker context "${name}" (${from})`, 'See `docker context ls`.', [
			{ origin, address: '', outcome: 'no such context' },
		]);
	}
	try {
		const transport = parseAddress(endpoint.host, endpoint.tls);
		return await settleNamed(request, { origin, transport, address: endpoint.host, name, context: name });
	} catch (error) {
		if (error instanceof AddressError) {
			return failed('invalid', `docker context "${name}": ${error.message}`, `See \`docker context inspect ${name}\`.`, [
				{ origin, address: endpoint.host, outcome: 'no engine address' },
			]);
		}
		throw error;
	}
}

async function settleNamed(request: ResolveRequest, choice: Choice): Promise<Resolution> {
	const outcome = await request.probe(choice.transport);
	const tried: Tried[] = [{ origin: choice.origin, address: choice.address, outcome: outcome.words }];
	return outcome.kind === 'answers' || outcome.kind === 'untried' ? found(choice, tried) : failedChoice(choice, outcome, tried);
}

/** The places engines listen by default, the most likely first. */
function usualSockets(request: ResolveRequest): readonly { path: string; own: boolean }[] {
	const runtime = request.env['XDG_RUNTIME_DIR'] ?? `/run/user/${request.uid}`;
	const home = (path: string) => ({ path: join(request.homeDir, path), own: true });
	return [
		{ path: '/var/run/docker.sock', own: false },
		home('.docker/run/docker.sock'),
		home('.docker/desktop/docker.sock'),
		{ path: join(runtime, 'docker.sock'), own: true },
		home('.colima/default/docker.sock'),
		home('.colima/docker.sock'),
		{ path: '/run/podman/podman.sock', own: false },
		{ path: join(runtime, 'podman', 'podman.sock'), own: true },
	];
}

/**
 * Nothing was named. A socket that is not there leads on to the next. One that is there and refuses ends
 * the search, since an engine that is down is the trouble to show; one that denies access leads on only
 * to sockets of the person's own (a rootless engine beside the system's).
 */
async function fromUsualSockets(request: ResolveRequest): Promise<Resolution> {
	const tried: Tried[] = [];
	let denied: { choice: Choice; outcome: ProbeOutcome } | undefined;
	for (const { path, own } of usualSockets(request)) {
		if (denied !== undefined && !own) {
			continue;
		}
		const transport: Transport = { kind: 'unix', path };
		const choice: Choice = { origin: 'usual socket', transport, address: `unix://${path}`, name: 'local' };
		const outcome = await request.probe(transport);
		tried.push({ origin: choice.origin, address: choice.address, outcome: outcome.words });
		if (outcome.kind === 'answers') {
			return found(choice, tried);
		}
		if (outcome.kind === 'denied') {
			denied ??= { choice, outcome };
		} else if (outcome.kind !== 'absent') {
			return failedChoice(choice, outcome, tried);
		}
	}
	if (denied !== undefined) {
		return failedChoice(denied.choice, denied.outcome, tried);
	}
	return failed(
		'unreachable',
		'no container engine found',
		'Start one (`sudo systemctl start docker`), or say where it is: --host, --context or DOCKER_HOST.',
		tried,
	);
}

function found(choice: Choice, tried: readonly Tried[]): Resolution {
	const target: DockerTarget = {
		name: choice.name,
		kind: guessKind(choice.transport),
		address: choice.address,
		origin: choice.origin,
		transport: choice.transport,
		...(choice.context === undefined ? {} : { context: choice.context }),
	};
	return { kind: 'found', target, tried };
}

function failedChoice(choice: Choice, outcome: ProbeOutcome, tried: readonly Tried[]): Resolution {
	const message = `${choice.address} (${choice.origin}): ${outcome.words}`;
	if (outcome.kind === 'denied') {
		return failed('permission', message, permissionAdvice(outcome.group), tried);
	}
	return failed('unreachable', message, startAdvice(choice.transport), tried);
}

function startAdvice(transport: Transport): string {
	return transport.kind === 'unix'
		? 'Start the engine (`sudo systemctl start docker`), or say where it is: --host, --context or DOCKER_HOST.'
		: 'Check the address, the network, and that the engine listens there.';
}

function failed(error: 'unreachable' | 'permission' | 'unresponsive' | 'invalid', message: string, advice: string, tried: readonly Tried[]): Resolution {
	return { kind: 'failed', error, message, advice, tried };
}
