import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Journal } from '../../../src/domain/journal.ts';
import type { RolloutAction } from '../../../src/domain/playbook/step.ts';
import type { CommandEnd, CommandSpec } from '../../../src/domain/run/execution.ts';
import { toolVariables, type ToolSpec } from '../../../src/domain/run/tool.ts';
import { openJournal } from '../../../src/record/journal.ts';
import { actorOf } from '../../../src/record/session.ts';
import { createCommandSupervisor } from '../../../src/respond/process/commandSupervisor.ts';
import { readOutput } from '../../../src/respond/process/readOutput.ts';
import { eventually, testEngineAddress } from '../../support/engine.ts';
import { RolloutBench } from '../docker/rolloutHarness.ts';

const address = testEngineAddress();
const bench = new RolloutBench(address, 'tool');
const tool = fileURLToPath(new URL('../../../src/main/stepTool.ts', import.meta.url));
const supervisor = createCommandSupervisor();
const root = mkdtempSync(join(tmpdir(), 'sitrep-rollout-tool-'));
const actor = actorOf();
let journal: Journal;
let count = 0;

beforeAll(async () => {
	await bench.setUp();
	journal = await openJournal(join(root, 'journal.db'));
});

afterAll(async () => {
	supervisor.close();
	await journal.close();
	await bench.tearDown();
	rmSync(root, { recursive: true, force: true });
});

interface Value {
	readonly planId: string;
	readonly end?: string;
	readonly words: string;
	readonly [name: string]: unknown;
}

/** A service of its own, with a run about it. */
class Case {
	readonly name = `${bench.prefix}-${count++}`;
	readonly runId = `r-${this.name}`;
	id = '';
	#executions = 0;

	/** @param health whether its own check says how it is */
	async make(health = true): Promise<this> {
		const { network } = await bench.places();
		this.id = await bench.create(this.name, 'old', { ...(health ? {} : { Healthcheck: { Test: ['NONE'] } }), HostConfig: { NetworkMode: network, RestartPolicy: { Name: 'unless-stopped' } } });
		await bench.docker.getContainer(this.id).start();
		const started = { kind: 'run_started', playbookId: 'p', version: '1', title: 'P', hash: '', text: '', file: '', params: {}, secrets: [], service: this.name, engine: { name: 'e', address, hostName: 'h' }, dryRun: false } as const;
		await journal.append([{ actor, runId: this.runId, event: started }]);
		return this;
	}

	spec(action: Partial<RolloutAction> & Pick<RolloutAction, 'action'>, more: Partial<Extract<ToolSpec, { tool: 'rollout' }>> = {}): CommandSpec {
		const execution = `${action.action}.${++this.#executions}`;
		const folder = join(root, this.name, execution);
		const spec: ToolSpec = {
			tool: 'rollout',
			action: { kind: 'rollout', service: this.name, ...action },
			engineAddress: address,
			timeoutMs: 120_000,
			journal: journal.path,
			actor,
			runId: this.runId,
			step: action.action,
			execution,
			service: this.name,
			probes: [],
			...more,
		};
		return {
			folder,
			argv: [process.execPath, tool],
			env: { PATH: process.env['PATH'] ?? '', HOME: root, [toolVariables.spec]: JSON.stringify(spec), [toolVariables.folder]: folder },
			workingDir: root,
			timeoutMs: 180_000,
			graceMs: 60_000,
			redact: [],
			hideOutput: false,
			maxOutputBytes: 1024 * 1024,
		};
	}

	async run(action: Parameters<Case['spec']>[0], more?: Parameters<Case['spec']>[1]): Promise<{ readonly end: CommandEnd; readonly value: Value; readonly stdout: string }> {
		const spec = this.spec(action, more);
		const end = await (await supervisor.start(spec)).ended;
		return { end, value: valueOf(spec.folder), stdout: (await readOutput(spec.folder)).stdout };
	}

