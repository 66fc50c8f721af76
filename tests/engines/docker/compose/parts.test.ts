import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { EngineEvent } from '../../../../src/domain/engine.ts';
import type { RolloutPlan } from '../../../../src/domain/rollout.ts';
import { swapActs, undoActs, readComposeAct } from '../../../../src/engines/docker/rollout/compose/acts.ts';
import { readComposeData, readSubject, subjectId, type ComposeData } from '../../../../src/engines/docker/rollout/compose/data.ts';
import { driftNames } from '../../../../src/engines/docker/rollout/compose/drift.ts';
import { gapOf } from '../../../../src/engines/docker/rollout/compose/gap.ts';
import { findImage } from '../../../../src/engines/docker/rollout/compose/imageLine.ts';
import { sortOut } from '../../../../src/engines/docker/rollout/compose/look.ts';
import { chooseMode } from '../../../../src/engines/docker/rollout/compose/mode.ts';
import { readModel } from '../../../../src/engines/docker/rollout/compose/model.ts';
import { engineOf, isOverride, overridePath, overrideText, writeOverride } from '../../../../src/engines/docker/rollout/compose/override.ts';
import { spentFiles, type KeptFile } from '../../../../src/engines/docker/rollout/compose/spent.ts';
import { composeOwner, projectFiles, unreadable } from '../../../../src/engines/docker/rollout/compose/project.ts';
import { properName, replica, type Replica } from '../../../../src/engines/docker/rollout/compose/replicas.ts';
import { ComposeTool } from '../../../../src/engines/docker/rollout/compose/tool.ts';
import type { PlanFacts } from '../../../../src/engines/docker/rollout/facts.ts';
import { composeStanding } from '../../../../src/engines/docker/rollout/compose/standing.ts';

const labels = (over: Readonly<Record<string, string>> = {}) => ({
	'com.docker.compose.project': 'shop',
	'com.docker.compose.service': 'web',
	'com.docker.compose.project.working_dir': '/srv/shop',
	'com.docker.compose.project.config_files': 'docker-compose.yml,/etc/more.yml,/state/shop/web.sitrep.yaml',
	...over,
});

describe('the files of a project', () => {
	it('are read off a container, relative ones too, without ours', () => {
		expect(projectFiles(labels())).toEqual({ project: 'shop', workingDir: '/srv/shop', files: ['/srv/shop/docker-compose.yml', '/etc/more.yml'], envFiles: [] });
		expect(projectFiles(labels({ 'com.docker.compose.project.environment_file': 'prod.env' }))?.envFiles).toEqual(['/srv/shop/prod.env']);
		expect(projectFiles({ 'com.docker.compose.project': 'shop' })).toBeUndefined();
		expect(projectFiles(labels({ 'com.docker.compose.project.config_files': '/x/web.sitrep.yaml' }))).toBeUndefined();
	});

	it('are missed where they are gone', async () => {
		expect(await unreadable({ project: 'p', workingDir: '/', files: ['/nonexistent/a.yml'], envFiles: [] })).toEqual(['/nonexistent/a.yml']);
	});

	it('belong to services, not to single commands, and to no name that could be an option', () => {
		expect(composeOwner(labels())).toEqual({ project: 'shop', service: 'web' });
		expect(composeOwner(labels({ 'com.docker.compose.oneoff': 'True' }))).toBeUndefined();
		expect(composeOwner(labels({ 'com.docker.compose.service': '--help' }))).toBeUndefined();
		expect(composeOwner(labels({ 'com.docker.compose.project': '../x' }))).toBeUndefined();
	});
});

