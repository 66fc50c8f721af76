import { describe, expect, it, vi } from 'vitest';
import { drive } from '../../../src/cli/playbook/drive.ts';
import type { DriveEnd, DriveOptions } from '../../../src/cli/playbook/driveOptions.ts';
import type { RunHandle } from '../../../src/domain/run/control.ts';
import { settle } from '../../support/manualClock.ts';
import { ada, change, doneEnd, failedEnd, grace, Machine, person, playbook, special, statuses, step, undo } from '../../respond/run/support.ts';

/** What is said at a terminal, in turn; what is asked beyond that is an end of the input. */
const asker = (answers: readonly string[]) => {
	const left = [...answers];
	const asked: string[] = [];
	const next = (question: string): Promise<string | undefined> => {
		asked.push(question);
		return Promise.resolve(left.shift());
	};
	return { asked, asker: { ask: next, askSecret: next } };
};

const driven = async (machine: Machine, handle: RunHandle, over: Partial<DriveOptions> = {}): Promise<{ readonly end: DriveEnd; readonly lines: readonly string[]; readonly json: readonly Readonly<Record<string, unknown>>[] }> => {
	const lines: string[] = [];
	const json: Readonly<Record<string, unknown>>[] = [];
	const driving = drive(handle, { yes: false, host: 'docker (node-7)', print: (line) => void lines.push(line), signal: new AbortController().signal, ...over, ...(over.json === undefined ? {} : { json: (record) => void json.push(record) }) });
	const turning = setInterval(() => void machine.clock.advance(1000), 5);
	try {
		return { end: await driving, lines, json };
	} finally {
		clearInterval(turning);
	}
};

const destroy = (id: string) => step(id, { risk: 'destructive', title: `Destroy ${id}`, target: 'the-volume', loses: 'all data' });

describe('without a terminal', () => {
	it('--yes confirms changes, and ends at a destructive step with what is needed', async () => {
		const machine = new Machine();
		const handle = await machine.start(playbook('p', [step('look'), change('fix'), destroy('wipe')]));
		const { end, lines } = await driven(machine, handle, { yes: true });
		expect(end).toEqual({ kind: 'needs-terminal', why: 'Destroy wipe is destructive, which --yes does not cover' });
		expect(machine.world.shown).toEqual(['run look', 'run fix']);
		expect(lines.some((line) => line.startsWith('done fix'))).toBe(true);
		expect(statuses(handle)).toEqual({ look: 'done', fix: 'done', wipe: 'pending' });
	});

	it.each([
		['a change', change('fix'), /has to be confirmed \(--yes confirms changes\)/],
		['something by hand', special('manual', 'hand', { instructions: 'x', checklist: [] }), /has to be done by hand/],
		['values', special('input', 'ask', { fields: {} }), /values are asked for/],
		['an approval', special('approval', 'agree', { of: 'the wiping' }), /a second person has to approve/],
	])('%s ends it at once', async (_, asked, why) => {
		const machine = new Machine();
		const { end } = await driven(machine, await machine.start(playbook('p', [asked])));
		expect(end).toMatchObject({ kind: 'needs-terminal', why: expect.stringMatching(why) });
	});

	it('a failed step ends the run instead of waiting for ever', async () => {
		const machine = new Machine();
		machine.world.script = () => failedEnd(7);
		const handle = await machine.start(playbook('p', [step('look'), step('more')]));
		const { end } = await driven(machine, handle);
		expect(end).toEqual({ kind: 'over' });
		expect(handle.state.outcome).not.toBe('succeeded');
		expect(machine.world.shown).toEqual(['run look']);
	});

	it('--json gives one record for each turn of a step, and no lines of output', async () => {
		const machine = new Machine();
		const { json } = await driven(machine, await machine.start(playbook('p', [change('fix')])), { yes: true, json: () => undefined });
		expect(json.map((record) => record['status'])).toContain('done');
		expect(json.at(-1)).toMatchObject({ kind: 'step', step: 'fix', status: 'done' });
	});
});

describe('what a step left behind', () => {
	const leaving = () => {
		const machine = new Machine();
		machine.world.script = () => doneEnd({ left: ['7 sleep'], note: 'its further output is not kept' });
		return machine;
	};

	it('is told below how it ended', async () => {
		const machine = leaving();
		const { lines } = await driven(machine, await machine.start(playbook('p', [step('look')])));
		const at = lines.findIndex((line) => line.startsWith('done look'));
		expect(lines.slice(at + 1, at + 3)).toEqual(['     ! left running in the background: 7 sleep', '     ! its further output is not kept']);
	});

	it('stands in the records of --json', async () => {
		const machine = leaving();
		const { json } = await driven(machine, await machine.start(playbook('p', [step('look')])), { json: () => undefined });
		expect(json.at(-1)).toMatchObject({ step: 'look', status: 'done', survivors: [], left: ['7 sleep'], note: 'its further output is not kept' });
	});
});

