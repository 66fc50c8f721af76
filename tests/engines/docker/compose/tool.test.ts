import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../../src/domain/systemClock.ts';
import { Connection } from '../../../../src/engines/docker/connection.ts';
import { engineEnv } from '../../../../src/engines/docker/rollout/compose/engineEnv.ts';
import { composeErrorWords, unsetVariables } from '../../../../src/engines/docker/rollout/compose/errorWords.ts';
import type { ProgramEnd, ProgramOptions, RunProgram } from '../../../../src/engines/docker/rollout/compose/ports.ts';
import { runProgram } from '../../../../src/engines/docker/rollout/compose/runProgram.ts';
import { composeTool } from '../../../../src/engines/docker/rollout/compose/tool.ts';
import type { DockerTarget } from '../../../../src/engines/docker/target.ts';

const local: DockerTarget = { name: 'local', kind: 'docker', address: 'unix:///run/docker.sock', origin: 'test', transport: { kind: 'unix', path: '/run/docker.sock' } };
const secured: DockerTarget = { ...local, address: 'tcp://prod:2376', context: 'prod', transport: { kind: 'tcp', host: 'prod', port: 2376, tls: { verify: true } } };
const files = { project: 'shop', workingDir: '/srv/shop', files: ['/srv/shop/a.yml', '/srv/shop/b.yml'], envFiles: [] };
const end = (over: Partial<ProgramEnd> = {}): ProgramEnd => ({ exitCode: 0, missing: false, timedOut: false, stdout: '', stderr: '', ...over });

/** Replies by what is called; all calls are kept. */
function recorded(replies: Readonly<Record<string, Partial<ProgramEnd>>>): { readonly run: RunProgram; readonly calls: string[]; readonly options: ProgramOptions[] } {
	const calls: string[] = [];
	const options: ProgramOptions[] = [];
	return {
		calls,
		options,
		run: async (argv, given) => {
			calls.push(argv.join(' '));
			options.push(given);
			const found = Object.entries(replies).find(([start]) => argv.join(' ').startsWith(start));
			return end(found?.[1] ?? { exitCode: undefined, missing: true });
		},
	};
}

const on = (target: DockerTarget, run: RunProgram, environment: Readonly<Record<string, string>> = {}): Connection => new Connection(target, { clock: systemClock, compose: { run, environment } });

describe('the compose of this machine', () => {
	it('is the newer one where both are there, and looked for once', async () => {
		const { run, calls } = recorded({ 'docker compose version': { stdout: '2.29.1\n' }, 'docker-compose version': { stdout: '1.29.2\n' } });
		const connection = on(local, run);
		const [first, second] = [await composeTool(connection), await composeTool(connection)];
		expect(first).toBe(second);
		expect(first).toMatchObject({ name: 'docker compose', version: '2.29.1', isFirst: false });
		expect(calls).toEqual(['docker compose version --short']);
	});

	it('is the first one where docker has no such command, and absent where neither is there', async () => {
		// An old docker without the plugin shows its help.
		const old = recorded({ 'docker compose version': { exitCode: 0, stdout: 'Usage: docker [OPTIONS] COMMAND' }, 'docker-compose version': { stdout: '1.29.2\n' } });
		expect(await composeTool(on(local, old.run))).toMatchObject({ name: 'docker-compose', isFirst: true });
		expect(await composeTool(on(local, recorded({}).run))).toBeUndefined();
	});

	it('is called with the project as it was made, our file last', async () => {
		const { run, calls, options } = recorded({ 'docker compose': { stdout: '2.29.1' } });
		const tool = await composeTool(on(local, run));
		await tool?.up({ ...files, envFiles: ['/srv/shop/prod.env'] }, { overrides: ['/state/web.sitrep.yaml'], service: 'web', scale: 3, keep: true, neverPull: true, stopSeconds: 30 });
		expect(calls[1]).toBe('docker compose --project-name shop --project-directory /srv/shop --env-file /srv/shop/prod.env --file /srv/shop/a.yml --file /srv/shop/b.yml --file /state/web.sitrep.yaml up -d --no-deps --no-build --no-recreate --pull never --scale web=3 web');
		expect(options[1]?.timeoutMs).toBe(210_000);
	});

	it('gives the first one no option that it does not know, and the context as an option', async () => {
		const { run, calls } = recorded({ 'docker-compose': { stdout: '1.29.2' } });
		const tool = await composeTool(on(secured, run));
		await tool?.up(files, { overrides: [], service: 'web', scale: 1, keep: false, neverPull: true, stopSeconds: 10 });
		expect(calls.at(-1)).toBe('docker-compose --context prod --project-name shop --project-directory /srv/shop --file /srv/shop/a.yml --file /srv/shop/b.yml up -d --no-deps --no-build --scale web=1 web');
	});

	it('tells its failure in its own words', async () => {
		const { run } = recorded({ 'docker-compose version': { stdout: '1.29.2' }, 'docker-compose': { exitCode: 1, stderr: 'Recreating shop_web_1 ... error\n\nERROR: for web  Cannot start service web: port is already allocated\nEncountered errors while bringing up the project.\n' } });
		const tool = await composeTool(on(local, run));
		await expect(tool?.up(files, { overrides: [], service: 'web', scale: 1, keep: false, neverPull: false, stopSeconds: 10 })).rejects.toThrow('docker-compose up web: for web  Cannot start service web: port is already allocated');
	});

	it('says which containers it sees, and the hash it would write', async () => {
		const id = 'a'.repeat(64);
		const { run } = recorded({ 'docker compose version': { stdout: '2.29.1' }, 'docker compose --project-name shop': { stdout: `${id}\nweb 1234\n` } });
		const tool = await composeTool(on(local, run));
		expect((await tool?.containers(files, 'web'))?.ids).toEqual([id]);
		expect((await tool?.hash(files, [], 'web'))?.hash).toBe('1234');
	});
});

