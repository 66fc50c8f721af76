import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { resolveTarget, type ResolveRequest } from '../../../src/engines/docker/resolve.ts';
import type { ProbeOutcome } from '../../../src/engines/docker/probe.ts';
import type { Transport } from '../../../src/engines/docker/target.ts';

const answers: ProbeOutcome = { kind: 'answers', words: 'answers' };
const absent: ProbeOutcome = { kind: 'absent', words: 'no such socket' };
const refused: ProbeOutcome = { kind: 'refused', words: 'nothing listens there (connection refused)' };
const denied: ProbeOutcome = { kind: 'denied', words: 'permission denied', group: 'docker' };

const key = (name: string) => createHash('sha256').update(name).digest('hex');

interface World {
	readonly files?: Readonly<Record<string, string>>;
	readonly sockets?: Readonly<Record<string, ProbeOutcome>>;
}

const resolve = async (request: Partial<ResolveRequest>, world: World = {}) =>
	resolveTarget({
		env: {},
		homeDir: '/home/ann',
		uid: 1000,
		readText: async (path) => world.files?.[path],
		probe: async (transport: Transport) => (transport.kind === 'unix' ? (world.sockets?.[transport.path] ?? absent) : transport.kind === 'tcp' ? answers : { kind: 'untried', words: 'opened on first use' }),
		...request,
	});

const context = (name: string, host: string, more: object = {}) => ({
	[`/home/ann/.docker/contexts/meta/${key(name)}/meta.json`]: JSON.stringify({ Name: name, Endpoints: { docker: { Host: host, ...more } } }),
});
const systemSocket = { '/var/run/docker.sock': answers };

describe('the engine is chosen', () => {
	const everything = {
		files: { ...context('prod', 'ssh://ops@prod-1'), ...context('stage', 'ssh://ops@stage-1'), ...context('dev', 'ssh://ops@dev-1'), '/home/ann/.docker/config.json': '{"currentContext":"dev"}' },
		sockets: systemSocket,
	};

	it.each([
		['--context before all', { context: 'prod', env: { DOCKER_HOST: 'ssh://env', DOCKER_CONTEXT: 'stage' } }, 'prod', '--context prod'],
		['--host before the environment', { host: 'ssh://flag', env: { DOCKER_HOST: 'ssh://env' } }, 'flag', '--host'],
		['DOCKER_HOST before DOCKER_CONTEXT', { env: { DOCKER_HOST: 'ssh://env', DOCKER_CONTEXT: 'stage' } }, 'env', 'DOCKER_HOST'],
		['DOCKER_CONTEXT before the current context', { env: { DOCKER_CONTEXT: 'stage' } }, 'stage', 'DOCKER_CONTEXT stage'],
		['the current context before the usual sockets', {}, 'dev', 'current docker context "dev"'],
		['the usual sockets where DOCKER_CONTEXT says default', { env: { DOCKER_CONTEXT: 'default' } }, 'local', 'usual socket'],
	])('by %s', async (_what, request, name, origin) => {
		expect(await resolve(request, everything)).toMatchObject({ kind: 'found', target: { name, origin } });
	});

	it('from the folder that DOCKER_CONFIG names', async () => {
		const files = { '/etc/cfg/config.json': '{"currentContext":"x"}', [`/etc/cfg/contexts/meta/${key('x')}/meta.json`]: '{"Endpoints":{"docker":{"Host":"tcp://10.0.0.1:2375"}}}' };
		expect(await resolve({ env: { DOCKER_CONFIG: '/etc/cfg' } }, { files })).toMatchObject({ target: { name: 'x', transport: { kind: 'tcp', host: '10.0.0.1', port: 2375 } } });
	});

	it.each([
		['unix:///x.sock', { kind: 'unix', path: '/x.sock' }],
		['tcp://h', { kind: 'tcp', host: 'h', port: 2375 }],
		['h:99', { kind: 'tcp', host: 'h', port: 99 }],
		['tcp://[::1]:2376', { kind: 'tcp', host: '::1', port: 2376 }],
		['https://h', { kind: 'tcp', host: 'h', port: 2376, tls: { verify: true } }],
		['ssh://u@h:22/run/user/1/docker.sock', { kind: 'ssh', user: 'u', host: 'h', port: 22, socketPath: '/run/user/1/docker.sock' }],
	])('with the address %s', async (host, transport) => {
		expect(await resolve({ host }, { sockets: { '/x.sock': answers } })).toMatchObject({ kind: 'found', target: { transport } });
	});

	it.each(['npipe:////./pipe/x', 'nonsense://x', 'tcp://', 'ssh://u:secret@h', 'ssh://-oProxyCommand=x', 'tcp://h/path'])('never by %s', async (host) => {
		expect(await resolve({ host })).toMatchObject({ kind: 'failed', error: 'invalid' });
	});
});

