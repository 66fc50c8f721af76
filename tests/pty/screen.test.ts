import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Containers, testEngineAddress } from '../support/engine.ts';
import { keys } from '../support/terminal.ts';
import { expectSeen, openLive, openOn } from './sitrep.ts';

const address = testEngineAddress();
const containers = new Containers(address);
const own = `s${process.pid}`;

beforeAll(async () => {
	await containers.run('sleep 3600', { name: `${own}-api` });
	await containers.run('sleep 3600', { name: `${own}-web` });
});

afterAll(async () => {
	await containers.removeAll();
});

describe('the console in a terminal', () => {
	it('takes the alternate screen, hides the cursor and names the engine', async () => {
		await using terminal = await openLive(address);
		expect(terminal.alternateScreen).toBe(true);
		expect(terminal.cursorShown).toBe(false);
		await terminal.waitFor(/^ sitrep {2}\S+ docker \d+\.\d+\S* +live .*P0 .*\d\d:\d\d:\d\d/m);
		expect(terminal.screen().every((line) => line.length <= 80)).toBe(true);
	});

	it('filters the services, and shows all of them again', async () => {
		await using terminal = await openLive(address);
		terminal.type(`/${own}`);
		await terminal.waitFor(new RegExp(`SERVICES 2 of .*  /${own}`));
		terminal.type(`-web${keys.enter}`);
		await terminal.waitFor(new RegExp(`SERVICES 1 of .* filter /${own}-web`));
		expect(terminal.text()).toMatch(new RegExp(`^>(ok|\\?) +${own}-web `, 'm'));
		expect(terminal.text()).not.toContain(`${own}-api`);
		terminal.type(keys.escape);
		await terminal.waitFor((seen) => !seen.text().includes('filter /') && /SERVICES \d/.test(seen.text()));
	});

	it('moves between the services', async () => {
		await using terminal = await openLive(address);
		terminal.type(`/${own}${keys.enter}`);
		await terminal.waitFor(/SERVICES 2 of .* filter/);
		const selected = (): string => terminal.screen().find((line) => line.startsWith('>')) ?? '';
		const [first, second] = selected().includes('-api') ? ['-api', '-web'] : ['-web', '-api'];
		terminal.type('j');
		await terminal.waitFor(new RegExp(`HEALTH ${own}${second} `));
		expect(selected()).toContain(`${own}${second} `);
		terminal.type(keys.up);
		await terminal.waitFor(new RegExp(`HEALTH ${own}${first} `));
		expect(selected()).toContain(`${own}${first} `);
	});

	it('zooms a pane and goes back', async () => {
		await using terminal = await openOn(address, `${own}-web`);
		terminal.type('3+');
		await terminal.waitFor((seen) => /METRICS/.test(seen.text()) && !/LOGS|HEALTH|SERVICES/.test(seen.text()));
		terminal.type('+');
		await expectSeen(terminal, (seen) => ['SERVICES', 'HEALTH', 'METRICS', 'LOGS'].every((pane) => seen.text().includes(pane)));
	});

	it('shows its keys on ?, and a palette that finds them', async () => {
		await using terminal = await openLive(address);
		terminal.type('?');
		await terminal.waitFor(/─ keys ─[^]*Tab +next pane/);
		terminal.type(keys.escape);
		await terminal.waitFor((seen) => !seen.text().includes('─ keys ─'));
		terminal.type(':');
		await terminal.waitFor('─ commands ─');
		terminal.type('metrics pane');
		await terminal.waitFor(/: metrics pane/);
		terminal.type(`${keys.enter}+`);
		await expectSeen(terminal, (seen) => /3 METRICS/.test(seen.text()) && !/LOGS/.test(seen.text()));
	});

	it('takes a burst of keys that arrives as one, each in its turn', async () => {
		await using terminal = await openLive(address);
		// Filter, keep, moves, help and out of it, logs pane, zoomed three times: one write.
		terminal.type(`/${own}${keys.enter}jjjkj?q?q?q2+++`);
		await expectSeen(terminal, (seen) => /2 LOGS/.test(seen.text()) && !/SERVICES|keys/.test(seen.text()));
	});

	it('changes nothing for keys that mean nothing', async () => {
		await using terminal = await openOn(address, `${own}-web`);
		terminal.type('\u001b[1;2P\u001b[200~docker rm -f\u001b[201~\u0000\u001c\u001e§ß');
		terminal.type('?');
		await terminal.waitFor(/─ keys ─|\?/);
		terminal.type(keys.escape);
		const web = await containers.docker.getContainer(`${own}-web`).inspect();
		expect(web.State.Running).toBe(true);
		expect(terminal.exit).toBeUndefined();
	});
});
