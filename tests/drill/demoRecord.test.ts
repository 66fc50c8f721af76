import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { demoFolder, readRecord, removeRecord, writeRecord } from '../../src/drill/demoRecord.ts';
import { engineFolder } from '../../src/drill/engineFolder.ts';

describe('the record of the demo', () => {
	let folder: string;
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'sitrep-record-'));
	});
	afterEach(() => rmSync(folder, { recursive: true, force: true }));

	it('is read as it was written, and gone when it is removed', async () => {
		const record = { host: 'unix:///x', privateEngine: true, packages: ['docker.io'] };
		await writeRecord(folder, record);
		expect(await readRecord(folder)).toEqual(record);
		await removeRecord(folder);
		expect(await readRecord(folder)).toBeUndefined();
	});

	it('remembers packages that an earlier demo installed', async () => {
		await writeRecord(folder, { host: 'unix:///x', privateEngine: true, packages: ['docker.io'] });
		await writeRecord(folder, { host: 'unix:///y', privateEngine: false, packages: [] });
		expect(await readRecord(folder)).toEqual({ host: 'unix:///y', privateEngine: false, packages: ['docker.io'] });
	});

	it('is none where it cannot be read', async () => {
		writeFileSync(join(folder, 'demo.json'), '{"host": 1}');
		expect(await readRecord(folder)).toBeUndefined();
	});

	it('lies where sockets fit for root, and with the state of anybody else', () => {
		expect(() => engineFolder(join(demoFolder({}, 0), 'engine'))).not.toThrow();
		expect(demoFolder({}, 1000, '/home/ann')).toBe('/home/ann/.local/state/sitrep/demo');
		expect(demoFolder({ XDG_STATE_HOME: '/s' }, 1000, '/home/ann')).toBe('/s/sitrep/demo');
	});

	it('a folder that is too long for sockets is refused with the reason', () => {
		expect(() => engineFolder(`/${'x'.repeat(70)}`)).toThrow('at most 64 bytes');
	});
});
