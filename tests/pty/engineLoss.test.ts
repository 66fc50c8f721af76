import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPrivateEngine, type PrivateEngine } from '../../src/drill/privateEngine.ts';
import { Containers } from '../support/engine.ts';
import { keys } from '../support/terminal.ts';
import { expectSeen, openLive, openSitrep, rowOf } from './sitrep.ts';

/** How long the engine stands still, ms. */
const stillMs = 10_000;

let engine: PrivateEngine;
let folder: string;
let containers: Containers;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'sitrep-pty-'));
	engine = await startPrivateEngine({ dir: join(folder, 'e'), extra: ['--live-restore'] });
	containers = new Containers(engine.host);
});

afterAll(async () => {
	await engine.destroy();
	await rm(folder, { recursive: true, force: true });
});

describe('an engine of one’s own', () => {
	it('that is empty says so', async () => {
		await using terminal = await openLive(engine.host);
		await expectSeen(terminal, /SERVICES 0|no containers/i);
	});

	it('shows what is started, and lets go of what is removed', async () => {
		await using terminal = await openLive(engine.host);
		const id = await containers.run('sleep 3600', { name: 'short-lived' });
		await terminal.waitFor(() => rowOf(terminal, 'short-lived') !== '');
		await containers.docker.getContainer(id).remove({ force: true });
		await expectSeen(terminal, () => rowOf(terminal, 'short-lived') === '');
	});

	it('that restarts is shown as lost, never as healthy, and then live again', async () => {
		await containers.run('sleep 3600', { name: 'survivor' });
		await using terminal = await openLive(engine.host);
		await terminal.waitFor(() => /^.ok +survivor/.test(rowOf(terminal, 'survivor')));
		engine.kill('SIGKILL');
		try {
			await terminal.waitFor(/RECONNECTING/);
			await terminal.waitFor(() => /^.\? +survivor +unknown/.test(rowOf(terminal, 'survivor')), { what: 'a row that claims nothing' });
			expect(terminal.screen()[0]).not.toMatch(/ live /);
		} finally {
			await engine.restart();
		}
		await terminal.waitFor(/^ sitrep .* live /m);
		await terminal.waitFor(() => /^.(ok|P0|-) +survivor/.test(rowOf(terminal, 'survivor')));
	});

	it('that stands still for 10 s is said not to answer, and what happened meanwhile is seen afterwards', async () => {
		const id = await containers.run('sleep 3600', { name: 'casualty' });
		const { State } = await containers.docker.getContainer(id).inspect();
		await using terminal = await openLive(engine.host);
		await terminal.waitFor(() => /^.ok +casualty/.test(rowOf(terminal, 'casualty')));
		engine.pause();
		const paused = performance.now();
		try {
			process.kill(State.Pid, 'SIGKILL');
			await terminal.waitFor(/^ sitrep .* STALE \d+ s/m);
			await terminal.waitFor(/NOT CURRENT: last heard \d+ s ago/);
			expect(terminal.screen()[0]).not.toMatch(/ live /);
			expect(rowOf(terminal, 'casualty')).toMatch(/^.\? /);
			// The console itself goes on.
			terminal.type('?');
			await terminal.waitFor('─ keys ─');
			terminal.type(keys.escape);
			await terminal.waitFor((seen) => !seen.text().includes('─ keys ─'));
			// Its clock moves on, so there is a frame to look at every second.
			await terminal.waitFor(() => performance.now() - paused >= stillMs && /^ sitrep .* STALE \d+ s/m.test(terminal.text()), { what: 'the end of 10 s' });
		} finally {
			engine.resume();
		}
		await terminal.waitFor(/^ sitrep .* live /m);
		await terminal.waitFor(() => /^.P0 +casualty .*exited 137/.test(rowOf(terminal, 'casualty')), { what: 'the end of the container' });
		await terminal.waitFor(() => /^.ok +survivor/.test(rowOf(terminal, 'survivor')), { what: 'the other one, well' });
	});

	it('that is not there yet is waited for', async () => {
		await engine.stop();
		await using terminal = await openSitrep(engine.host);
		await expectSeen(terminal, (seen) => seen.exit !== undefined || /RECONNECTING|CONNECTING/i.test(seen.text()) || /docker\.sock/.test(seen.history().join('\n')));
	});
});
