import { afterAll, describe, expect, it } from 'vitest';
import { Containers, eventually, testEngineAddress } from '../support/engine.ts';
import { healthCheckTimeoutNs } from '../support/patience.ts';
import { keys } from '../support/terminal.ts';
import { expectSeen, openOn, rowOf } from './sitrep.ts';

const address = testEngineAddress();
const containers = new Containers(address);
const own = `a${process.pid}`;
const patient = "trap 'exit 0' TERM; while :; do sleep 0.1; done";

afterAll(async () => {
	await containers.removeAll();
});

const running = async (id: string): Promise<boolean> => (await containers.docker.getContainer(id).inspect()).State.Running;

/** Opens the action menu and goes to an act. */
const chooseAct = (steps: number): string => `a${'j'.repeat(steps)}${keys.enter}`;
const toRestart = 1;
const toStop = 2;
const toKill = 5;

describe('acting on a service', () => {
	it('stops a container once confirmed, and does nothing on Enter alone', async () => {
		const name = `${own}-stop`;
		const id = await containers.run(patient, { name });
		await using terminal = await openOn(address, name);
		terminal.type(chooseAct(toStop));
		await terminal.waitFor('> Cancel <');
		expect(terminal.text()).toContain(`docker stop -t 10 ${name}`);
		terminal.type(keys.enter);
		await terminal.waitFor('cancelled');
		expect(await running(id)).toBe(true);

		terminal.type(chooseAct(toStop));
		await terminal.waitFor('> Cancel <');
		terminal.type(keys.tab);
		await terminal.waitFor(`> Stop ${name} <`);
		terminal.type(keys.enter);
		await eventually('the container is stopped', async () => !(await running(id)));
		await terminal.waitFor(() => /stopped|completed|exited/.test(rowOf(terminal, name)), { what: 'the stopped row' });
		// Stopped on purpose is no incident.
		expect(rowOf(terminal, name)).not.toMatch(/P[0-3] /);
	});

	it('kills only once the name is typed', async () => {
		const name = `${own}-typed`;
		const id = await containers.run('sleep 3600', { name });
		await using terminal = await openOn(address, name);
		terminal.type(chooseAct(toKill));
		await terminal.waitFor(`Type ${name} to confirm`);
		expect(terminal.text()).toContain('DESTRUCTIVE');
		terminal.type(`wrong${keys.enter}`);
		await terminal.waitFor(`type ${name} to confirm, Esc cancels`);
		expect(await running(id)).toBe(true);
		terminal.type(`${keys.ctrl('u')}${name}${keys.enter}`);
		await eventually('the container is dead', async () => !(await running(id)));
		await terminal.waitFor(() => /137/.test(rowOf(terminal, name)), { what: 'the exit code in the row' });
	});

	it('restarts, and counts it', async () => {
		const name = `${own}-restart`;
		await containers.run(patient, { name });
		await using terminal = await openOn(address, name);
		const before = (await containers.docker.getContainer(name).inspect()).State.StartedAt;
		terminal.type(`${chooseAct(toRestart)}${keys.tab}`);
		await terminal.waitFor(`> Restart ${name} <`);
		terminal.type(keys.enter);
		await eventually('a later start', async () => {
			const { State } = await containers.docker.getContainer(name).inspect();
			return State.Running && State.StartedAt !== before;
		});
		await expectSeen(terminal, () => /up|running/.test(rowOf(terminal, name)), { what: 'the running row' });
	});

	it('refuses every act in a read-only console', async () => {
		const name = `${own}-read-only`;
		const id = await containers.run('sleep 3600', { name });
		await using terminal = await openOn(address, name, { args: ['--read-only'] });
		terminal.type(chooseAct(toKill));
		await terminal.waitFor('this console is read-only');
		terminal.type(keys.escape);
		expect(terminal.text()).not.toContain('to confirm');
		expect(await running(id)).toBe(true);
	});
});

describe('trouble', () => {
	it('shows a killed container as P0 with its reason, at the top', async () => {
		const name = `${own}-killed`;
		const id = await containers.run('sleep 3600', { name });
		await using terminal = await openOn(address, name);
		await terminal.waitFor(() => rowOf(terminal, name).startsWith('>ok'));
		await containers.docker.getContainer(id).kill();
		await terminal.waitFor(() => /^>P0 .*exited 137/.test(rowOf(terminal, name)), { what: 'the P0 row' });
		expect(terminal.screen()[0]).toMatch(/P0 [1-9]/);
	});

	it('shows a health check that fails', async () => {
		const name = `${own}-sick`;
		await containers.run('sleep 3600', {
			name,
			create: { Healthcheck: { Test: ['CMD-SHELL', 'echo database gone; exit 1'], Interval: 500_000_000, Timeout: healthCheckTimeoutNs, Retries: 1 } },
		});
		await using terminal = await openOn(address, name);
		await terminal.waitFor(() => rowOf(terminal, name).startsWith('>P0 '), { what: 'the P0 row' });
		await expectSeen(terminal, 'database gone');
	});
});
