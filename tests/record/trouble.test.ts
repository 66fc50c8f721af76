import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { Journal, JournalEvent } from '../../src/domain/journal.ts';
import { journalTools } from '../../src/record/tools.ts';
import { verifyJournal } from '../../src/record/verify.ts';
import { otherConsole } from './processes.ts';
import { smallDisk } from './smallDisk.ts';
import { newJournal, note, opened, rejection, started, testFolder } from './support.ts';

const sumOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

describe('a full disk', () => {
	it('is said, loses nothing, and is over when there is room again', async () => {
		const disk = await smallDisk('4m');
		const journal = await opened(join(disk.folder, 'journal.db'));
		const acknowledged: JournalEvent[] = [];
		disk.fill();
		const error = await rejection(
			(async () => {
				for (;;) acknowledged.push(...(await journal.append([note('x'.repeat(20_000))])));
			})(),
		);
		expect(error).toMatchObject({ kind: 'full', message: `the journal ${journal.path} cannot be written: no space is left on its file system`, advice: expect.stringContaining('df -h') });
		expect(journal.trouble).toBe(error);
		await expect(journal.probe()).rejects.toMatchObject({ kind: 'full' });
		expect(await journal.read(0, 1000)).toEqual(acknowledged);
		disk.free();
		await journal.probe();
		expect(journal.trouble).toBeUndefined();
		expect(await journal.append([note('back')])).toMatchObject([{ seq: acknowledged.length + 1 }]);
		expect(await verifyJournal(journal.path)).toMatchObject({ intact: true, events: acknowledged.length + 1 });
	});

	it('in the middle of much writing loses nothing that was acknowledged', async () => {
		const disk = await smallDisk('3m');
		const journal = await opened(join(disk.folder, 'journal.db'));
		let acknowledged = 0;
		const error = await rejection(
			(async () => {
				for (;;) acknowledged = (await journal.append([note('x'.repeat(5000))])).at(-1)?.seq ?? 0;
			})(),
		);
		expect(error).toMatchObject({ kind: 'full' });
		expect(acknowledged).toBeGreaterThan(50);
		await journal.close();
		const again = await opened(journal.path);
		expect((await again.read(0, 10_000)).map((each) => each.seq)).toEqual(Array.from({ length: acknowledged }, (_, index) => index + 1));
		expect(await verifyJournal(journal.path)).toMatchObject({ intact: true, events: acknowledged });
	});

	it('where there is no journal yet: none is left half made, and it is made once there is room', async () => {
		const disk = await smallDisk('256k');
		disk.fill();
		const journal = await opened(join(disk.folder, 'state', 'journal.db'));
		expect(journal.trouble).toMatchObject({ kind: 'full' });
		expect(statSync(journal.path, { throwIfNoEntry: false })).toBeUndefined();
		disk.free();
		expect(await journal.append([note('a')])).toHaveLength(1);
		expect(journal.trouble).toBeUndefined();
	});
});

describe('a lock of another process', () => {
	it('is waited for without stopping anything else, and the calls keep their order', async () => {
		const journal = await newJournal();
		const other = await otherConsole(journal.path);
		await other.order('hold');
		const names = Array.from({ length: 20 }, (_, index) => `note ${index}`);
		const under = Promise.all(names.map((name) => journal.append([note(name)])));
		// While it waits, timers go on: a wait within SQLite would let none of these pass before it gives up.
		for (let turn = 0; turn < 20; turn++) await pass(1);
		expect(await journal.read(0, 10)).toEqual([]);
		await other.order('let-go');
		expect((await under).flat().map((each) => each.seq)).toEqual(names.map((_, index) => index + 1));
		expect((await journal.read(0, 100)).map((each) => each.event)).toMatchObject(names.map((text) => ({ text })));
	});

	it('that does not end is said, for all calls at once, and is over when it ends', async () => {
		const journal = await newJournal({ lockedMs: 300 });
		const other = await otherConsole(journal.path);
		await other.order('hold');
		const began = performance.now();
		const errors = await Promise.all(Array.from({ length: 20 }, () => rejection(journal.append([note('a')]))));
		// Each has its 300 ms from its own call, and one try of at most 50 ms thereafter.
		expect(performance.now() - began).toBeLessThan(20 * 300);
		for (const error of errors) expect(error).toMatchObject({ kind: 'locked', message: expect.stringContaining('does not let go of its lock'), advice: expect.stringContaining('fuser -v') });
		expect(journal.trouble).toMatchObject({ kind: 'locked' });
		await other.order('let-go');
		await journal.append([note('b')]);
		expect(journal.trouble).toBeUndefined();
		expect(await journal.read(0, 10)).toHaveLength(1);
	});
});

