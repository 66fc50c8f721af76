import { spawn } from 'node:child_process';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { familyOf } from '../../../src/respond/process/family.ts';
import { type ProcessTable, type SeenProcess } from '../../../src/respond/process/processTable.ts';
import { procTable } from '../../../src/respond/process/procTable.ts';
import { parseRows, psTable } from '../../../src/respond/process/psTable.ts';
import { eventually } from './support.ts';

describe.each<[string, ProcessTable]>([
	['procfs', procTable('/proc')],
	['ps', psTable()],
])('the process table, from %s', (_source, table) => {
	it('finds a process with its parent, its group and its mark, and knows it again', async () => {
		const child = spawn('sleep', ['81.1'], { detached: true, stdio: 'ignore', env: { PATH: process.env['PATH'], SITREP_EXECUTION: 'mark-of-this-test' } });
		try {
			const pid = child.pid ?? 0;
			const seen = await eventually('it is there', () => table.all('SITREP_EXECUTION=mark-of-this-test', 0).find((each) => each.marked));
			expect(seen).toMatchObject({ pid, parent: process.pid, group: pid, session: pid, name: 'sleep', zombie: false });
			expect(table.look(pid)?.start).toBe(seen.start);
			expect(table.all('', seen.start + 1).map((each) => each.pid)).not.toContain(pid);
		} finally {
			child.kill('SIGKILL');
		}
		await eventually('it is gone', () => table.look(child.pid ?? 0) === undefined);
	});

	it('says nothing of a process that is not there', () => {
		expect(table.look(2 ** 22 + 7)).toBeUndefined();
	});
});

describe('a row of ps', () => {
	it('is read with a path and blanks in the name', () => {
		expect(parseRows('  501   1   501 Ss   Sat Nov  7 08:50:36 2026 /Applications/My App/my app\n 502 501 501 Z+ Sat Nov 21 18:50:36 2026 (sh)\nnonsense\n')).toEqual([
			{ pid: 501, parent: 1, group: 501, session: 501, start: Date.UTC(2026, 10, 7, 8, 50, 36) / 1000, name: 'my app', zombie: false, marked: false },
			expect.objectContaining({ pid: 502, parent: 501, zombie: true }),
		]);
	});
});

describe('the family of a command', () => {
	const one = (pid: number, parent: number, more: Partial<SeenProcess> = {}): SeenProcess => ({ pid, parent, group: pid, session: pid, start: pid, name: 'x', zombie: false, marked: false, ...more });

	it('is its session, its group, the marked, the known, and their children, but no zombie', () => {
		const processes = [
			one(10, 1),
			one(11, 1, { session: 10 }),
			one(12, 1, { group: 10 }),
			one(13, 1, { marked: true }),
			one(14, 1),
			one(15, 14),
			one(16, 13),
			one(17, 10, { zombie: true }),
			one(18, 17),
			one(99, 1),
		];
		expect(familyOf(processes, { pid: 10, start: 10 }, [{ pid: 14, start: 14 }]).map(({ pid }) => pid)).toEqual([10, 11, 12, 13, 14, 15, 16, 18]);
	});

	it('is not another process under the number of one that was known', () => {
		expect(familyOf([one(14, 1, { start: 77 })], { pid: 10, start: 10 }, [{ pid: 14, start: 14 }])).toEqual([]);
	});
});
