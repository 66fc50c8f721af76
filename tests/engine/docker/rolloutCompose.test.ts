import { existsSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type Docker from 'dockerode';
import type { FoundSubject, RolloutAct, RolloutEngine, RolloutHooks, RolloutPlan, RolloutState } from '../../../src/domain/rollout.ts';
import type { openDocker } from '../../../src/engines/docker/index.ts';
import { ComposeBench, type ComposeProject, type ComposeVersion } from '../../support/compose.ts';
import { openEngine, testEngineAddress } from '../../support/engine.ts';

const address = testEngineAddress();
const bench = new ComposeBench(address, 'main');
const quick = { steadyMs: 50, proveWithinMs: 60_000 } as const;
let engine: ReturnType<typeof openDocker>;
let rollout: RolloutEngine;

beforeAll(async () => {
	engine = await openEngine(address, { compose: { overrideFolder: bench.overrideFolder } });
	({ rollout } = engine);
	await bench.setUp();
});

afterAll(async () => {
	await bench.tearDown();
	await engine.close();
});

const refusals = (plan: RolloutPlan) => plan.findings.filter(({ level }) => level === 'refuse');

const about = (plan: RolloutPlan, what: string) => plan.findings.filter((finding) => finding.what === what);

const versionsOf = (all: readonly Docker.ContainerInspectInfo[]): readonly string[] => all.map(({ Config }) => Config.Image.split(':').at(-1) ?? '');

const images = async (project: ComposeProject): Promise<readonly string[]> => versionsOf(await project.containers());

async function started(version: ComposeVersion, scale: number, service: Readonly<Record<string, unknown>> = {}, more: Readonly<Record<string, unknown>> = {}): Promise<{ readonly project: ComposeProject; readonly subject: FoundSubject }> {
	const project = bench.project({ image: bench.image(version), ...(scale === 1 ? {} : { scale }), ...service }, more);
	await project.compose('up', '-d');
	return { project, subject: await rollout.subject(`${project.name}/web`) };
}

/** The file as the team wrote it, with ours behind it, as the finding says. */
const withOurs = (project: ComposeProject): readonly string[] => ['-f', project.file, '-f', project.override];

describe('a single service of compose', () => {
	it('is moved by compose itself, keeps what its file says, and stays compose\'s', async () => {
		const { project, subject } = await started('a', 1, { environment: { SECRET_KEY: 'hunter2', MODE: 'fast' }, volumes: ['data:/data'], labels: { team: 'shop' }, restart: 'unless-stopped', mem_limit: '64m' }, { volumes: { data: {} } });
		expect(subject).toEqual({ id: `compose:${project.name}/web`, name: `${project.name}/web`, kind: 'compose service', containers: [`${project.name}_web_1`] });
		const [before] = await project.containers();
		const plan = await rollout.plan(subject, bench.image('b'), quick);
		expect(refusals(plan)).toEqual([]);
		expect(plan).toMatchObject({ way: 'stop-first', from: { image: bench.image('a') }, to: { image: bench.image('b') }, subject: { name: `${project.name}/web` } });
		expect(plan.acts.map(({ id }) => id)).toEqual(['pin', 'write', 'recreate', 'prove']);
		expect(plan.changes).toEqual(expect.arrayContaining([{ field: 'environment', key: 'VERSION', before: 'a', after: 'b' }, { field: 'environment', key: 'ONLY_A', before: '1' }]));
		expect(about(plan, 'changed files')).toEqual([expect.objectContaining({ level: 'fine' })]);
		expect(about(plan, 'next up')[0]?.why).toContain(`in ${project.file}, line 6, write \`image: ${bench.image('b')}\` instead of \`image: ${bench.image('a')}\``);
		expect(JSON.stringify(plan)).not.toContain('hunter2');
		const outcome = await rollout.swap(plan);
		expect(outcome).toMatchObject({ end: 'swapped', words: expect.stringContaining(`still name ${bench.image('a')}: the next \`up\` that is not ours brings it back`) as string });
		expect(outcome.gapMs).toBeGreaterThan(0);
		expect(outcome.gapMs).toBeLessThan(outcome.tookMs);
		const [after, ...more] = await project.containers();
		expect(more).toEqual([]);
		expect(after).toMatchObject({ Name: `/${project.name}_web_1`, Config: { Image: bench.image('b') }, State: { Running: true }, HostConfig: { RestartPolicy: { Name: 'unless-stopped' }, Memory: 64 * 1024 * 1024 } });
		expect(after?.Config.Env).toEqual(expect.arrayContaining(['SECRET_KEY=hunter2', 'MODE=fast', 'VERSION=b']));
		expect(after?.Config.Labels).toMatchObject({ team: 'shop', 'com.docker.compose.service': 'web' });
		expect(after?.Mounts.map(({ Name, Destination }) => [Name, Destination])).toEqual(before?.Mounts.map(({ Name, Destination }) => [Name, Destination]));
		// Our file holds the image alone, and only we may read it.
		expect(readFileSync(project.override, 'utf8')).not.toMatch(/hunter2|MODE/);
		expect(statSync(project.override).mode & 0o777).toBe(0o600);
		expect(await project.compose('ps', '-q', 'web')).toContain(after?.Id ?? 'none');
		expect(await project.compose(...withOurs(project), 'up', '-d')).toContain('up-to-date');
		expect((await project.containers()).map(({ Id }) => Id)).toEqual([after?.Id]);
		expect(await rollout.examine(outcome.state)).toMatchObject({ stage: 'done', serving: 'new', undo: { possible: true } });
		await rollout.retire(outcome.state);
		const back = await rollout.undo(outcome.state);
		expect(back).toMatchObject({ end: 'restored' });
		expect(await images(project)).toEqual(['a']);
		// And compose takes it for what its own file says.
		expect(await project.compose('up', '-d')).toContain('up-to-date');
		expect(await rollout.examine(back.state)).toMatchObject({ stage: 'undone', serving: 'old' });
		await project.remove();
	});

	it('is moved by a file of ours that goes once nothing is made from it any more', async () => {
		const { project, subject } = await started('a', 1);
		const moved = await rollout.swap(await rollout.plan(subject, bench.image('b'), quick));
		const { project: other, subject: second } = await started('a', 1);
		const long = new Date(Date.now() - 2 * 3_600_000);
		utimesSync(project.override, long, long);
		// Its containers name it.
		await rollout.retire(moved.state);
		expect(existsSync(project.override)).toBe(true);
		// The team has written the version into its own file.
		project.write({ image: bench.image('b'), labels: { changed: '1' } });
		await project.compose('up', '-d');
		const back = await rollout.swap(await rollout.plan(second, bench.image('b'), quick));
		expect(back).toMatchObject({ end: 'swapped' });
		expect(existsSync(project.override)).toBe(false);
		expect(existsSync(dirname(project.override))).toBe(false);
		expect(existsSync(other.override)).toBe(true);
		await project.remove();
		await other.remove();
	});

	it('is found by its name and its container\'s, lists its versions, and is planned again from what we moved it to', async () => {
		const { project, subject } = await started('a', 1);
		expect(await rollout.subject(`${project.name}_web_1`)).toEqual(subject);
		const listed = await rollout.versions([subject]);
		expect(listed.find(({ current }) => current)).toMatchObject({ image: bench.image('a'), runs: [subject.name] });
		expect(listed.map(({ image }) => image)).toContain(bench.image('b'));
		await rollout.swap(await rollout.plan(subject, bench.image('b'), quick));
		expect((await rollout.versions([subject])).find(({ current }) => current)).toMatchObject({ image: bench.image('b'), pinned: true });
		expect(refusals(await rollout.plan(subject, bench.image('b')))).toEqual([expect.objectContaining({ what: 'image' })]);
		const again = await rollout.plan(subject, bench.image('a'), quick);
		expect(about(again, 'changed files')).toEqual([expect.objectContaining({ level: 'fine' })]);
		expect(about(again, 'next up')).toEqual([expect.objectContaining({ level: 'fine' })]);
		expect(await rollout.swap(again)).toMatchObject({ end: 'swapped' });
		await project.remove();
	});

	it.each([['crash', /ended with 3|ended and was started again/], ['sick', /unhealthy: no database/]] as const)('goes back where the new one is no good (%s)', async (version, why) => {
		const { project, subject } = await started('a', 1);
		const outcome = await rollout.swap(await rollout.plan(subject, bench.image(version), quick));
		expect(outcome).toMatchObject({ end: 'restored' });
		expect(outcome.words).toMatch(why);
		const [after] = await project.containers();
		expect(after).toMatchObject({ Name: `/${project.name}_web_1`, Config: { Image: bench.image('a') }, State: { Running: true } });
		await project.remove();
	});

	it('keeps the data of a volume without a name', async () => {
		const { project, subject } = await started('volumeA', 2);
		const before = await project.containers();
		const plan = await rollout.plan(subject, bench.image('volumeB'), quick);
		expect(about(plan, 'way')[0]?.why).toContain('/store');
		expect(about(plan, 'volume /store')).toEqual([expect.objectContaining({ level: 'warn' })]);
		const volumes = (all: readonly Docker.ContainerInspectInfo[]) => all.map(({ Mounts }) => Mounts.map(({ Name }) => Name));
		const outcome = await rollout.swap(plan);
		expect(outcome).toMatchObject({ end: 'swapped' });
		const after = await project.containers();
		expect(versionsOf(after)).toEqual(['volumeb', 'volumeb']);
		expect(volumes(after)).toEqual(volumes(before));
		expect(await rollout.undo(outcome.state)).toMatchObject({ end: 'restored' });
		expect(volumes(await project.containers())).toEqual(volumes(before));
		await project.remove();
	});

	it('says what else of the file was changed, and refuses where a variable would be left empty', async () => {
		const { project, subject } = await started('a', 1, { environment: { PORT: '1', TOKEN: 'x' } });
		project.write({ image: bench.image('a'), environment: { PORT: '2', TOKEN: 'x' } });
		expect(about(await rollout.plan(subject, bench.image('b')), 'changed files')).toEqual([{ level: 'warn', what: 'changed files', why: expect.stringMatching(/: variable PORT$/) as string }]);
		project.write({ image: bench.image('a'), environment: { PORT: '1', TOKEN: '${NOBODY_SET_THIS}' } });
		expect(refusals(await rollout.plan(subject, bench.image('b')))).toEqual([expect.objectContaining({ what: 'variables', why: expect.stringContaining('NOBODY_SET_THIS') as string })]);
		project.write({ image: bench.image('a'), nonsense: 1 });
		expect(refusals(await rollout.plan(subject, bench.image('b')))).toEqual(expect.arrayContaining([expect.objectContaining({ what: 'files' })]));
		expect(refusals(await rollout.plan(subject, 'nobody/has:this'))).toEqual(expect.arrayContaining([expect.objectContaining({ what: 'image' })]));
		await project.remove();
	});

	it('is a single container where its files are gone, which its plan says', async () => {
		const project = bench.project({ image: bench.image('a') });
		await project.compose('up', '-d');
		rmSync(project.file);
		const subject = await rollout.subject(`${project.name}/web`);
		expect(subject.kind).toBe('container');
		expect(about(await rollout.plan(subject, bench.image('b')), 'owner')[0]?.why).toContain(`${project.file} cannot be read on this machine`);
		await project.remove();
	});

	it('takes the version that was meant, though its tag was moved on', async () => {
		const { project, subject } = await started('a', 1);
		const tag = `${bench.prefix}:moving`;
		await bench.docker.getImage(bench.image('b')).tag({ repo: bench.prefix, tag: 'moving' });
		const plan = await rollout.plan(subject, tag, quick);
		await bench.docker.getImage(bench.image('sick')).tag({ repo: bench.prefix, tag: 'moving' });
		expect(await rollout.swap(plan)).toMatchObject({ end: 'swapped' });
		const [after] = await project.containers();
		expect(after?.Image).toBe(plan.to.imageId);
		await project.remove();
	});

	it('keeps its names on a network', async () => {
		const octet = process.pid % 200;
		const { project, subject } = await started('a', 1, { network_mode: undefined, networks: { back: { aliases: ['api'] } } }, { networks: { back: { ipam: { config: [{ subnet: `10.219.${octet}.0/24` }] } } } });
		expect(await rollout.swap(await rollout.plan(subject, bench.image('b'), quick))).toMatchObject({ end: 'swapped' });
		const [after] = await project.containers();
		expect(Object.values(after?.NetworkSettings.Networks ?? {})[0]?.Aliases).toEqual(expect.arrayContaining(['web', 'api']));
		await project.remove();
	});
});

describe('a scaled service of compose', () => {
	it('is moved one container after the other, while the others answer', async () => {
		const { project, subject } = await started('a', 3);
		const plan = await rollout.plan(subject, bench.image('b'), quick);
		expect(refusals(plan)).toEqual([]);
		expect(plan.acts.map(({ id }) => id)).toEqual(['pin', 'write', 'take.1', 'make.1', 'check.1', 'take.2', 'make.2', 'check.2', 'take.3', 'make.3', 'check.3']);
		expect(plan.downtime.expectedMs).toBe(0);
		const least: number[] = [];
		const outcome = await rollout.swap(plan, { after: async () => void least.push((await project.containers()).filter(({ State }) => State.Running).length) });
		expect(outcome).toMatchObject({ end: 'swapped' });
		expect(outcome.gapMs).toBeUndefined();
		expect(Math.min(...least)).toBe(2);
		expect(await images(project)).toEqual(['b', 'b', 'b']);
		expect((await project.compose('ps', '-q', 'web')).trim().split('\n')).toHaveLength(3);
		expect(await project.compose(...withOurs(project), 'up', '-d')).not.toMatch(/Recreating|Creating|Starting/);
		const back = await rollout.undo(outcome.state);
		expect(back).toMatchObject({ end: 'restored' });
		expect(await images(project)).toEqual(['a', 'a', 'a']);
		expect(await project.compose('up', '-d')).not.toMatch(/Recreating|Creating|Starting/);
		await project.remove();
	});

	it('goes back where the new one is no good, with those that were not yet moved left alone', async () => {
		const { project, subject } = await started('a', 3);
		const before = (await project.containers()).map(({ Id }) => Id);
		const outcome = await rollout.swap(await rollout.plan(subject, bench.image('crash'), quick));
		expect(outcome).toMatchObject({ end: 'restored' });
		const after = await project.containers();
		expect(versionsOf(after)).toEqual(['a', 'a', 'a']);
		expect(after.every(({ State }) => State.Running)).toBe(true);
		expect(after.filter(({ Id }) => before.includes(Id))).toHaveLength(2);
		await project.remove();
	});
});

const died = new Error('the console died');

/** Ends as a console that is killed in an act: what was done stays, and what was not yet recorded is not known. */
function dyingAt(index: number, moment: 'before' | 'after', recorded: RolloutState[]): RolloutHooks {
	let begun = -1;
	return {
		before: async (_act: RolloutAct, state) => {
			begun++;
			recorded.push(state);
			if (begun === index && moment === 'before') {
				throw died;
			}
		},
		after: async () => {
			if (begun === index && moment === 'after') {
				throw died;
			}
		},
	};
}

/** The state as it comes back out of a journal. */
const fromJournal = (states: readonly RolloutState[]): RolloutState => JSON.parse(JSON.stringify(states.at(-1))) as RolloutState;

const eachActs = ['pin', 'write', 'take.1', 'make.1', 'check.1', 'take.2', 'make.2', 'check.2'];

/** What the next console does about it, and that all end in the one version or the other. */
async function settle(project: ComposeProject, state: RolloutState, choose: 'finish' | 'undo', scale: number): Promise<void> {
	const { stage } = await rollout.examine(state);
	const finished = stage === 'half' ? choose === 'finish' : stage === 'done';
	const outcome = stage === 'half' ? await (choose === 'finish' ? rollout.finish(state) : rollout.undo(state)) : undefined;
	expect(outcome?.end ?? stage).toBe(outcome === undefined ? stage : finished ? 'swapped' : 'restored');
	const after = await project.containers();
	expect(versionsOf(after)).toEqual(Array.from({ length: scale }, () => (finished ? 'b' : 'a')));
	expect(after.every(({ State }) => State.Running)).toBe(true);
	expect(after.every(({ Name }) => new RegExp(`^/${project.name}_web_\\d+$`).test(Name))).toBe(true);
	const settled = await rollout.examine(outcome?.state ?? state);
	expect(settled.serving).toBe(finished ? 'new' : 'old');
	// Where the very container that was there is back, nothing tells that it ever was away.
	expect(finished ? ['done'] : ['undone', 'not-begun']).toContain(settled.stage);
}

describe.each([
	{ scale: 1, acts: ['pin', 'write', 'recreate', 'prove'] },
	{ scale: 2, acts: eachActs },
])('a move of $scale that is cut off', ({ scale, acts }) => {
	// Both ways on in turn: each act is met by both, once before it and once after it.
	const cuts = acts.flatMap((act, index) => (['before', 'after'] as const).map((moment) => ({ act, index, moment, choose: (index + (moment === 'after' ? 1 : 0)) % 2 === 0 ? ('undo' as const) : ('finish' as const) })));

	it.each(cuts)('$moment "$act" is settled by the next console: $choose', async ({ index, moment, choose }) => {
		const { project, subject } = await started('a', scale);
		const recorded: RolloutState[] = [];
		await expect(rollout.swap(await rollout.plan(subject, bench.image('b'), quick), dyingAt(index, moment, recorded))).rejects.toBe(died);
		await settle(project, fromJournal(recorded), choose, scale);
		await project.remove();
	});

	it('can be cut off in its undoing too, and finished after all', async () => {
		const { project, subject } = await started('a', scale);
		const { state } = await rollout.swap(await rollout.plan(subject, bench.image('b'), quick));
		const recorded: RolloutState[] = [];
		await expect(rollout.undo(state, dyingAt(1, 'after', recorded))).rejects.toBe(died);
		await settle(project, fromJournal(recorded), 'finish', scale);
		await project.remove();
	});
});

describe('compose itself cut off in the middle of a replacement', () => {
	/** As its first version leaves it: the old one stopped and under another name, and the new one made. */
	async function halved(begun: boolean): Promise<{ readonly project: ComposeProject; readonly state: RolloutState }> {
		const { project, subject } = await started('a', 1);
		const recorded: RolloutState[] = [];
		await expect(rollout.swap(await rollout.plan(subject, bench.image('b'), quick), dyingAt(2, 'before', recorded))).rejects.toBe(died);
		const [{ Id, Name, Config, HostConfig } = { Id: '', Name: '', Config: undefined, HostConfig: undefined }] = await project.containers();
		const old = bench.docker.getContainer(Id);
		await old.stop();
		await old.rename({ name: `${Id.slice(0, 12)}_${Name.slice(1)}` });
		if (begun) {
			await bench.docker.createContainer({ name: Name.slice(1), Image: bench.image('b'), Labels: Config?.Labels ?? {}, ...(HostConfig === undefined ? {} : { HostConfig }) });
		}
		return { project, state: fromJournal(recorded) };
	}

	it.each([{ begun: false, choose: 'finish' }, { begun: false, choose: 'undo' }, { begun: true, choose: 'finish' }, { begun: true, choose: 'undo' }] as const)('is told and settled (the new one made: $begun): $choose', async ({ begun, choose }) => {
		const { project, state } = await halved(begun);
		expect(await rollout.examine(state)).toMatchObject({ stage: 'half', serving: 'nobody' });
		await settle(project, state, choose, 1);
		await project.remove();
	});

	it('is taken back where the person calls it off', async () => {
		const { project, subject } = await started('a', 1);
		const stop = new AbortController();
		const outcome = await rollout.swap(await rollout.plan(subject, bench.image('sick'), quick), { signal: stop.signal, before: async ({ id }) => (id === 'recreate' ? void setTimeout(() => stop.abort(), 300) : undefined) });
		expect(outcome).toMatchObject({ end: 'restored' });
		expect(await images(project)).toEqual(['a']);
		expect((await project.containers()).map(({ State }) => State.Running)).toEqual([true]);
		await project.remove();
	});
});
