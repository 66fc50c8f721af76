import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testEngineAddress } from '../support/engine.ts';
import { SshServer, type KnownHosts } from '../support/sshServer.ts';
import { openLive, openSitrep } from './sitrep.ts';

let dir: string;
let server: SshServer;

beforeAll(async () => {
	dir = await mkdtemp(join(tmpdir(), 'sitrep-ssh-'));
	server = new SshServer(dir);
	await server.setUp();
});

afterAll(async () => {
	await server.stop();
	await rm(dir, { recursive: true, force: true });
});

const address = (): string => server.address(testEngineAddress().replace('unix://', ''));
const by = (known: KnownHosts) => ({ env: { PATH: server.path(known) }, columns: 120, rows: 40 });

describe('the console over a real ssh', () => {
	it('shows a connection that was cut as lost, and is live again by itself', async () => {
		await using terminal = await openLive(address(), by('right'));
		expect(terminal.screen()[0]).toContain('127.0.0.1');
		await server.drop();
		await terminal.waitFor(/^ sitrep .* RECONNECTING/m);
		expect(terminal.screen()[0]).not.toMatch(/ live /);
		await terminal.waitFor(/^ sitrep .* live /m);
	});

	it('says with ssh’s own words that the host is not known', async () => {
		await using terminal = await openSitrep(address(), by('none'));
		await terminal.waitFor(() => [...terminal.history(), ...terminal.screen()].join('\n').includes('Host key verification failed'), { what: 'the words of ssh' });
		expect(terminal.text()).not.toMatch(/^ sitrep .* live /m);
	});
});
