import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { openResponding } from '../../../src/main/respond/responder.ts';
import { FakeEngine } from '../../support/fakeEngine.ts';

const openAt = async (folder: string, readOnly: boolean) => {
	vi.stubEnv('SITREP_STATE_DIR', folder);
	onTestFinished(() => void vi.unstubAllEnvs());
	const nothing = () => ({ missing: 'nothing is known' });
	const facts = { signal: nothing, probe: nothing, baseline: nothing, figure: nothing };
	return openResponding({ engine: new FakeEngine(), about: undefined, playbooks: new Map(), facts: () => facts, readOnly });
};

it.each([true, false])('a console makes a folder and a journal only where it may write (read-only: %s)', async (readOnly) => {
	const root = await mkdtemp(join(tmpdir(), 'sitrep-read-only-'));
	onTestFinished(async () => rm(root, { recursive: true, force: true }));
	const folder = join(root, 'state');
	const responding = await openAt(folder, readOnly);
	expect(await responding.responder.unfinished()).toEqual([]);
	expect(await responding.journal.rollouts()).toEqual([]);
	await responding.close();
	expect(existsSync(folder)).toBe(!readOnly);
});
