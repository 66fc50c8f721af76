import { setTimeout as pass } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { Containers, testEngineAddress } from '../support/engine.ts';
import { promised } from '../support/patience.ts';
import { openOn, rowOf } from './sitrep.ts';

const address = testEngineAddress();
const containers = new Containers(address);
const own = `t${process.pid}`;

afterAll(async () => {
	await containers.removeAll();
});

/** How long the link stands still, ms. */
const stallMs = 3000;

describe('a link that stalls', () => {
	it('gets the newest state as soon as it goes on', async () => {
		const name = `${own}-web`;
		const id = await containers.run('i=0; while :; do i=$((i+1)); echo "tick $i of a long line that fills the width of the terminal, as lines do in a container that has much to say"; sleep 0.02; done', { name });
		await using terminal = await openOn(address, name, { columns: 200, rows: 60 });
		await terminal.waitFor(/tick \d+/);
		const before = terminal.chunks.length;
		terminal.pauseReading();
		// Enough whole screens to fill the kernel's buffer, so that the console's own writes stand still.
		for (let turn = 0; turn < 20; turn++) terminal.type('2+');
		await pass(stallMs / 2);
		await containers.docker.getContainer(id).kill();
		// The stall itself is what is tested: nothing can be waited for while nothing is read.
		await pass(stallMs / 2);
		expect(terminal.chunks.length).toBe(before);
		const resumed = performance.now();
		terminal.resumeReading();
		await terminal.waitFor(() => /^>P0 .*exited 137/.test(rowOf(terminal, name)), { what: 'what happened during the stall' });
		expect(performance.now() - resumed).toBeLessThan(await promised(1000));
		// The frames of three seconds were not queued up: one that was on its way, and the newest.
		expect(terminal.bytesBetween(resumed, Number.POSITIVE_INFINITY)).toBeLessThan(300_000);
	});
});
