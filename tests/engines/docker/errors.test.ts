import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../src/domain/engine.ts';
import { DeadlineError, SshError, toEngineError } from '../../../src/engines/docker/errors.ts';
import type { DockerTarget } from '../../../src/engines/docker/target.ts';

const local: DockerTarget = { name: 'local', kind: 'docker', address: 'unix:///run/docker.sock', origin: 'usual socket', transport: { kind: 'unix', path: '/run/docker.sock' } };
const remote: DockerTarget = { ...local, name: 'ops@prod-1', address: 'ssh://ops@prod-1', transport: { kind: 'ssh', host: 'prod-1', user: 'ops' } };
const coded = (code: string) => Object.assign(new Error('words'), { code });
const status = (statusCode: number, words: string) => Object.assign(new Error(`(HTTP code ${statusCode}) unexpected - ${words} `), { statusCode, json: null });

describe('an error of the engine', () => {
	it.each([
		[coded('ENOENT'), 'unreachable', 'stop api: the socket is gone', 'systemctl start docker'],
		[coded('ECONNREFUSED'), 'unreachable', 'nothing listens there', 'DOCKER_HOST'],
		[coded('EACCES'), 'permission', 'permission denied', 'usermod -aG docker $USER'],
		[coded('DEPTH_ZERO_SELF_SIGNED_CERT'), 'unreachable', 'TLS connection failed', 'ca.pem'],
		[new DeadlineError(3000), 'unresponsive', 'no answer within 3 s', 'journalctl'],
		[new Error('something else'), 'engine', 'something else', undefined],
		[status(404, 'No such container: api'), 'not-found', 'stop api: No such container: api', undefined],
		[status(409, 'Container api is paused'), 'conflict', 'stop api: Container api is paused', undefined],
		[status(501, 'configured logging driver does not support reading'), 'unsupported', 'does not support reading', undefined],
		[status(400, 'client version 1.20 is too old. Minimum supported API version is 1.44'), 'version', 'too old', 'no API version in common'],
		[status(400, 'invalid signal: NONSENSE'), 'invalid', 'invalid signal', undefined],
		[status(403, 'denied by plugin'), 'permission', 'denied by plugin', 'authorisation plugin'],
		[status(500, 'driver failed: Bind for 0.0.0.0:80 failed: port is already allocated'), 'engine', 'port is already allocated', 'holds the port'],
	])('%s', (error, kind, words, advice) => {
		const known = toEngineError(error, 'stop api', local, 'docker');
		expect(known).toMatchObject({ kind, message: expect.stringContaining(words) });
		expect(advice === undefined ? known.advice : known.advice?.includes(advice)).toBe(advice === undefined ? undefined : true);
		expect(known.cause).toBe(error);
	});

	it('over ssh has advice of its own', () => {
		expect(toEngineError(coded('ECONNRESET'), 'ping', remote).advice).toBe('Try `ssh ops@prod-1 docker version` by hand.');
		expect(toEngineError(new SshError('Permission denied (publickey).'), 'ping', remote).advice).toContain('ssh-add');
	});

	it('is not wrapped twice', () => {
		const known = new EngineError('conflict', 'x');
		expect(toEngineError(known, 'stop', local)).toBe(known);
	});
});
