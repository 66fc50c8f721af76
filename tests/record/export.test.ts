import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { exportJournal } from '../../src/record/export.ts';
import { journalTools } from '../../src/record/tools.ts';
import { ended, newJournal, note, started } from './support.ts';

it('writes each event as a line of JSON, oldest first, from which the chain can be checked', async () => {
	const journal = await newJournal();
	await journal.append([started('run-1'), { ...note('a "quoted"\nline\u2028'), incidentId: 'INC-7' }, { actor: note('').actor, event: { kind: 'note_added', text: 'no run' } }]);
	const lines = await Array.fromAsync(exportJournal(journal));
	let before = '0'.repeat(64);
	for (const line of lines) {
		expect(line).not.toContain('\n');
		const { seq, at, time, runId = null, incidentId = null, actor, kind, data, hash } = JSON.parse(line);
		before = createHash('sha256')
			.update(before + JSON.stringify([seq, at, runId, incidentId, JSON.stringify(actor), kind, JSON.stringify(data)]))
			.digest('hex');
		expect(hash).toBe(before);
		expect(Date.parse(time)).toBe(at);
	}
	expect(lines.map((line) => JSON.parse(line).seq)).toEqual([1, 2, 3]);
	expect(JSON.parse(lines[1] ?? '')).toMatchObject({ runId: 'run-1', incidentId: 'INC-7', kind: 'note_added', data: { text: 'a "quoted"\nline\u2028' } });
});

it('can be of one run only, and of more events than are read at a time', async () => {
	const journal = await newJournal();
	await journal.append([started('run-1'), started('run-2'), ...Array.from({ length: 2100 }, (_, index) => note(String(index), `run-${1 + (index % 2)}`)), ended('run-2')]);
	const of = async (filter: { readonly runId?: string }): Promise<readonly number[]> => (await Array.fromAsync(exportJournal(journal, filter))).map((line) => JSON.parse(line).seq);
	expect(await of({})).toEqual(Array.from({ length: 2103 }, (_, index) => index + 1));
	expect(await of({ runId: 'run-2' })).toHaveLength(1052);
	expect(await of({ runId: 'run-9' })).toEqual([]);
	const tools = journalTools(journal.path);
	expect(await Array.fromAsync(tools.export({ runId: 'run-2' }))).toEqual(await Array.fromAsync(exportJournal(journal, { runId: 'run-2' })));
	expect(await Array.fromAsync(tools.export({}))).toHaveLength(2103);
	expect(await tools.runs({ unfinished: true })).toEqual(await journal.runs({ unfinished: true }));
});

it('makes no journal where there is none', async () => {
	const { path } = await newJournal();
	const tools = journalTools(`${path}.none`);
	await expect(Array.fromAsync(tools.export({}))).rejects.toThrow('there is no journal at');
	await expect(tools.runs({})).rejects.toThrow('there is no journal at');
	await expect(tools.verify()).rejects.toThrow('there is no journal at');
	expect(statSync(tools.path, { throwIfNoEntry: false })).toBeUndefined();
});
