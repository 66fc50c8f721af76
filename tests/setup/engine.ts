import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureEngine } from '../../src/drill/findEngine.ts';
import { destroyPrivateEngine } from '../../src/drill/privateEngine.ts';
import { readProcess } from '../../src/drill/processes.ts';
import { ensureBusybox } from '../support/busybox.ts';

const prefix = 'sitrep-test-';
const owner = 'owner.pid';

/**
 * The engine of all tests that need one: named in SITREP_TEST_ENGINE, else the one that sitrep would find, else
 * a private one that goes with the run. Tests read its address from SITREP_TEST_ENGINE.
 */
export default async function setUp(): Promise<(() => Promise<void>) | undefined> {
	await ensureBusybox((line) => process.stderr.write(`${line}\n`));
	if (process.env['SITREP_TEST_ENGINE'] !== undefined) {
		return undefined;
	}
	await sweep();
	const dir = mkdtempSync(join(tmpdir(), prefix));
	writeFileSync(join(dir, owner), String(process.pid));
	const ensured = await ensureEngine(process.env, join(dir, 'e'), (line) => process.stderr.write(`${line}\n`));
	process.env['SITREP_TEST_ENGINE'] = ensured.host;
	return async () => {
		delete process.env['SITREP_TEST_ENGINE'];
		if (ensured.kind === 'private') {
			await ensured.engine.destroy();
		}
		rmSync(dir, { recursive: true, force: true });
	};
}

/** Takes away the engines of test runs that were killed. */
async function sweep(): Promise<void> {
	for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
		const dir = join(tmpdir(), name);
		let pid: number;
		try {
			pid = Number(readFileSync(join(dir, owner), 'utf8'));
		} catch {
			continue;
		}
		if ((await readProcess(pid)) === undefined) {
			await destroyPrivateEngine(join(dir, 'e'));
			rmSync(dir, { recursive: true, force: true });
		}
	}
}