describe('a read-only file system', () => {
	it('is said; what is there can be read, verified and exported; and it is written once it can be', async () => {
		const disk = await smallDisk('4m');
		const path = join(disk.folder, 'journal.db');
		const before = await opened(path);
		await before.append([started('run-1'), note('a')]);
		await before.close();
		await disk.remount('ro');
		const journal = await opened(path);
		expect(journal.trouble).toMatchObject({ kind: 'read-only', message: expect.stringContaining('read-only'), advice: expect.stringContaining('SITREP_STATE_DIR') });
		await expect(journal.append([note('b')])).rejects.toMatchObject({ kind: 'read-only' });
		expect(await journal.readRun('run-1')).toHaveLength(2);
		expect(await journal.runs()).toMatchObject([{ runId: 'run-1' }]);
		await expect(journal.probe()).rejects.toMatchObject({ kind: 'read-only' });
		expect(await journal.readRun('run-1')).toHaveLength(2);
		expect(await verifyJournal(path)).toMatchObject({ intact: true, events: 2, path });
		expect(await Array.fromAsync(journalTools(path).export({}))).toHaveLength(2);
		await disk.remount('rw');
		expect(await journal.append([note('b')])).toMatchObject([{ seq: 3 }]);
		expect(journal.trouble).toBeUndefined();
	});

	it.each([[[]], [['-shm']]])('does not hide what a killed process had not yet put into the main file (without %j)', async (missing) => {
		const disk = await smallDisk('4m');
		const path = join(disk.folder, 'journal.db');
		const other = await otherConsole(path);
		await other.order('open-and-append');
		await other.kill();
		for (const suffix of missing) rmSync(path + suffix);
		await disk.remount('ro');
		expect(await (await opened(path)).read(0, 10)).toHaveLength(1);
		expect(await verifyJournal(path)).toMatchObject({ intact: true, events: 1 });
	});
});

describe('without the right', () => {
	it('to read and write it, it says so and what to do', async () => {
		const journal = await newJournal();
		await journal.append([note('a')]);
		const other = await otherConsole(journal.path);
		await other.order('become 65534');
		expect(await other.order('try-append')).toMatchObject({
			kind: 'permission',
			trouble: 'permission',
			message: expect.stringContaining('this account may not'),
			advice: expect.stringContaining('ls -ld'),
		});
		expect(await journal.read(0, 10)).toHaveLength(1);
	});

	it('to make its folder, likewise', async () => {
		const folder = await testFolder();
		const other = await otherConsole(join(folder, 'state', 'journal.db'));
		await other.order('become 65534');
		expect(await other.order('try-append')).toMatchObject({ kind: 'permission', trouble: 'permission' });
	});
});