describe('the environment of compose', () => {
	it('leads to the engine that we are connected to, and to no other project', () => {
		const env = engineEnv(local, { PATH: '/bin', TAG: '1', DOCKER_HOST: 'tcp://other', DOCKER_CONTEXT: 'other', DOCKER_TLS_VERIFY: '1', COMPOSE_FILE: 'x', COMPOSE_PROJECT_NAME: 'y' });
		expect(env).toEqual({ PATH: '/bin', TAG: '1', DOCKER_HOST: 'unix:///run/docker.sock', COMPOSE_REMOVE_ORPHANS: 'false', COMPOSE_IGNORE_ORPHANS: 'true' });
	});

	it('names the context where only that knows the certificates, and keeps those of the environment where it does not', () => {
		expect(engineEnv(secured, { DOCKER_CERT_PATH: '/c' })).toMatchObject({ DOCKER_CONTEXT: 'prod' });
		expect(engineEnv(secured, { DOCKER_CERT_PATH: '/c' })).not.toHaveProperty('DOCKER_CERT_PATH');
		const { context: _, ...plain } = secured;
		expect(engineEnv(plain, { DOCKER_CERT_PATH: '/c', DOCKER_TLS_VERIFY: '1' })).toMatchObject({ DOCKER_HOST: 'tcp://prod:2376', DOCKER_CERT_PATH: '/c', DOCKER_TLS_VERIFY: '1' });
	});
});

describe('what compose says', () => {
	it('is told in few words', () => {
		expect(composeErrorWords(end({ missing: true }))).toContain('not there');
		expect(composeErrorWords(end({ timedOut: true }))).toContain('in time');
		expect(composeErrorWords(end({ exitCode: 4 }))).toBe('it ended with 4');
		expect(composeErrorWords(end({ exitCode: 1, stderr: ' Container a  Recreate\n\u001B[31mError response from daemon: no space left\u001B[0m\n' }))).toBe('Error response from daemon: no space left');
		expect(composeErrorWords(end({ exitCode: 1, stderr: `ERROR: ${'x'.repeat(9999)}` })).length).toBeLessThanOrEqual(400);
	});

	it('names the variables that nobody set, as both versions word it', () => {
		expect(unsetVariables('WARNING: The TAG variable is not set. Defaulting to a blank string.\nlevel=warning msg="The \\"KEY\\" variable is not set. Defaulting to a blank string."\nThe TAG variable is not set.')).toEqual(['TAG', 'KEY']);
	});
});

describe('a program', () => {
	const env = { PATH: process.env['PATH'] ?? '' };

	it('is run from its words', async () => {
		expect(await runProgram(['sh', '-c', 'echo "$1"; exit 3', 'sh', '$HOME; x'], { env, timeoutMs: 10_000 })).toMatchObject({ exitCode: 3, stdout: '$HOME; x', missing: false, timedOut: false });
		expect(await runProgram(['no-such-program-here'], { env, timeoutMs: 10_000 })).toMatchObject({ missing: true });
	});

	it('is killed with all it has started, at its limit and when it is called off', async () => {
		const script = ['sh', '-c', 'sleep 1000 & sleep 1000'] as const;
		expect(await runProgram(script, { env, timeoutMs: 100 })).toMatchObject({ exitCode: undefined, timedOut: true });
		const stop = new AbortController();
		const ended = runProgram(script, { env, timeoutMs: 60_000, signal: stop.signal });
		stop.abort();
		expect(await ended).toMatchObject({ exitCode: undefined, timedOut: false });
	});
});