describe('at a terminal', () => {
	it('a no runs nothing; asking again asks again, and a yes runs it once', async () => {
		const machine = new Machine();
		const { asked, asker: person_ } = asker(['', '1', 'y']);
		const { end, lines } = await driven(machine, await machine.start(playbook('p', [change('fix')])), { asker: person_ });
		expect(end).toEqual({ kind: 'over' });
		expect(asked).toEqual(['Run it? y/N:', 'Number:', 'Run it? y/N:']);
		expect(lines).toContain('Not run. What then?');
		expect(machine.world.shown).toEqual(['run fix']);
	});

	it('a destructive step wants its target typed, whatever --yes says', async () => {
		const machine = new Machine();
		const { asked, asker: person_ } = asker(['y', '2', 'not now']);
		const handle = await machine.start(playbook('p', [destroy('wipe')]));
		const { lines } = await driven(machine, handle, { asker: person_, yes: true });
		expect(asked[0]).toBe('Type the-volume to run it; anything else does not:');
		expect(lines.join('\n')).toMatch(/host {4}docker \(node-7\)[^]*target {2}the-volume[^]*risk {4}DESTRUCTIVE[^]*loses {3}all data/);
		expect(machine.world.shown).toEqual([]);
		expect(statuses(handle)).toEqual({ wipe: 'skipped' });
	});

	it('a failed step: again, and then back', async () => {
		const machine = new Machine();
		let tries = 0;
		machine.world.script = ({ shown }) => (shown === 'run fix' && tries++ < 2 ? failedEnd(3) : doneEnd());
		const { asker: person_ } = asker(['y', '1', 'y', '4', 'y', 'y']);
		const handle = await machine.start(playbook('p', [change('fix', { undo: undo('fix') })]));
		const { end } = await driven(machine, handle, { asker: person_ });
		expect(end).toEqual({ kind: 'over' });
		expect(handle.state.outcome).toBe('rolled-back');
		expect(machine.world.started('run fix')).toBe(2);
	});

	it('the end of the input leaves the run as it stands', async () => {
		const machine = new Machine();
		const handle = await machine.start(playbook('p', [change('fix')]));
		expect((await driven(machine, handle, { asker: asker([]).asker })).end).toEqual({ kind: 'left' });
		expect(handle.state.endedAt).toBeUndefined();
	});

	it('a checklist is ticked item by item', async () => {
		const machine = new Machine();
		const { asked, asker: person_ } = asker(['y', 'y', '1']);
		const handle = await machine.start(playbook('p', [special('manual', 'hand', { instructions: 'look', checklist: ['lamp', 'door'] })]));
		expect((await driven(machine, handle, { asker: person_ })).end).toEqual({ kind: 'over' });
		expect(asked.slice(0, 2)).toEqual(['  [ ] lamp  done? y/N:', '  [ ] door  done? y/N:']);
		expect(handle.state.outcome).toBe('succeeded');
	});
});

describe('with another console', () => {
	it('a run that is taken over is watched to its end, and nothing more is started from here', async () => {
		const machine = new Machine();
		machine.world.script = ({ shown }) => (shown === 'run fix' ? undefined : doneEnd());
		const handle = await machine.start(playbook('p', [change('fix'), change('more')]), {}, ada);
		const driving = driven(machine, handle, { yes: true });
		await settle();
		const second = await machine.console(person(grace.user)).open(handle.id, { act: false });
		await machine.clock.advance(1000);
		expect(await second.takeOver(true)).toBeUndefined();
		machine.world.end('run fix', doneEnd());
		await machine.clock.advance(1000);
		const waits = second.waiting;
		expect(waits).toMatchObject({ kind: 'confirm', step: 'more' });
		await second.command({ kind: 'confirm', step: 'more', how: 'key' });
		const { end, lines } = await driving;
		expect(end).toEqual({ kind: 'over' });
		expect(lines.some((line) => /took the run over; nothing more is started from here/.test(line))).toBe(true);
		expect(machine.world.started('run more')).toBe(1);
	});
});

describe('an approval by a second person', () => {
	it('is waited for in one line, whatever else is recorded meanwhile, and asked for anew after a refusal', async () => {
		const machine = new Machine();
		const handle = await machine.start(playbook('p', [special('approval', 'agree', { of: 'the wiping' }), change('wipe')]));
		const second = await machine.console(grace).open(handle.id, { act: false });
		const { asked, asker: person } = asker(['1', 'y']);
		const driving = driven(machine, handle, { asker: person });
		await settle();
		await handle.command({ kind: 'note', text: 'she is on the phone' });
		await settle();
		await second.command({ kind: 'approve', step: 'agree', granted: false, note: 'not yet' });
		await vi.waitFor(() => expect(asked).toHaveLength(1));
		await vi.waitFor(() => expect(handle.waiting).toMatchObject({ kind: 'approval' }));
		await second.command({ kind: 'approve', step: 'agree', granted: true });
		const { lines } = await driving;
		expect(lines.filter((line) => line.startsWith('Waits for a second person')), asked.join('\n')).toHaveLength(2);
	});
});
