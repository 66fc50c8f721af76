import { execFileSync } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { diskProbe } from '../../../src/observe/probes/disk.ts';
import { calm, ports, settings } from './setup.ts';

const run = (path: string) => diskProbe(...settings('disk', { path }), ports).run(calm());

describe('disk probe', () => {
	it('counts percent as df does', async () => {
		const result = await run(tmpdir());
		const shown = Number(execFileSync('df', ['--output=pcent', tmpdir()], { encoding: 'utf8' }).split('\n')[1]?.replace('%', ''));
		expect(result.ok).toBe(true);
		expect(Math.abs(Math.ceil(result.figures['percent'] ?? -9) - shown)).toBeLessThanOrEqual(1);
		const { bavail, bsize } = await statfs(tmpdir());
		expect(Math.abs((result.figures['freeBytes'] ?? 0) - bavail * bsize)).toBeLessThan(1024 ** 3);
		expect(result.words).toMatch(/^\d+ % full, .+ free$/);
	});

	it('says that a path is not there', async () => {
		expect(await run('/nowhere/at-all')).toMatchObject({ ok: false, words: '/nowhere/at-all: no such file' });
	});
});