	/** Its plan as a step of the run leaves it. */
	async plan(to: string): Promise<Value> {
		const { value } = await this.run({ action: 'plan', to });
		await journal.append([{ actor, runId: this.runId, event: { kind: 'step_ended', step: 'plan', execution: 'plan.1', outcome: 'done', words: '', durationMs: 1, value } }]);
		return value;
	}

	async move() {
		return (await journal.rollouts({ service: this.name }))[0];
	}

	/** What runs by its name. */
	async serving(): Promise<{ readonly id: string; readonly image: string; readonly running: boolean }> {
		const found = await bench.docker.getContainer(this.name).inspect();
		return { id: found.Id, image: found.Config.Image, running: found.State.Running };
	}

	async events() {
		return (await journal.readRun(this.runId)).map(({ event }) => event);
	}
}

const valueOf = (folder: string): Value => JSON.parse(readFileSync(join(folder, 'value.json'), 'utf8')) as Value;
const childOf = (folder: string): number => (JSON.parse(readFileSync(join(folder, 'identity.json'), 'utf8')) as { child: { pid: number } }).child.pid;
const make = (health?: boolean): Promise<Case> => new Case().make(health);
const names = async (name: string): Promise<readonly string[]> => (await bench.docker.listContainers({ all: true })).flatMap(({ Names }) => Names).filter((each) => each.startsWith(`/${name}-sitrep`));

