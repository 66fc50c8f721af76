import { describe, expect, it } from 'vitest';
import { lockName, parseLocks, writerOf } from '../../../src/observe/probes/sqlite/locks.ts';

const text = `1: POSIX  ADVISORY  WRITE 4711 08:01:1234 120 120
2: POSIX  ADVISORY  READ 4712 08:01:1234 123 123
2: -> POSIX  ADVISORY  WRITE 4713 08:01:1234 120 120
3: FLOCK  ADVISORY  WRITE 99 08:01:77 0 EOF
4: POSIX  ADVISORY  WRITE 4714 fd:0a:55 1073741824 1073742335
`;

describe('parseLocks', () => {
	it('reads record locks, and neither those that wait nor whole-file ones', () => {
		expect(parseLocks(text).map((lock) => [lock.pid, lock.kind, lock.start])).toEqual([
			[4711, 'WRITE', 120],
			[4712, 'READ', 123],
			[4714, 'WRITE', 1073741824],
		]);
	});
});

describe('writerOf', () => {
	const locks = parseLocks(text);

	it('finds the WAL writer in the shared memory file, and the other one in the database', () => {
		expect(writerOf(locks, '08:01:9', '08:01:1234')).toBe(4711);
		expect(writerOf(locks, 'fd:0a:55', undefined)).toBe(4714);
		expect(writerOf(locks, '08:01:1234', undefined)).toBeUndefined();
	});
});

describe('lockName', () => {
	it.each([
		[0x801, 1234, '08:01:1234'],
		[0xfd0a, 55, 'fd:0a:55'],
		[0x10_0000 + 0x801, 7, '08:101:7'],
	])('names device %d, inode %d as %s', (device, inode, name) => {
		expect(lockName(device, inode)).toBe(name);
	});
});
