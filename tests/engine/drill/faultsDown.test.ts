import { afterEach, describe, expect, it } from 'vitest';
import { containerName, squatterName } from '../../../src/drill/rangeNames.ts';
import { TestRange } from './rangeHarness.ts';

describe('faults that take the service down', () => {
	const range = new TestRange('faults-down');
	// Fails where the service does not become healthy and ready again.
	afterEach(async () => range.heal());

	const down = async () => range.sees('the service to be down', async () => !(await range.state()).Running);

	it('crash: exits with code 3 and says so', async () => {
		await range.break('crash');
		await down();
		const { ExitCode, OOMKilled } = await range.state();
		expect({ ExitCode, OOMKilled }).toEqual({ ExitCode: 3, OOMKilled: false });
		expect(await range.log()).toContain('exiting with code 3');
	});

	it('out-of-memory: killed by the kernel', async () => {
		await range.break('out-of-memory');
		await down();
		const { ExitCode, OOMKilled } = await range.state();
		expect({ ExitCode, OOMKilled }).toEqual({ ExitCode: 137, OOMKilled: true });
	});

	it('restart-loop: started again and again by the engine, and quiet once healed', async () => {
		const restarts = async () => (await range.docker.getContainer(containerName(range.name, 'api')).inspect()).RestartCount;
		await range.break('restart-loop');
		await range.sees('three restarts', async () => (await restarts()) >= 3);
		expect((await range.state()).ExitCode).toBe(2);
	});

	it('bad-deploy: the new version exits at once with a stack trace', async () => {
		await range.break('bad-deploy');
		await down();
		expect((await range.state()).ExitCode).toBe(1);
		expect(await range.log()).toContain("Cannot find module 'payments'");
	});

	it('port-taken: the engine refuses to start the service', async () => {
		await range.break('port-taken');
		const { Running, Error: words } = await range.state();
		expect(Running).toBe(false);
		expect(words).toContain('port is already allocated');
		const squatter = await range.docker.getContainer(squatterName(range.name)).inspect();
		expect(squatter.State.Running).toBe(true);
	});

	it('health-failing: unhealthy with the answer in the result', async () => {
		await range.break('health-failing');
		await range.sees('unhealthy', async () => (await range.state()).Health?.Status === 'unhealthy');
		expect((await range.state()).Health?.Log.at(-1)?.Output).toContain('503 {"status":"unhealthy"');
	});

	it('health-hanging: unhealthy for taking too long', async () => {
		await range.break('health-hanging');
		await range.sees('unhealthy', async () => (await range.state()).Health?.Status === 'unhealthy');
		expect((await range.state()).Health?.Log.at(-1)?.Output).toMatch(/timeout/i);
	});

	it('paused: frozen, and requests through the gateway fail', async () => {
		await range.break('paused');
		expect((await range.state()).Paused).toBe(true);
		await range.sees('failed requests', async () => (await range.log('loadgen', 5)).includes('requests fail'));
	});

	it('stopped: ended with code 0', async () => {
		await range.break('stopped');
		await down();
		expect((await range.state()).ExitCode).toBe(0);
	});

	it('heal: healthy again, as if nothing had been', async () => {
		await range.break('restart-loop');
		await range.break('bad-deploy');
		await range.break('paused');
		await range.heal();
		const { Running, Paused, Health } = await range.state();
		expect({ Running, Paused, health: Health?.Status }).toEqual({ Running: true, Paused: false, health: 'healthy' });
		expect(await range.get('/api/items/1')).toMatchObject({ status: 200 });
	});
});