describe('a move by the tool', () => {
	it('goes from versions to plan to swap to undo, each recorded', async () => {
		const one = await make();
		const versions = await one.run({ action: 'versions' });
		expect(versions.end.exitCode).toBe(0);
		expect(versions.value).toMatchObject({ service: one.name, current: { image: bench.image('old') }, subject: { name: one.name, kind: 'container' } });
		const plan = await one.plan(bench.image('new'));
		expect(plan).toMatchObject({ refused: false, from: { image: bench.image('old') }, to: { image: bench.image('new') } });
		expect(plan).not.toHaveProperty('data');
		const swap = await one.run({ action: 'swap', plan: plan.planId, to: bench.image('new') });
		expect(swap.value).toMatchObject({ end: 'swapped', from: { image: bench.image('old') }, to: { image: bench.image('new') } });
		expect(swap.end.exitCode).toBe(0);
		expect(await one.serving()).toMatchObject({ image: bench.image('new'), running: true });
		const kinds = (await one.events()).flatMap((event) => (event.kind === 'rollout_act' ? [`${event.stage} ${event.act.id}`] : event.kind.startsWith('rollout_') ? [event.kind] : []));
		expect(kinds[0]).toBe('rollout_begun');
		expect(kinds.slice(-2)).toEqual(['done prove', 'rollout_ended']);
		expect(kinds.filter((kind) => kind.startsWith('begins')).length).toBe(kinds.filter((kind) => kind.startsWith('done')).length);
		expect(await journal.versions(one.name, address)).toMatchObject([{ image: bench.image('new'), left: false }, { image: bench.image('old'), left: true }]);
		// By the id of the plan that was shown, which is not that of the move.
		const undo = await one.run({ action: 'undo', plan: plan.planId });
		expect(undo.value).toMatchObject({ end: 'restored', planId: swap.value.planId });
		expect(undo.end.exitCode).toBe(0);
		expect(await one.serving()).toMatchObject({ id: one.id, running: true });
		const again = await one.run({ action: 'undo' });
		expect(again.end.exitCode).toBe(1);
		expect(again.value.words).toContain('nothing would change');
		const same = await one.run({ action: 'swap', to: bench.image('old') });
		expect(same.value.words).toContain('nothing would change');
		expect(same.end.exitCode).toBe(1);
	});

	it('fails where the new version is no good, and the old one is back', async () => {
		const one = await make();
		const swap = await one.run({ action: 'swap', to: bench.image('broken') });
		expect(swap.end.exitCode).toBe(1);
		expect(swap.value).toMatchObject({ end: 'restored' });
		expect(await one.serving()).toMatchObject({ id: one.id, running: true });
		expect(await one.move()).toMatchObject({ end: 'restored', undoing: true });
	});

	it('is not begun where what was shown has changed', async () => {
		const one = await make();
		const plan = await one.plan(bench.image('new'));
		await bench.docker.getContainer(one.id).remove({ force: true });
		const { network } = await bench.places();
		await bench.docker.getContainer(await bench.create(one.name, 'sick', { HostConfig: { NetworkMode: network } })).start();
		const swap = await one.run({ action: 'swap', plan: plan.planId });
		expect(swap.value.words).toMatch(/^changed since it was shown: /);
		expect(swap.end.exitCode).toBe(1);
		expect(await one.move()).toBeUndefined();
	});

	it('retires what it kept, once', async () => {
		const one = await make();
		const swap = await one.run({ action: 'swap', to: bench.image('new') });
		expect(await names(one.name)).toHaveLength(1);
		const retire = await one.run({ action: 'retire', plan: swap.value.planId });
		expect(retire.end.exitCode).toBe(0);
		expect(await names(one.name)).toEqual([]);
		expect((await one.run({ action: 'retire' })).end.exitCode).toBe(1);
	});

	it('is taken back where it is called off', async () => {
		// Proved by 5 s without an end: time enough.
		const one = await make(false);
		const spec = one.spec({ action: 'swap', to: bench.image('new') });
		const command = await supervisor.start(spec);
		await eventually('it is being proved', async () => (await one.move())?.act?.id === 'prove');
		expect(await command.cancel()).toMatchObject({ cancelled: true, exitCode: 143 });
		expect(valueOf(spec.folder)).toMatchObject({ end: 'restored', words: expect.stringContaining('called off') as string });
		expect(await one.move()).toMatchObject({ end: 'restored', undoing: true });
		expect(await one.serving()).toMatchObject({ id: one.id, running: true });
	});

	it('goes on where the console is killed in the middle of it', async () => {
		const one = await make();
		const spec = one.spec({ action: 'swap', to: bench.image('new') });
		const console = spawn(process.execPath, [fileURLToPath(new URL('moveConsole.ts', import.meta.url)), JSON.stringify(spec)], { stdio: ['ignore', 'pipe', 'inherit'] });
		await eventually('an act is begun', async () => (await one.move())?.act !== undefined);
		console.kill('SIGKILL');
		await once(console, 'exit');
		expect(await eventually('the move has ended', async () => (await one.move())?.end)).toBe('swapped');
		expect(await one.serving()).toMatchObject({ image: bench.image('new'), running: true });
	});

	it('is not begun beside another process that moves the same service', async () => {
		const one = await make(false);
		const first = await supervisor.start(one.spec({ action: 'swap', to: bench.image('new') }));
		await eventually('it is being proved', async () => (await one.move())?.act?.id === 'prove');
		const second = await one.run({ action: 'undo' });
		expect(second.value.words).toContain('is being moved by run');
		await first.cancel();
	});
});

const acts = ['pin', 'create', 'park', 'stop', 'aside', 'name', 'start', 'prove'] as const;

describe('a tool that is killed', () => {
	it.each(acts.flatMap((act, index) => [{ act, next: index % 2 === 0 ? ('swap' as const) : ('undo' as const) }]))('at "$act" leaves what the next $next ends, with the service up', async ({ act, next }) => {
		const one = await make();
		const spec = one.spec({ action: 'swap', to: bench.image('new'), way: 'stop-first' });
		const command = await supervisor.start(spec);
		await eventually(`${act} is begun`, async () => (await one.events()).some((event) => event.kind === 'rollout_act' && event.act.id === act));
		process.kill(childOf(spec.folder), 'SIGKILL');
		await command.ended;
		const { end, value } = await one.run({ action: next, ...(next === 'swap' ? { to: bench.image('new'), way: 'stop-first' } : {}) });
		const { image, running } = await one.serving();
		expect({ image, running, code: end.exitCode, words: value.words }).toMatchObject({ image: bench.image(next === 'swap' ? 'new' : 'old'), running: true, code: 0 });
		expect(await one.move()).toMatchObject({ end: next === 'swap' ? 'swapped' : 'restored' });
	});
});
