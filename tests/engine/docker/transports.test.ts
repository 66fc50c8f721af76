import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineError, type Engine } from '../../../src/domain/engine.ts';
import { systemClock } from '../../../src/domain/systemClock.ts';
import { startPrivateEngine, type PrivateEngine } from '../../../src/drill/privateEngine.ts';
import { openDocker, resolveTarget, systemProbes } from '../../../src/engines/docker/index.ts';
import { Containers, eventually, openEngine, testEngineAddress } from '../../support/engine.ts';
import { freePort } from '../../support/freePort.ts';
import { LineCollector } from '../../support/logLines.ts';
import { patienceMs } from '../../support/patience.ts';

const run = promisify(execFile);
const never = new AbortController().signal;
let dir: string;

beforeAll(async () => {
	dir = await mkdtemp('/tmp/sitrep-transports-');
});

afterAll(async () => {
	await rm(dir, { recursive: true, force: true });
});

describe('TCP with TLS', () => {
	let owned: PrivateEngine;
	let address: string;
	let certificates: string;

	beforeAll(async () => {
		certificates = join(dir, 'certificates');
		await makeCertificates(certificates);
		const port = await freePort();
		address = `tcp://127.0.0.1:${port}`;
		owned = await startPrivateEngine({
			dir: join(dir, 'engine'),
			extra: ['-H', address, '--tlsverify', `--tlscacert=${certificates}/ca.pem`, `--tlscert=${certificates}/server.pem`, `--tlskey=${certificates}/server-key.pem`],
		});
	});

	afterAll(async () => {
		await owned.destroy();
	});

	it('works with the certificates of DOCKER_CERT_PATH', async () => {
		const engine = await openEngine(address, {}, { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: certificates });
		expect((await engine.info()).target.address).toBe(address);
		const containers = new Containers(owned.host);
		const id = await containers.run('for i in 1 2 3; do echo $i; done');
		await containers.docker.getContainer(id).wait();
		const sink = new LineCollector();
		expect(await engine.logs(id, { follow: false, signal: never }, sink)).toEqual({ kind: 'ended' });
		expect(sink.texts).toEqual(['1', '2', '3']);
		await containers.removeAll();
		await engine.close();
	});

	it('works with those of a docker context', async () => {
		const config = join(dir, 'config');
		await run('docker', ['--config', config, 'context', 'create', 'secured', '--docker', `host=${address},ca=${certificates}/ca.pem,cert=${certificates}/cert.pem,key=${certificates}/key.pem`]);
		const resolution = await resolveTarget({ env: { DOCKER_CONFIG: config, DOCKER_CONTEXT: 'secured' }, homeDir: '/nonexistent', uid: 0, ...systemProbes });
		expect(resolution).toMatchObject({ kind: 'found', target: { name: 'secured', address, origin: 'DOCKER_CONTEXT secured' } });
		if (resolution.kind === 'found') {
			const engine = openDocker(resolution.target, { clock: systemClock });
			await engine.ping();
			await engine.close();
		}
	});

	it('refuses an engine whose certificate another authority has signed, and says what to check', async () => {
		const others = join(dir, 'others');
		await makeCertificates(others);
		const engine = await openEngine(address, {}, { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: others });
		await expect(engine.ping()).rejects.toMatchObject({ kind: 'unreachable', message: expect.stringContaining('TLS'), advice: expect.stringContaining('ca.pem') });
		await engine.close();
	});

	it('can leave the check out only where DOCKER_TLS asks for that', async () => {
		const unchecked = join(dir, 'unchecked');
		await mkdir(unchecked, { recursive: true });
		for (const file of ['cert.pem', 'key.pem']) {
			await writeFile(join(unchecked, file), await readFile(join(certificates, file)));
		}
		const engine = await openEngine(address, {}, { DOCKER_TLS: '1', DOCKER_CERT_PATH: unchecked });
		await engine.ping();
		await engine.close();
		const checked = await openEngine(address, {}, { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: unchecked });
		await expect(checked.ping()).rejects.toBeInstanceOf(EngineError);
		await checked.close();
	});
});

