import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Containers, testEngineAddress } from '../support/engine.ts';
import { expectSeen, openLive, openOn, openSitrep } from './sitrep.ts';

const address = testEngineAddress();
const containers = new Containers(address);
const name = `z${process.pid}`;

beforeAll(async () => {
	await containers.run('while :; do echo a line of the log; sleep 0.05; done', { name });
});

afterAll(async () => {
	await containers.removeAll();
});

describe('size', () => {
	it('lives through a storm of 60 changes and ends right', async () => {
		await using terminal = await openOn(address, name);
		for (let turn = 0; turn < 60; turn++) {
			const columns = 40 + ((turn * 37) % 160);
			const rows = 8 + ((turn * 13) % 52);
			terminal.resize(columns, rows);
			// Every third one waits for a byte of an answer, the others come in a rush.
			if (turn % 3 === 0) {
				const before = terminal.chunks.length;
				await terminal.waitFor(() => terminal.chunks.length > before, { what: 'a frame after the change of size' });
			}
		}
		terminal.resize(100, 30);
		await terminal.waitFor((seen) => rightAt(seen.screen(), 100, 30), { what: 'a whole screen at 100x30' });
		terminal.type('?');
		await terminal.waitFor('─ keys ─');
		expect(terminal.exit).toBeUndefined();
	});

	it.each([
		[60, 16],
		[80, 24],
		[120, 40],
		[200, 60],
	])('fills %i x %i, and nothing scrolls', async (columns, rows) => {
		await using terminal = await openLive(address, { columns, rows });
		await terminal.waitFor((seen) => rightAt(seen.screen(), columns, rows), { what: 'a whole screen' });
		expect(terminal.history().length).toBe(rows);
	});

	it('says so below 60 x 16, and comes back', async () => {
		await using terminal = await openSitrep(address, { columns: 50, rows: 10 });
		await terminal.waitFor(/needs 60x16, this is 50x10/);
		terminal.resize(80, 24);
		await terminal.waitFor((seen) => rightAt(seen.screen(), 80, 24), { what: 'a whole screen at 80x24' });
		terminal.resize(20, 3);
		await terminal.waitFor(/sitrep needs/);
		terminal.resize(80, 24);
		await expectSeen(terminal, (seen) => rightAt(seen.screen(), 80, 24), { what: 'a whole screen at 80x24' });
	});
});

/** The header with its clock at the right end on the first line, the keys on the last one, all panes between. */
const rightAt = (screen: readonly string[], columns: number, rows: number): boolean =>
	screen.length === rows &&
	new RegExp(`^ sitrep .* live .*\\d\\d:\\d\\d:\\d\\d$`).test(screen[0] ?? '') &&
	(screen[0] ?? '').length >= columns - 2 &&
	(screen.at(-1) ?? '').endsWith(' help') &&
	screen.filter((line) => line.startsWith(' sitrep ')).length === 1 &&
	screen.filter((line) => / SERVICES /.test(line)).length === 1;