describe('our file', () => {
	it('holds the image alone, and is for us alone to read', async () => {
		const folder = mkdtempSync(join(tmpdir(), 'sitrep-override-'));
		const path = overridePath(folder, 'shop', 'web');
		await writeOverride(path, 'web', 'app:1');
		await writeOverride(path, 'web', 'app:2', ['/data']);
		expect(parse(readFileSync(path, 'utf8'))).toEqual({ services: { web: { image: 'app:2', volumes: ['/data'] } } });
		expect(statSync(path).mode & 0o777).toBe(0o600);
		expect(isOverride(path)).toBe(true);
		rmSync(folder, { recursive: true });
	});

	it('is good YAML whatever the image is called', () => {
		fc.assert(fc.property(fc.string(), (image) => {
			expect(parse(overrideText('web', image))).toEqual({ services: { web: { image } } });
		}));
		expect(parse(overrideText('web', 'app:1', [], 'ssh://ops@prod\nservices: {}'))).toEqual({ services: { web: { image: 'app:1' } } });
	});

	it('says which engine it is for', () => {
		expect(engineOf(overrideText('web', 'app:1', [], 'ssh://ops@prod-1'))).toBe('ssh://ops@prod-1');
		expect(engineOf(overrideText('web', 'app:1'))).toBeUndefined();
	});

	const hour = 3_600_000;
	const day = 24 * hour;
	const file = (over: Partial<KeptFile> = {}): KeptFile => ({ path: '/state/shop/web.sitrep.yaml', project: 'shop', service: 'web', engine: 'unix:///a', ageMs: 30 * day, ...over });
	const own = ['/srv/shop/docker-compose.yml'];
	const [with_, without] = [{ project: 'shop', service: 'web', files: [...own, file().path] }, { project: 'shop', service: 'web', files: own }];
	it.each([
		{ of: 'a service that was made from it', kept: file(), made: [without, with_], spent: false },
		{ of: 'a service that was made anew without it', kept: file(), made: [without], spent: true },
		{ of: 'a move that may be under way', kept: file({ ageMs: hour / 2 }), made: [without], spent: false },
		{ of: 'a service that is gone', kept: file(), made: [{ ...with_, service: 'db' }], spent: true },
		{ of: 'a service that was taken down lately', kept: file({ ageMs: day }), made: [], spent: false },
		{ of: 'another engine', kept: file({ engine: 'unix:///b' }), made: [], spent: false },
		{ of: 'an engine that it does not name', kept: file({ engine: undefined }), made: [], spent: false },
	])('is spent or not, of $of: $spent', ({ kept, made, spent }) => {
		expect(spentFiles([kept], made, 'unix:///a')).toEqual(spent ? [kept.path] : []);
	});
});

describe('where the image stands', () => {
	it('is told by its line', () => {
		expect(findImage('version: "3"\nservices:\n  db:\n    image: pg:1\n  web:\n    restart: always\n    image: "app:1" # ours\n', 'web')).toEqual({ line: 7, image: 'app:1' });
		expect(findImage('web:\n  image: app:1\n', 'web')).toEqual({ line: 2, image: 'app:1' });
		expect(findImage('services: {web: {build: .}}', 'web')).toBeUndefined();
		expect(findImage('services: [: {', 'web')).toBeUndefined();
	});
});

const written = `services:
  web:
    build: {context: /srv}
    command: [sh, -c, "echo $$HOME"]
    environment: {A: '1', B: null, PRICE: a$$b}
    image: app:1
    ports: [{target: 80, published: 8080}]
    volumes: ["data:/data:rw", /anon, {type: bind, source: /x, target: /y}]
    deploy: {replicas: 2}
    pull_policy: always
  proxy: {network_mode: "service:web"}
  job: {depends_on: {web: {condition: service_started}}}
  other: {links: ["web:api"]}
  alone: {depends_on: [proxy]}
`;

describe('what compose reads out of the files', () => {
	it('is read for one service', () => {
		const model = readModel(written, 'web');
		expect(model).toMatchObject({ image: 'app:1', builds: true, scale: 2, command: 'sh -c echo $HOME', mounts: ['/data', '/anon', '/y'], pulls: true, dependents: ['proxy', 'job', 'other'] });
		expect([...(model?.environment ?? [])]).toEqual([['A', '1'], ['B', undefined], ['PRICE', 'a$b']]);
		expect(readModel(written, 'nobody')).toBeUndefined();
		expect(readModel('services: [: {', 'web')).toBeUndefined();
	});

	it('is held against what runs, by names alone', () => {
		const model = readModel(written, 'web');
		const container = {
			Config: { Env: ['A=1', 'PRICE=secret', 'B=from-elsewhere', 'OLD=1', 'PATH=/bin'], Cmd: ['sh', '-c', 'echo $HOME'], Labels: { 'com.docker.compose.project': 'shop', extra: '1' }, Volumes: { '/anon': {} } },
			HostConfig: { RestartPolicy: { Name: 'always' } },
			Mounts: [{ Destination: '/data' }, { Destination: '/anon' }],
		};
		const names = model === undefined ? [] : driftNames(container, { Env: ['PATH=/bin'] }, model);
		expect(names).toEqual(['variable OLD', 'variable PRICE', 'label extra', 'restart policy', 'mount /y']);
	});
});

const event = (containerId: string, kind: EngineEvent['kind'], at: number): EngineEvent => ({ containerId, kind, at, action: kind, name: '', attributes: { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'web' } });

describe('the time in which nobody answers', () => {
	it('is from the last end to the first start after it', () => {
		expect(gapOf([event('a', 'stopping', 100), event('a', 'died', 150), event('b', 'started', 400)], ['a'], 'shop', 'web')).toEqual({ downAt: 100, upAt: 400 });
		expect(gapOf([event('a', 'stopping', 100), event('c', 'started', 120), event('b', 'stopping', 200), event('d', 'started', 300)], ['a', 'b'], 'shop', 'web')).toEqual({ upAt: 300 });
		expect(gapOf([event('a', 'stopping', 100)], ['a', 'b'], 'shop', 'web')).toEqual({});
		expect(gapOf([event('b', 'started', 100)], [], 'shop', 'web')).toEqual({ upAt: 100 });
		expect(gapOf([event('a', 'stopping', 100)], ['a'], 'shop', 'db')).toEqual({});
	});
});

