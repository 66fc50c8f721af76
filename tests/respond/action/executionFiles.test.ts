import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { executionFiles } from '../../../src/respond/action/executionFiles.ts';

let root: string;
const files = executionFiles(() => 0);

beforeEach(() => {
	root = mkdtempSync(join(tmpdir(), 'sitrep-files-'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const keep = (folder: string, pieces: readonly (readonly ['stdout' | 'stderr', string])[], over: { readonly secrets?: readonly string[]; readonly hide?: boolean } = {}) =>
	files.keep(folder, pieces.map(([stream, text]) => ({ stream, bytes: Buffer.from(text) })), { secrets: over.secrets ?? [], hide: over.hide ?? false });

describe('executionFiles', () => {
	it('keeps an output, redacted across pieces, and reads its ends', async () => {
		const folder = join(root, 'a', 'step.1');
		const summary = await keep(folder, [['stdout', 'one hun'], ['stderr', 'bad\n'], ['stdout', 'ter22 two\n']], { secrets: ['hunter22'] });
		expect(summary).toMatchObject({ lines: 2, droppedBytes: 0, folder });
		expect(await files.tails(folder, 1024)).toEqual({ stdout: 'one (secret) two\n', stderr: 'bad\n', cut: { stdout: false, stderr: false } });
		expect(statSync(folder).mode & 0o777).toBe(0o700);
	});

	it('reads no more than was asked for, and no half character', async () => {
		const folder = join(root, 'b');
		await keep(folder, [['stdout', `${'ä'.repeat(10)}end`]]);
		expect(await files.tails(folder, 6)).toEqual({ stdout: 'äend', stderr: '', cut: { stdout: true, stderr: false } });
	});

	it('reads the end of an output of many segments', async () => {
		const folder = join(root, 'c');
		const line = `${'x'.repeat(1023)}\n`;
		await keep(folder, Array.from({ length: 12 * 1024 }, () => ['stdout', line] as const));
		const tails = await files.tails(folder, 64 * 1024);
		expect(tails.stdout).toHaveLength(64 * 1024);
		expect(tails.cut.stdout).toBe(true);
	});

	it('hides an output as a whole', async () => {
		const folder = join(root, 'd');
		await keep(folder, [['stdout', 'anything']], { hide: true });
		expect((await files.tails(folder, 1024)).stdout).toBe('(secret)\n');
	});

	it('has nothing to tell of a folder that is not there', async () => {
		expect(await files.tails(join(root, 'none'), 10)).toEqual({ stdout: '', stderr: '', cut: { stdout: false, stderr: false } });
		expect(await files.value(join(root, 'none'), false)).toBeUndefined();
	});

	it('does not fail where nothing can be written', async () => {
		writeFileSync(join(root, 'file'), '');
		expect(await keep(join(root, 'file', 'step.1'), [['stdout', 'abc']])).toEqual({ bytes: 3, lines: 0, droppedBytes: 3 });
	});

	it('reads a value, and removes it where it must not stay', async () => {
		const path = join(root, 'value.json');
		writeFileSync(path, '{"rows": 2}');
		expect(await files.value(root, false)).toEqual({ rows: 2 });
		expect(await files.value(root, true)).toEqual({ rows: 2 });
		expect(existsSync(path)).toBe(false);
		writeFileSync(path, '{"rows": ');
		expect(await files.value(root, false)).toBeUndefined();
	});
});
