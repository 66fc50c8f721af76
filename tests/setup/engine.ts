import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engineClient } from '../../src/drill/engineClient.ts';
import { ensureEngine } from '../../src/drill/findEngine.ts';
import { ensureImages } from '../../src/drill/image.ts';
import { destroyPrivateEngine } from '../../src/drill/privateEngine.ts';
import { readProcess } from '../../src/drill/processes.ts';
import { busyboxImage } from '../support/images.ts';
import { ensureTestPrograms } from '../support/programs.ts';

const prefix = 'sitrep-test-';
const owner = 'owner.pid';

/**
 * The engine of all tests that need one: named in SITREP_TEST_ENGINE, else the one that sitrep would find, else
 * a private one that goes with the run. Tests read its address from SITREP_TEST_ENGINE.
 */
export default async function setUp(): Promise<(() => Promise<void>) | undefined> {
	await ensureTestPrograms(say);
	const given = process.env['SITREP_TEST_ENGINE'];
	if (given !== undefined) {
		await makeImages(given);
		return undefined;
	}
	await sweep();
	const dir = mkdtempSync(join(tmpdir(), prefix));
	writeFileSync(join(dir, owner), String(process.pid));
	const ensured = await ensureEngine(process.env, join(dir, 'e'), say);
	const tearDown = async () => {
		delete process.env['SITREP_TEST_ENGINE'];
		if (ensured.kind === 'private') {
			await ensured.engine.destroy();
		}
		rmSync(dir, { recursive: true, force: true });
	};
	process.env['SITREP_TEST_ENGINE'] = ensured.host;
	try {
		await makeImages(ensured.host);
	} catch (error) {
		await tearDown();
		throw error;
	}
	return tearDown;
}

function say(line: string): void {
	process.stderr.write(`${line}\n`);
}

/** Once, before the test files run side by side: they would all make them at the same time. */
async function makeImages(address: string): Promise<void> {
	await busyboxImage(address);
	await busyboxImage(address, { shell: false });
	await ensureImages(engineClient(address), say);
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
