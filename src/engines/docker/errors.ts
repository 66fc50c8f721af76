import { EngineError, type EngineErrorKind } from '../../domain/engine.ts';
import { fields, number, text } from './narrow.ts';
import { transportName, type DockerTarget } from './target.ts';

/** What to do where the socket may not be opened. */
export function permissionAdvice(group: string | undefined): string {
	const owner = group === undefined || group === 'root' ? 'The socket belongs to root.' : `The socket belongs to the group ${group}.`;
	const join =
		group === undefined || group === 'root'
			? 'Run as root, or use a rootless engine.'
			: `Join it with \`sudo usermod -aG ${group} $USER\` and log in anew, or use a rootless engine.`;
	return `${owner} ${join}`;
}

/** A call that outlived its deadline. */
export class DeadlineError extends Error {
	override readonly name = 'DeadlineError';
	readonly timeoutMs: number;
	constructor(timeoutMs: number) {
		super(`no answer within ${timeoutMs / 1000} s`);
		this.timeoutMs = timeoutMs;
	}
}

/** An ssh connection that could not be made or broke off, in ssh's own words. */
export class SshError extends Error {
	override readonly name = 'SshError';
}

const gone = new Set(['ENOENT', 'ENOTDIR', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN']);

/**
 * Puts whatever a call threw into our words.
 * @param what the call, for the message, such as `stop gateway`
 * @param group owner of the socket, where known
 */
export function toEngineError(error: unknown, what: string, target: DockerTarget, group?: string): EngineError {
	if (error instanceof EngineError) {
		return error;
	}
	if (error instanceof DeadlineError) {
		return new EngineError('unresponsive', `${target.address}: ${what}: ${error.message}`, {
			advice: 'The engine is there and does not answer. Look at its own log, such as `journalctl -u docker`, and at the load of its host.',
			cause: error,
		});
	}
	if (error instanceof SshError) {
		return new EngineError('unreachable', `${target.address}: ${error.message}`, { advice: sshAdvice(error.message), cause: error });
	}
	const status = number(fields(error)['statusCode']);
	if (status !== undefined) {
		return fromStatus(status, error, what, target);
	}
	const code = text(fields(error)['code']) ?? '';
	const words = error instanceof Error ? error.message : String(error);
	if (code === 'EACCES' || code === 'EPERM') {
		return new EngineError('permission', `${target.address}: permission denied`, { advice: permissionAdvice(group), cause: error });
	}
	if (isCertificateCode(code)) {
		return new EngineError('unreachable', `${target.address}: the TLS connection failed: ${words}`, {
			advice: 'Check ca.pem, cert.pem and key.pem in DOCKER_CERT_PATH or in the docker context, and the name in the certificate.',
			cause: error,
		});
	}
	if (gone.has(code) || words === 'socket hang up' || words === 'aborted') {
		return new EngineError('unreachable', `${target.address}: ${what}: ${unreachableWords(code, words)}`, {
			advice: unreachableAdvice(target),
			cause: error,
		});
	}
	return new EngineError('engine', `${target.address}: ${what}: ${words}`, { cause: error });
}

function isCertificateCode(code: string): boolean {
	return code.startsWith('ERR_TLS') || code.startsWith('ERR_SSL') || code.includes('CERT') || code === 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' || code === 'EPROTO';
}

function unreachableWords(code: string, words: string): string {
	switch (code) {
		case 'ENOENT':
			return 'the socket is gone';
		case 'ECONNREFUSED':
			return 'nothing listens there (connection refused)';
		case 'ENOTFOUND':
		case 'EAI_AGAIN':
			return 'the host name is not known';
		default:
			return `the connection broke (${code === '' ? words : code})`;
	}
}

function unreachableAdvice(target: DockerTarget): string {
	if (target.transport.kind === 'unix') {
		return `Start the engine (\`sudo systemctl start ${target.kind === 'podman' ? 'podman.socket' : 'docker'}\`), or say where it is: --host, --context or DOCKER_HOST.`;
	}
	return target.transport.kind === 'ssh'
		? `Try \`ssh ${transportName(target.transport)} docker version\` by hand.`
		: 'Check the address, the network, and that the engine listens there.';
}

function sshAdvice(words: string): string {
	if (/host key verification failed/i.test(words)) {
		return 'Log in once by hand and check the host key, then try again.';
	}
	if (/permission denied/i.test(words)) {
		return 'ssh must get in without asking: load a key into the agent (`ssh-add`), or name one in ~/.ssh/config.';
	}
	if (/command not found|not found|127/i.test(words)) {
		return 'The docker command must be on the PATH of the far side, as `docker system dial-stdio` is run there.';
	}
	return 'Try the same login by hand with `ssh`.';
}

function fromStatus(status: number, error: unknown, what: string, target: DockerTarget): EngineError {
	const words = engineWords(error);
	const message = `${what}: ${words}`;
	const kind = statusKind(status, words);
	const advice = statusAdvice(kind, target, words);
	return new EngineError(kind, message, { ...(advice === undefined ? {} : { advice }), cause: error });
}

function statusKind(status: number, words: string): EngineErrorKind {
	if (status === 400 && /version/i.test(words) && /client|too (new|old)|minimum/i.test(words)) {
		return 'version';
	}
	switch (status) {
		case 400:
			return 'invalid';
		case 401:
		case 403:
			return 'permission';
		case 404:
			return 'not-found';
		case 409:
			return 'conflict';
		case 501:
			return 'unsupported';
		default:
			return 'engine';
	}
}

function statusAdvice(kind: EngineErrorKind, target: DockerTarget, words: string): string | undefined {
	if (kind === 'permission') {
		return `The engine at ${target.address} refused this by its own rules (an authorisation plugin or a proxy).`;
	}
	if (kind === 'version') {
		return 'This engine and this console have no API version in common: upgrade the older of the two.';
	}
	return /port is already allocated/i.test(words) ? 'Another container or process holds the port.' : undefined;
}

/** The engine's own words, without the HTTP client's framing. */
export function engineWords(error: unknown): string {
	const json = fields(error)['json'];
	const said = text(fields(json)['message']) ?? text(fields(json)['cause']);
	if (said !== undefined) {
		return said.trim();
	}
	const message = error instanceof Error ? error.message : String(error);
	return message.replace(/^\(HTTP code \d+\) .*? - /, '').trim();
}
