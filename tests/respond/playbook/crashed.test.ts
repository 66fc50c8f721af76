import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LoadedPlaybook } from '../../../src/domain/playbook/playbook.ts';
import { libraryFiles } from '../../../src/respond/playbook/libraryFiles.ts';
import { type Library, loadLibrary } from '../../../src/respond/playbook/library.ts';
import { doneEnd, Machine } from '../run/support.ts';

let library: Library;

beforeAll(async () => {
	library = await loadLibrary([join(dirname(fileURLToPath(import.meta.url)), '../../../playbooks')], libraryFiles);
});

const packed = (id: string): LoadedPlaybook => {
	const found = library.byId.get(id);
	if (found === undefined) throw new Error(`there is no playbook ${id}`);
	return { playbook: found, file: `${id}.yaml`, text: JSON.stringify(found), hash: id, pack: id.split('-')[0] ?? '' };
};

interface Ended {
	readonly exitCode: number;
	readonly oomKilled: boolean;
	/** Most of its memory limit that was used in the minutes before, %; absent: nobody measured. */
	readonly memory?: number;
}

/** The choices of the cause after a start that went well. */
const causeOf = async (id: string, { exitCode, oomKilled, memory }: Ended) => {
	const machine = new Machine();
	for (const playbook of library.byId.keys()) machine.library.set(playbook, packed(playbook));
	if (memory !== undefined) machine.signals.set('max memory.percent', memory);
	let started = false;
	machine.world.script = ({ action }) => {
		if (action.kind === 'http') return doneEnd({ words: '200 in 1 ms', result: { status: 200, headers: {}, body: '', json: { status: 'healthy' } } });
		if (action.kind === 'database') return doneEnd({ result: { ok: true, faults: [] } });
		if (action.kind !== 'container') return doneEnd({ result: { exitCode: 0, stdout: '{"file":"/srv/app.db"}', stderr: '', json: { file: '/srv/app.db' } } });
		if (action.action === 'start') started = true;
		if (action.action === 'logs') return doneEnd({ result: { lines: 0, stdout: '', stderr: '' } });
		const common = { name: 'web-1', image: 'web:1', memoryLimit: 67_108_864 };
		return doneEnd({ result: started ? { ...common, state: 'running', running: true, health: 'healthy', oomKilled: false } : { ...common, state: 'exited', running: false, exitCode, oomKilled, health: 'none' } });
	};
	const handle = await machine.start(packed(id), { params: { container: 'web-1' } });
	await machine.clock.advance(5000);
	const asked = handle.waiting;
	if (asked?.kind !== 'confirm') throw new Error(`it waits for ${asked?.kind ?? 'nothing'}`);
	await handle.command({ kind: 'confirm', step: asked.step, how: 'key' });
	await machine.clock.advance(60_000);
	const { waiting } = handle;
	if (waiting?.kind !== 'choose') throw new Error(`it waits for ${waiting?.kind ?? 'nothing'}`);
	return { suggested: waiting.choices[waiting.suggested]?.title ?? '', memory: waiting.choices.find((choice) => choice.title === 'Killed for memory')?.holds };
};

describe.each(['p09-p0-container-crashed', 'generic-crashed'])('%s: why it ended', (id) => {
	it('was memory where the engine says so', async () => {
		expect(await causeOf(id, { exitCode: 137, oomKilled: true })).toEqual({ suggested: 'Killed for memory', memory: true });
	});

	it('was memory where the engine lost the word of it: killed, with memory at its limit before', async () => {
		expect(await causeOf(id, { exitCode: 137, oomKilled: false, memory: 99.2 })).toEqual({ suggested: 'Killed for memory', memory: true });
	});

	it('was not where it was killed with memory to spare, or ended by itself with none', async () => {
		expect(await causeOf(id, { exitCode: 137, oomKilled: false, memory: 20 })).toMatchObject({ suggested: expect.stringContaining('runs again'), memory: false });
		expect(await causeOf(id, { exitCode: 3, oomKilled: false, memory: 99.2 })).toMatchObject({ suggested: expect.stringContaining('runs again'), memory: false });
	});

	it('cannot be told where it was killed and nobody measured', async () => {
		expect(await causeOf(id, { exitCode: 137, oomKilled: false })).toMatchObject({ suggested: expect.stringContaining('runs again'), memory: undefined });
	});
});