describe('a damaged file', () => {
	const written = async (): Promise<Journal> => {
		const journal = await newJournal();
		await journal.append([started('run-1'), ...Array.from({ length: 300 }, (_, index) => note(`${index} ${'x'.repeat(500)}`))]);
		await journal.close();
		return journal;
	};

	/** Nothing is appended, it is told so, and not a byte of the file is written. */
	const expectLeftAlone = async (path: string): Promise<void> => {
		const before = sumOf(path);
		const journal = await opened(path);
		const error = await rejection(journal.append([note('b')]));
		expect(error).toMatchObject({ kind: 'corrupt', advice: expect.stringContaining('`sitrep journal verify`') });
		expect(error).toMatchObject({ advice: expect.stringMatching(/mkdir \S+ && mv \S+journal\.db\* /) });
		expect(journal.trouble).toMatchObject({ kind: 'corrupt' });
		await expect(journal.probe()).rejects.toMatchObject({ kind: 'corrupt' });
		await journal.close();
		expect(sumOf(path)).toBe(before);
	};

	const overwrite = (path: string, at: number, bytes: Uint8Array): void => {
		const handle = openSync(path, 'r+');
		writeSync(handle, bytes, 0, bytes.length, at);
		closeSync(handle);
	};

	it.each([
		['its first bytes are garbage', 0],
		['the header of its first page is garbage', 100],
	])('is left as it is: %s', async (_, at) => {
		const { path } = await written();
		overwrite(path, at, Buffer.alloc(64, 0xa5));
		await expectLeftAlone(path);
	});

	it('is left as it is: no byte of it is a database', async () => {
		const path = join(await testFolder(), 'journal.db');
		writeFileSync(path, Buffer.alloc(20_000, 'garbage '));
		await expectLeftAlone(path);
	});

	it.each([0, 1, 50, 4096, 5000, 40_960, 100_000])('is left as it is: cut to %i bytes', async (size) => {
		const { path } = await written();
		const handle = openSync(path, 'r+');
		ftruncateSync(handle, size);
		closeSync(handle);
		await expectLeftAlone(path);
	});

	it('is left as it is, with its log: emptied by somebody while a console was killed', async () => {
		const path = join(await testFolder(), 'journal.db');
		const other = await otherConsole(path);
		await other.order('open-and-append');
		await other.kill();
		writeFileSync(path, '');
		// SQLite would take it for a new database, and remove the log.
		const log = sumOf(`${path}-wal`);
		await expectLeftAlone(path);
		await expect(verifyJournal(path)).rejects.toMatchObject({ kind: 'corrupt', message: expect.stringContaining('the file is empty') });
		expect(sumOf(`${path}-wal`)).toBe(log);
	});

	it('is left as it is: its last page is missing', async () => {
		const { path } = await written();
		const handle = openSync(path, 'r+');
		ftruncateSync(handle, statSync(path).size - 4096);
		closeSync(handle);
		await expectLeftAlone(path);
	});

	it('is left as it is: its newest event is another than it knows', async () => {
		const { path } = await written();
		const sqlite = new Database(path);
		sqlite.exec('DROP TRIGGER events_never_go; DELETE FROM events WHERE seq > 200');
		sqlite.close();
		await expectLeftAlone(path);
	});

	it('is read no further than it can be, and verified so', async () => {
		const journal = await written();
		// Somewhere among the events, and no page that an append needs.
		overwrite(journal.path, Math.floor(statSync(journal.path).size / 2 / 4096) * 4096, Buffer.alloc(4096, 0xa5));
		const again = await opened(journal.path);
		await expect(again.readRun('run-1')).rejects.toMatchObject({ kind: 'corrupt' });
		const verified = await verifyJournal(journal.path);
		expect(verified).toMatchObject({ intact: false, flaw: { kind: 'unreadable', seq: verified.events + 1 } });
	});

	it('moved aside as the advice says, a new one is begun by the same console', async () => {
		const { path } = await written();
		writeFileSync(path, 'garbage');
		const journal = await opened(path);
		const advice = (await rejection(journal.append([note('b')]))) as { readonly advice: string };
		execFileSync('sh', ['-c', /`(mkdir .*)`/.exec(advice.advice)?.[1] ?? 'false']);
		expect(await journal.append([note('b')])).toMatchObject([{ seq: 1 }]);
		expect(journal.trouble).toBeUndefined();
	});
});

describe('anything else in its place', () => {
	it('is said', async () => {
		const path = join(await testFolder(), 'journal.db');
		await mkdir(path);
		expect((await opened(path)).trouble).toMatchObject({ kind: expect.stringMatching(/broken|corrupt/), message: expect.stringContaining(path) });
	});
});