const made = (id: string, name: string, imageId: string, over: { readonly running?: boolean; readonly number?: number; readonly health?: string } = {}): Replica =>
	replica({
		Id: id,
		Name: `/${name}`,
		Image: imageId,
		State: { Running: over.running ?? true, ExitCode: 1, StartedAt: '2026-01-01T00:00:00Z', ...(over.health === undefined ? {} : { Health: { Status: over.health } }) },
		Config: { Image: 'app', Labels: { 'com.docker.compose.container-number': String(over.number ?? 1) } },
	});

const data: ComposeData = { format: 1, kind: 'compose', service: 'web', files: { project: 'shop', workingDir: '/srv', files: ['/srv/a.yml'], envFiles: [] }, override: '/s/web.sitrep.yaml', mode: 'together', scale: 1, old: [{ id: 'o', name: 'shop_web_1', running: true }], already: [], carried: [], neverPull: false, proof: { kind: 'health', withinMs: 1000, steadyMs: 10 }, stopSeconds: 10 };
const plan: RolloutPlan = { id: 'p', subject: { id: 'compose:shop/web', name: 'shop/web' }, from: { image: 'app:1', imageId: 'sha256:1' }, to: { image: 'app:2', imageId: 'sha256:2' }, way: 'stop-first', wayWhy: '', changes: [], kept: [], lost: [], downtime: { expectedMs: 0, basis: '' }, findings: [], acts: [], undoActs: [], proof: '', data: JSON.parse(JSON.stringify(data)) as Record<string, unknown> };
const standing = (all: readonly Replica[], over: Partial<ComposeData> = {}, obstacle?: string, freshId?: string) => composeStanding({ plan, ...(freshId === undefined ? {} : { freshId }) }, { ...data, ...over }, sortOut(all, 'sha256:2', new Set(over.already ?? [])), obstacle);
const old = (over = {}) => made('o', 'shop_web_1', 'sha256:1', over);
const fresh = (over = {}) => made('n', 'shop_web_1', 'sha256:2', { health: 'healthy', ...over });

describe('how a move stands', () => {
	it('is told from the containers', () => {
		expect(standing([old()])).toMatchObject({ stage: 'not-begun', serving: 'old', undo: { possible: false } });
		expect(standing([old()], {}, undefined, 'n')).toMatchObject({ stage: 'undone' });
		expect(standing([made('o2', 'shop_web_1', 'sha256:1')])).toMatchObject({ stage: 'undone', serving: 'old' });
		expect(standing([fresh()])).toMatchObject({ stage: 'done', serving: 'new', finish: { possible: false }, undo: { possible: true } });
		expect(standing([fresh({ health: 'starting' })])).toMatchObject({ stage: 'half', advice: { choose: 'finish' } });
		expect(standing([fresh({ health: 'unhealthy' })])).toMatchObject({ stage: 'half', advice: { choose: 'undo' } });
		expect(standing([fresh({ running: false })])).toMatchObject({ stage: 'half', serving: 'nobody', advice: { choose: 'undo', why: 'shop_web_1 ended with 1' } });
		expect(standing([])).toMatchObject({ stage: 'half', serving: 'nobody', evidence: ['there is no container of shop/web'], finish: { possible: true }, undo: { possible: true } });
		expect(standing([old({ running: false })])).toMatchObject({ stage: 'half', advice: { choose: 'undo' } });
	});

	it('is told where compose was cut off, and where it cannot be called', () => {
		const aside = made('o', 'aaaaaaaaaaaa_shop_web_1', 'sha256:1', { running: false });
		expect(standing([aside])).toMatchObject({ stage: 'half', serving: 'nobody' });
		expect(standing([aside, fresh()])).toMatchObject({ stage: 'half', serving: 'new', evidence: expect.arrayContaining(['compose was cut off while it replaced one']) as unknown });
		expect(standing([], {}, 'no compose')).toMatchObject({ stage: 'gone', finish: { possible: false, why: 'no compose' } });
		expect(standing([fresh({ health: 'starting' })], {}, 'no compose')).toMatchObject({ stage: 'half', finish: { possible: false }, undo: { possible: false } });
	});

	it('counts those of a scaled service, and those that were there already', () => {
		const two = { scale: 2, mode: 'each', old: [{ id: 'o', name: 'shop_web_1', running: true }] } as const;
		const other = made('x', 'shop_web_2', 'sha256:2', { number: 2, health: 'healthy' });
		expect(standing([old(), other], { ...two, already: ['x'] })).toMatchObject({ stage: 'not-begun', serving: 'both' });
		expect(standing([other], { ...two, already: ['x'] })).toMatchObject({ stage: 'half' });
		expect(standing([fresh({ number: 3 }), other], { ...two, already: ['x'] })).toMatchObject({ stage: 'done' });
		expect(standing([old(), fresh({ number: 2 })], { ...two, old: [{ id: 'o', name: 'a', running: true }, { id: 'p', name: 'b', running: true }] })).toMatchObject({ stage: 'half', serving: 'both' });
	});
});

