import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LoadedPlaybook } from '../../../src/domain/playbook/playbook.ts';
import type { ActionEnd } from '../../../src/domain/run/action.ts';
import type { RunHandle } from '../../../src/domain/run/control.ts';
import { libraryFiles } from '../../../src/respond/playbook/libraryFiles.ts';
import { type Library, loadLibrary } from '../../../src/respond/playbook/library.ts';
import { settle } from '../../support/manualClock.ts';
import { doneEnd, Machine } from '../run/support.ts';

let library: Library;

beforeAll(async () => {
	library = await loadLibrary([join(dirname(fileURLToPath(import.meta.url)), '../../../playbooks')], libraryFiles);
});

/** A playbook of the pack, as these machines keep them. */
const packed = (id: string): LoadedPlaybook => {
	const found = library.byId.get(id);
	if (found === undefined) throw new Error(`there is no playbook ${id}`);
	return { playbook: found, file: `${id}.yaml`, text: JSON.stringify(found), hash: id, pack: 'p09' };
};

const answered = (status: number, json: Readonly<Record<string, unknown>>): ActionEnd => doneEnd({ outcome: status < 400 ? 'done' : 'failed', words: `${status} in 1 ms`, result: { status, headers: {}, body: JSON.stringify(json), json } });
const printed = (json: unknown): ActionEnd => doneEnd({ result: { exitCode: 0, stdout: JSON.stringify(json), stderr: '', json } });

interface Found {
	/** What /ready says of the database. */
	readonly ready?: string;
	readonly log?: string;
	/** Absent: the disk cannot be asked. */
	readonly space?: { readonly percent: number; readonly freeKb: number };
}

/** Runs the looks of the playbook on a service that is found so, up to the choice of the cause. */
const looked = async ({ ready = 'connected', log = '', space }: Found): Promise<{ readonly machine: Machine; readonly handle: RunHandle }> => {
	const machine = new Machine();
	machine.library.set('p09-p2-disk-usage', packed('p09-p2-disk-usage'));
	machine.world.script = ({ action, shown }) => {
		if (action.kind === 'http') return action.url.endsWith('/ready') ? answered(ready === 'connected' ? 200 : 503, { database: ready }) : answered(503, { status: 'unhealthy' });
		if (action.kind === 'container') return doneEnd({ result: action.action === 'logs' ? { lines: 1, stdout: log, stderr: '' } : { name: 'web-1', state: 'running', running: true, health: 'unhealthy', oomKilled: false } });
		if (action.kind === 'database') return doneEnd({ result: { rows: [{ items: 3 }] } });
		if (shown.includes('stat -c')) return printed({ file: '/srv/data/app.db', mode: '-rw-r--r-- app:app' });
		if (!shown.includes('freeKb')) return doneEnd();
		return space === undefined ? doneEnd({ outcome: 'failed', words: 'exit 1', exitCode: 1, result: { exitCode: 1, stdout: '', stderr: '' } }) : printed({ folder: '/srv/data', ...space });
	};
	const handle = await machine.start(packed('p09-p0-health-failing'), { params: { container: 'web-1' } });
	await machine.clock.advance(5000);
	return { machine, handle };
};

const cause = (handle: RunHandle): string | undefined => {
	const { waiting } = handle;
	if (waiting?.kind !== 'choose') throw new Error(`it waits for ${waiting?.kind ?? 'nothing'}`);
	return waiting.choices[waiting.suggested]?.title;
};

const roomy = { percent: 40, freeKb: 4_000_000 };

describe('a health check that fails', () => {
	it.each([
		['the disk itself says so, whatever answers', { space: { percent: 100, freeKb: 12 } }],
		['/ready says so', { ready: 'database or disk is full', space: { percent: 99, freeKb: 40_000 } }],
		['/ready says so in the words of the system', { ready: "ENOSPC: no space left on device, write '/data/app.db'" }],
		['its log says so, and the disk is as good as full', { log: '{"level":"ERROR","message":"OSError: [Errno 28] No space left on device"}', space: { percent: 97, freeKb: 30_000 } }],
		['its log says so, and the disk cannot be asked', { log: 'sqlite3.OperationalError: database or disk is full' }],
	])('is a full disk where %s', async (_, found) => {
		expect(cause((await looked(found)).handle)).toBe('The disk is full');
	});

	it.each([
		['there is room', { space: roomy }],
		['there is room again, whatever its log says', { log: 'No space left on device', space: roomy }],
		['nothing is known of the disk', {}],
	])('is none where %s', async (_, found) => {
		expect(cause((await looked(found)).handle)).toBe('The process itself is unwell');
	});

	it('goes on with the playbook for a full disk, on the folder that was found', async () => {
		const { handle } = await looked({ space: { percent: 100, freeKb: 0 } });
		const { waiting } = handle;
		if (waiting?.kind !== 'choose') throw new Error('it does not ask');
		expect(waiting.choices[waiting.suggested]?.evidence).toBe('its disk is at 100 %, 0 KiB free; /ready says: connected');
		await handle.command({ kind: 'choose', step: waiting.step, choice: waiting.suggested });
		await settle();
		expect(handle.child?.state.playbook.id).toBe('p09-p2-disk-usage');
		expect(handle.child?.state.params).toMatchObject({ container: 'web-1', folder: '/data', hostFolder: '/srv/data' });
	});
});
