import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { LibraryFiles } from '../../../src/respond/playbook/library.ts';
import { loadLibrary } from '../../../src/respond/playbook/library.ts';
import { libraryFiles } from '../../../src/respond/playbook/libraryFiles.ts';

const playbook = (id: string, title = id): string => `schemaVersion: 1\nid: ${id}\nversion: 1.0.0\nkind: check\ntitle: ${title}\nsteps: [{id: a, of: x}]\n`;

/** Files by path, in memory. */
const filesOf = (tree: Readonly<Record<string, string>>): LibraryFiles => ({
	async list(folder) {
		const within = Object.keys(tree).filter((path) => path.startsWith(`${folder}/`)).map((path) => path.slice(folder.length + 1));
		if (within.length === 0) return undefined;
		const names = new Set(within.map((path) => path.split('/')[0] ?? ''));
		return [...names].map((name) => ({ name, folder: within.some((path) => path.startsWith(`${name}/`)) }));
	},
	async read(file) {
		const text = tree[file];
		if (text === undefined || text === 'unreadable') throw new Error('permission denied');
		return text;
	},
});

const scratch: string[] = [];
afterEach(async () => {
	for (const folder of scratch.splice(0)) await rm(folder, { recursive: true, force: true });
});

describe('loadLibrary', () => {
	it('reads packs and their files in order', async () => {
		const library = await loadLibrary(['/ship'], filesOf({ '/ship/p09/b.yaml': playbook('b'), '/ship/p09/a.yml': playbook('a'), '/ship/generic/c.yaml': playbook('c'), '/ship/p09/notes.md': '#', '/ship/own.yaml': playbook('d') }));
		expect(library.playbooks.map((each) => `${each.pack} ${each.playbook.id}`)).toEqual(['generic c', 'p09 a', 'p09 b', 'ship d']);
		expect([...library.byId.keys()].sort()).toEqual(['a', 'b', 'c', 'd']);
		expect(library.problems).toEqual([]);
	});

	it('lets a later folder take the place of an earlier one, and says so', async () => {
		const library = await loadLibrary(['/ship', '/user'], filesOf({ '/ship/p/a.yaml': playbook('a', 'shipped'), '/user/mine/a.yaml': playbook('a', 'mine') }));
		expect(library.playbooks.map((each) => each.playbook.title)).toEqual(['mine']);
		expect(library.overridden.map(({ by, of }) => [by.file, of.file])).toEqual([['/user/mine/a.yaml', '/ship/p/a.yaml']]);
		expect(library.problems).toEqual([]);
	});

	it('names an id that stands twice in one folder', async () => {
		const library = await loadLibrary(['/ship'], filesOf({ '/ship/p/a.yaml': playbook('a', 'first'), '/ship/q/b.yaml': playbook('a', 'second') }));
		expect(library.playbooks.map((each) => each.playbook.title)).toEqual(['first']);
		expect(library.problems).toMatchObject([{ rule: 'duplicate-id', file: '/ship/q/b.yaml', message: 'the playbook a stands in /ship/p/a.yaml as well, and that one holds' }]);
	});

	it('goes on past what it cannot read', async () => {
		const library = await loadLibrary(['/none', '/ship'], filesOf({ '/ship/p/a.yaml': 'unreadable', '/ship/p/b.yaml': 'id: 5', '/ship/p/c.yaml': playbook('c') }));
		expect(library.playbooks.map((each) => each.playbook.id)).toEqual(['c']);
		expect(library.problems.filter((each) => each.file === '/ship/p/a.yaml')).toMatchObject([{ rule: 'file', message: 'cannot be read: permission denied' }]);
		expect(library.problems.some((each) => each.file === '/ship/p/b.yaml' && each.rule === 'schema')).toBe(true);
	});

	it('reads a real folder', async () => {
		const folder = await mkdtemp(join(tmpdir(), 'sitrep-library-'));
		scratch.push(folder);
		await mkdir(join(folder, 'pack'));
		await writeFile(join(folder, 'pack', 'a.yaml'), playbook('a'));
		const library = await loadLibrary([join(folder, 'missing'), folder], libraryFiles);
		expect(library.playbooks.map((each) => [each.pack, each.playbook.id])).toEqual([['pack', 'a']]);
		expect(library.problems).toEqual([]);
	});
});