describe('ssh', () => {
	const address = testEngineAddress();
	let savedPath: string | undefined;
	let engine: Engine;

	beforeAll(async () => {
		// Stands for ssh: notes its arguments and runs what it was told to run on the far side.
		const bin = join(dir, 'bin');
		await mkdir(bin);
		await writeFile(
			join(bin, 'ssh'),
			`#!/bin/sh
printf '%s\\n' "$*" >> ${join(dir, 'calls')}
while [ "$1" != -- ]; do shift; done
host=$2; shift 2
case $host in
	stranger) echo 'Host key verification failed.' >&2; exit 255;;
	locked) echo 'ops@locked: Permission denied (publickey).' >&2; exit 255;;
	bare) echo 'sh: 1: docker: not found' >&2; exit 127;;
esac
DOCKER_HOST=${address} exec sh -c "$*"
`,
		);
		await chmod(join(bin, 'ssh'), 0o755);
		savedPath = process.env['PATH'];
		process.env['PATH'] = `${bin}${delimiter}${savedPath ?? ''}`;
		engine = await openEngine('ssh://ops@prod-1:2222');
	});

	afterAll(async () => {
		await engine.close();
		process.env['PATH'] = savedPath;
	});

	it('reaches the engine through the system ssh, without a shell and without asking', async () => {
		expect(await engine.info()).toMatchObject({ product: 'Docker', target: { name: 'ops@prod-1', address: 'ssh://ops@prod-1:2222' } });
		const calls = (await readFile(join(dir, 'calls'), 'utf8')).trim().split('\n');
		expect(calls[0]).toBe('-l ops -p 2222 -o BatchMode=yes -o ConnectTimeout=10 -T -- prod-1 docker system dial-stdio');
	});

	it('uses few logins for many calls', async () => {
		const before = (await readFile(join(dir, 'calls'), 'utf8')).trim().split('\n').length;
		for (let call = 0; call < 50; call++) {
			await engine.ping();
		}
		const after = (await readFile(join(dir, 'calls'), 'utf8')).trim().split('\n').length;
		expect(after - before).toBeLessThanOrEqual(1);
	});

	it('carries streams, commands and figures', async () => {
		const containers = new Containers(address);
		const id = await containers.run('for i in 1 2 3; do echo $i; done; while :; do sleep 0.1; done');
		const sink = new LineCollector();
		const abort = new AbortController();
		const logs = engine.logs(id, { follow: true, signal: abort.signal }, sink);
		await eventually('lines', () => sink.lines.length === 3);
		abort.abort();
		await logs;
		expect((await engine.exec(id, { argv: ['sh', '-c', 'exit 5'], timeoutMs: patienceMs })).exitCode).toBe(5);
		let count = 0;
		const follower = engine.figures((batch) => {
			count += batch.length;
		});
		follower.follow([id], []);
		await eventually('figures', () => count > 1);
		expect(follower.describe()).toMatch(/^engine, /);
		follower.close();
		await containers.removeAll();
	});

	it.each([
		['stranger', 'Host key verification failed', /check the host key/],
		['locked', 'Permission denied', /ssh-add/],
		['bare', 'docker: not found', /on the PATH of the far side/],
	])('says in words why %s cannot be reached', async (host, words, advice) => {
		const failing = await openEngine(`ssh://${host}`);
		await expect(failing.ping()).rejects.toMatchObject({ kind: 'unreachable', message: expect.stringContaining(words), advice: expect.stringMatching(advice) });
		await failing.close();
	});

	it('leaves no ssh behind', async () => {
		await engine.close();
		const left = await eventually('no dial-stdio runs', async () => {
			const { stdout } = await run('ps', ['-o', 'args', '--ppid', String(process.pid)]);
			return stdout.includes('dial-stdio') ? undefined : stdout;
		});
		expect(left).not.toContain('dial-stdio');
	});
});

/** An authority, a server certificate for 127.0.0.1 and a client certificate, as `docker` names their files. */
async function makeCertificates(folder: string): Promise<void> {
	await mkdir(folder, { recursive: true });
	const openssl = async (...argv: string[]) => run('openssl', argv, { cwd: folder });
	await openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=test authority', '-keyout', 'ca-key.pem', '-out', 'ca.pem');
	for (const [name, extension, key, certificate] of [
		['server', 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth', 'server-key.pem', 'server.pem'],
		['client', 'extendedKeyUsage=clientAuth', 'key.pem', 'cert.pem'],
	] as const) {
		await writeFile(join(folder, `${name}.ext`), extension);
		await openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', `/CN=${name}`, '-keyout', key, '-out', `${name}.csr`);
		await openssl('x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial', '-days', '2', '-extfile', `${name}.ext`, '-out', certificate);
	}
}
