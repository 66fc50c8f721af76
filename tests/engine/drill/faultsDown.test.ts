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
		// Where the runtime's word of the kill comes later than the end, the engine never learns of it: seldom, and on a busy machine only.
		const kill = async (): Promise<boolean | undefined> => {
			await range.break('out-of-memory');
			await down();
			const { ExitCode, OOMKilled } = await range.state();
			expect(ExitCode).toBe(137);
			return OOMKilled;
		};
		let known = await kill();
		for (let attempt = 1; known !== true && attempt < 4; attempt++) {
			await range.heal();
			known = await kill();
		}
		expect(known).toBe(true);
	});

	it('restart-loop: started again and again by the engine, and quiet once healed', async () => {
		const restarts = async () => (await range.docker.getContainer(containerName(range.name, 'api')).inspect()).RestartCount;
		await range.break('restart-loop');
		await range.sees('three restarts', async () => (await restarts()) >= 3);
		expect(await range.sees('its exit code, between two starts', async () => (await range.state()).ExitCode === 2)).toBe(true);
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

	it('stopped: ended with code 0', async () => {
		await range.break('stopped');
		await down();
		expect((await range.state()).ExitCode).toBe(0);
	});
});
