import type { EngineErrorKind, EngineTarget } from '../../domain/engine.ts';

/** Certificates of a TLS connection, PEM. */
export interface TlsMaterial {
	readonly ca?: string;
	readonly cert?: string;
	readonly key?: string;
	/** False only where the person asked for it (`DOCKER_TLS`, a context with SkipTLSVerify). */
	readonly verify: boolean;
}

/** How bytes reach the engine. */
export type Transport =
	| { readonly kind: 'unix'; readonly path: string }
	| { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly tls?: TlsMaterial }
	/** `docker system dial-stdio` through the system's ssh. */
	| {
			readonly kind: 'ssh';
			readonly host: string;
			readonly user?: string;
			readonly port?: number;
			/** Socket on the far side, where the address names one. */
			readonly socketPath?: string;
	  };

/** An engine that was chosen, with what the adapter needs to talk to it. */
export interface DockerTarget extends EngineTarget {
	readonly transport: Transport;
}

/** One address that was considered. */
export interface Tried {
	readonly origin: string;
	readonly address: string;
	/** In words, such as `answers` or `no such socket`. */
	readonly outcome: string;
}

export type Resolution =
	| { readonly kind: 'found'; readonly target: DockerTarget; readonly tried: readonly Tried[] }
	| {
			readonly kind: 'failed';
			readonly error: EngineErrorKind;
			readonly message: string;
			readonly advice: string;
			readonly tried: readonly Tried[];
	  };

/** An address that cannot be understood. */
export class AddressError extends Error {
	override readonly name = 'AddressError';
}

/**
 * Reads an engine address as the docker CLI does: unix://, tcp://, http://, https:// and ssh://; a bare
 * `host:port` is tcp.
 * @param tls used for tcp where the address itself does not decide
 * @throws AddressError
 */
export function parseAddress(address: string, tls?: TlsMaterial): Transport {
	if (address.startsWith('unix://')) {
		const path = address.slice('unix://'.length);
		if (path === '') {
			return { kind: 'unix', path: '/var/run/docker.sock' };
		}
		return { kind: 'unix', path };
	}
	if (address.startsWith('/')) {
		return { kind: 'unix', path: address };
	}
	const url = parseUrl(address.includes('://') ? address : `tcp://${address}`);
	switch (url.protocol) {
		case 'ssh:':
			return sshTransport(url, address);
		case 'tcp:':
		case 'http:':
		case 'https:':
			return tcpTransport(url, address, tls);
		default:
			throw new AddressError(`${address} is no engine address: use unix://, ssh:// or tcp://`);
	}
}

function parseUrl(address: string): URL {
	try {
		return new URL(address);
	} catch (cause) {
		throw new AddressError(`${address} is no engine address: use unix:///path, ssh://user@host or tcp://host:port`, { cause });
	}
}

function tcpTransport(url: URL, address: string, tls: TlsMaterial | undefined): Transport {
	if (url.hostname === '') {
		throw new AddressError(`${address} names no host`);
	}
	if (url.pathname !== '' && url.pathname !== '/') {
		throw new AddressError(`${address} has a path, which an engine address cannot have`);
	}
	const secure = tls ?? (url.protocol === 'https:' ? { verify: true } : undefined);
	return {
		kind: 'tcp',
		host: url.hostname.replace(/^\[|\]$/g, ''),
		port: url.port === '' ? (secure === undefined ? 2375 : 2376) : Number(url.port),
		...(secure === undefined ? {} : { tls: secure }),
	};
}

function sshTransport(url: URL, address: string): Transport {
	if (url.hostname === '') {
		throw new AddressError(`${address} names no host`);
	}
	if (url.password !== '') {
		throw new AddressError('an ssh:// address must not hold a password: use a key or an agent');
	}
	const host = decodeURIComponent(url.hostname).replace(/^\[|\]$/g, '');
	const user = decodeURIComponent(url.username);
	// ssh would read a leading dash as an option, whatever we put before it on older versions.
	if (host.startsWith('-') || user.startsWith('-')) {
		throw new AddressError(`${address}: a host or user that begins with "-" is refused`);
	}
	return {
		kind: 'ssh',
		host,
		...(user === '' ? {} : { user }),
		...(url.port === '' ? {} : { port: Number(url.port) }),
		...(url.pathname === '' || url.pathname === '/' ? {} : { socketPath: url.pathname }),
	};
}

/** Short name of a transport for the header. */
export function transportName(transport: Transport): string {
	if (transport.kind === 'unix') {
		return 'local';
	}
	return transport.kind === 'ssh' && transport.user !== undefined ? `${transport.user}@${transport.host}` : transport.host;
}

/** A first guess from the path alone; the engine's own answer corrects it. */
export function guessKind(transport: Transport): EngineTarget['kind'] {
	const path = transport.kind === 'tcp' ? undefined : transport.kind === 'unix' ? transport.path : transport.socketPath;
	return path !== undefined && path.includes('podman') ? 'podman' : 'docker';
}