describe('a plan of a compose service', () => {
	it('carries what is needed through a journal', () => {
		expect(readComposeData(plan)).toEqual(data);
		expect(() => readComposeData({ ...plan, data: { format: 1, oldId: 'x' } })).toThrow('no plan of a compose service');
		expect(readSubject(subjectId('shop', 'web'))).toEqual({ project: 'shop', service: 'web' });
		expect(() => readSubject('compose:shop')).toThrow('is no compose service');
	});

	it('has acts that are all known, and a way back for each container', () => {
		const words = { name: 'shop/web', tool: 'docker compose', fromImage: 'app:1', toImage: 'app:2', override: '/s', proof: 'healthy', wasRunning: true, scale: 2, old: ['a', 'b'] };
		for (const mode of ['together', 'each'] as const) {
			const acts = [...swapActs(mode, words), ...undoActs(mode, words)];
			expect(acts.map(({ id }) => readComposeAct(id)).filter((read) => read === undefined)).toEqual([]);
			expect(new Set(acts.map(({ id }) => id)).size).toBe(acts.length);
		}
		expect(undoActs('each', words).map(({ id }) => id)).toEqual(['rewrite', 'back.1', 'back.2']);
		expect(swapActs('each', words).map(({ serving }) => serving)).toEqual(['old', 'old', 'old', 'old', 'both', 'both', 'new', 'new']);
		expect(readComposeAct('halt')).toBeUndefined();
	});

	it('knows a container by its own name', () => {
		expect(properName('0123456789ab_shop_web_1')).toBe('shop_web_1');
		expect(properName('shop_web_1')).toBe('shop_web_1');
	});
});

describe('the way a service is moved', () => {
	const tool = (version: string) => new ComposeTool(['docker-compose'], version, {}, async () => ({ exitCode: 0, missing: false, timedOut: false, stdout: '', stderr: '' }));
	const withVolume = (id: string) => replica({ Id: id, Name: `/${id}`, Image: 'sha256:1', State: { Running: true }, Config: { Image: 'app', Volumes: { '/store': {} } }, HostConfig: {}, Mounts: [{ Type: 'volume', Name: 'f'.repeat(64), Destination: '/store', RW: true }] });
	const first = (image: Readonly<Record<string, unknown>>): PlanFacts => ({ container: {}, fromImage: image, toImage: image, others: [], moreOthers: false, networks: new Map(), otherAddress: new Set(), written: [], apiVersion: '1.41', product: 'docker', freeBytes: undefined });
	const built = { ContainerConfig: { Volumes: { '/store': {} } }, Config: { Volumes: { '/store': {} } } };
	const choose = (version: string, replicas: readonly Replica[], image: Readonly<Record<string, unknown>>, model = readModel('services: {web: {}}', 'web')) => chooseMode({ replicas, tool: tool(version), first: first(image), model });

	it('is all at once for a single one, and one after the other for several', () => {
		expect(choose('2.29.1', [old()], built)).toMatchObject({ mode: 'together', carried: [] });
		expect(choose('2.29.1', [old(), made('p', 'shop_web_2', 'sha256:1', { number: 2 })], built).mode).toBe('each');
	});

	it('keeps volumes without a name, by our file where compose would not', () => {
		const two = [withVolume('a'), withVolume('b')];
		expect(choose('2.29.1', two, built)).toMatchObject({ mode: 'together', carried: [] });
		expect(choose('2.29.1', two, { ...built, Config: {} })).toMatchObject({ mode: 'together', carried: ['/store'] });
		expect(choose('1.29.2', two, { ...built, ContainerConfig: {} })).toMatchObject({ mode: 'together', carried: ['/store'] });
		expect(choose('1.29.2', two, { ...built, ContainerConfig: {} }, readModel('services: {web: {volumes: [/store]}}', 'web'))).toMatchObject({ carried: [] });
	});

	it('is another where the first compose would fail in the middle', () => {
		expect(choose('1.29.2', [old()], { Config: {} })).toMatchObject({ mode: 'each' });
		expect(choose('1.29.2', [withVolume('a')], { Config: {} }).refused).toContain('/store');
		expect(choose('2.29.1', [withVolume('a')], { Config: { Volumes: { '/store': {} } } }).refused).toBeUndefined();
	});
});