describe('TLS', () => {
	const pems = (folder: string) => ({ [`${folder}/ca.pem`]: 'CA', [`${folder}/cert.pem`]: 'CERT', [`${folder}/key.pem`]: 'KEY' });

	it('comes from DOCKER_CERT_PATH, or from the settings folder', async () => {
		const named = await resolve({ env: { DOCKER_HOST: 'tcp://h', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/certs' } }, { files: pems('/certs') });
		expect(named).toMatchObject({ target: { transport: { port: 2376, tls: { ca: 'CA', cert: 'CERT', key: 'KEY', verify: true } } } });
		const usual = await resolve({ env: { DOCKER_HOST: 'tcp://h', DOCKER_TLS: '1' } }, { files: pems('/home/ann/.docker') });
		expect(usual).toMatchObject({ target: { transport: { tls: { ca: 'CA', verify: false } } } });
	});

	it('comes with a context, and is unchecked only where that says so', async () => {
		const files = { ...context('p', 'tcp://h:2376'), ...pems(`/home/ann/.docker/contexts/tls/${key('p')}/docker`), ...context('q', 'tcp://h:2376', { SkipTLSVerify: true }) };
		expect(await resolve({ context: 'p' }, { files })).toMatchObject({ target: { transport: { tls: { cert: 'CERT', verify: true } } } });
		expect(await resolve({ context: 'q' }, { files })).toMatchObject({ target: { transport: { tls: { verify: false } } } });
	});
});

describe('an engine that was named and does not answer', () => {
	it.each([
		['host', { host: 'unix:///other.sock' }],
		['environment', { env: { DOCKER_HOST: 'unix:///other.sock' } }],
		['context', { context: 'other' }],
	])('by %s is a failure, though another one is there', async (_how, request) => {
		const result = await resolve(request, { sockets: { ...systemSocket, '/other.sock': refused }, files: context('other', 'unix:///other.sock') });
		expect(result).toMatchObject({ kind: 'failed', error: 'unreachable', tried: [{ address: 'unix:///other.sock', outcome: refused.words }] });
	});

	it('is a failure where there is no such context', async () => {
		expect(await resolve({ context: 'typo' }, { sockets: systemSocket })).toMatchObject({ kind: 'failed', error: 'invalid', message: 'there is no docker context "typo" (--context)' });
		expect(await resolve({ env: {} }, { sockets: systemSocket, files: { '/home/ann/.docker/config.json': '{"currentContext":"typo"}' } })).toMatchObject({ kind: 'failed' });
	});

	it('is a failure where the settings that may name it cannot be read', async () => {
		const broken = await resolve({}, { sockets: systemSocket, files: { '/home/ann/.docker/config.json': '{"currentContext": "pro' } });
		expect(broken).toMatchObject({ kind: 'failed', error: 'invalid', message: '/home/ann/.docker/config.json is no JSON object' });
		const unreadable = await resolve({ readText: async () => Promise.reject(new Error('EACCES')) }, { sockets: systemSocket });
		expect(unreadable).toMatchObject({ kind: 'failed', error: 'invalid', message: '/home/ann/.docker/config.json cannot be read: EACCES' });
	});

	it('is a failure where two were named', async () => {
		expect(await resolve({ host: 'tcp://a', context: 'b' })).toMatchObject({ kind: 'failed', message: '--host and --context were both given' });
	});
});

describe('the usual sockets', () => {
	it('are tried in turn, and each is told of', async () => {
		const result = await resolve({ env: { XDG_RUNTIME_DIR: '/run/user/1000' } }, { sockets: { '/run/user/1000/podman/podman.sock': answers } });
		expect(result).toMatchObject({ kind: 'found', target: { kind: 'podman', address: 'unix:///run/user/1000/podman/podman.sock' } });
		expect(result.tried).toHaveLength(8);
		expect(result.tried[0]).toEqual({ origin: 'usual socket', address: 'unix:///var/run/docker.sock', outcome: 'no such socket' });
	});

	it('end at one that refuses: an engine that is down is the trouble to show', async () => {
		const result = await resolve({}, { sockets: { '/var/run/docker.sock': refused, '/run/podman/podman.sock': answers } });
		expect(result).toMatchObject({ kind: 'failed', error: 'unreachable', advice: expect.stringContaining('systemctl start docker') });
	});

	it('lead from one that is denied to one of the own user only', async () => {
		const own = await resolve({}, { sockets: { '/var/run/docker.sock': denied, '/run/user/1000/docker.sock': answers } });
		expect(own).toMatchObject({ kind: 'found', target: { address: 'unix:///run/user/1000/docker.sock' } });
		const foreign = await resolve({}, { sockets: { '/var/run/docker.sock': denied, '/run/podman/podman.sock': answers } });
		expect(foreign).toMatchObject({ kind: 'failed', error: 'permission', advice: 'The socket belongs to the group docker. Join it with `sudo usermod -aG docker $USER` and log in anew, or use a rootless engine.' });
	});

	it('may be none at all', async () => {
		expect(await resolve({})).toMatchObject({ kind: 'failed', error: 'unreachable', message: 'no container engine found' });
	});
});
