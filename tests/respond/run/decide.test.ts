import { describe, expect, it } from 'vitest';
import type { BranchStep, InputStep } from '../../../src/domain/playbook/step.ts';
import { roundedText } from '../../../src/respond/run/figure.ts';
import { settle } from '../../support/manualClock.ts';
import { doneEnd, grace, Machine, param, playbook, special, step, change } from './support.ts';

const criteria: NonNullable<BranchStep['criteria']> = [
	{ title: 'error rate', level: 'critical', met: 'signal("errors") > 5.0', figure: 'signal("errors")', baseline: 'baseline("errors")', within: '< 1 min', source: 'SOP 4.1' },
	{ title: 'p95', level: 'warning', met: 'signal("p95") > 1.0', figure: 'signal("p95")' },
	{ title: 'memory', level: 'warning', met: 'signal("memory") > 90.0' },
];
const decide = special('branch', 'decide', {
	criteria,
	choices: [
		{ title: 'Roll back', when: 'criteria.critical > 0', evidence: 'criteria.critical', nextStep: 'back' },
		{ title: 'Look further', when: 'criteria.critical == 0 && criteria.warning >= 1', evidence: 'string(criteria.warning) + " of them, " + string(criteria.inconclusive) + " open"', nextStep: 'look' },
		{ title: 'Leave it', when: 'criteria.critical + criteria.warning + criteria.inconclusive == 0', nextStep: 'end' },
	],
});
const loaded = playbook('p', [decide, step('look'), change('back')]);

describe('a table of decision', () => {
	it('shows each criterion with its figure, and why one cannot be told', async () => {
		const machine = new Machine();
		machine.signals.set('errors', 7.23456).set('p95', 0.5);
		const handle = await machine.start(loaded);
		expect(handle.waiting).toEqual({
			kind: 'choose',
			step: 'decide',
			criteria: [
				{ title: 'error rate', level: 'critical', met: true, figure: '7.23', baseline: 'no baseline of errors', within: '< 1 min', source: 'SOP 4.1' },
				{ title: 'p95', level: 'warning', met: false, figure: '0.5', baseline: '' },
				{ title: 'memory', level: 'warning', met: undefined, figure: 'no sample of memory', baseline: '' },
			],
			choices: [
				{ title: 'Roll back', holds: true, evidence: '1', nextStep: 'back' },
				{ title: 'Look further', holds: false, evidence: '0 of them, 1 open', nextStep: 'look' },
				{ title: 'Leave it', holds: false, evidence: '', nextStep: 'end' },
			],
			suggested: 0,
		});
	});

	it('is judged again while the run waits, for the one who acts and those who watch, and tells only what has changed', async () => {
		const machine = new Machine();
		machine.signals.set('errors', 1).set('p95', 2).set('memory', 50);
		const handle = await machine.start(loaded);
		const watching = await machine.console(grace).open(handle.id, { act: false });
		expect(handle.waiting).toMatchObject({ suggested: 1 });
		await machine.clock.advance(3000);
		let told = 0;
		let seen = 0;
		handle.onChange(() => told++);
		watching.onChange(() => seen++);
		machine.signals.set('errors', 1.0001);
		await machine.clock.advance(4000);
		expect([told, seen]).toEqual([0, 0]);
		machine.signals.set('errors', 9);
		await machine.clock.advance(2000);
		expect([told, seen]).toEqual([1, 1]);
		for (const each of [handle, watching]) expect(each.waiting).toMatchObject({ suggested: 0, criteria: [{ met: true, figure: '9' }, {}, {}] });
		await handle.command({ kind: 'choose', step: 'decide', choice: 0 });
		machine.signals.set('errors', 1);
		await machine.clock.advance(3000);
		expect(handle.waiting).toMatchObject({ kind: 'confirm', step: 'back' });
	});

	it('stands in the record as it was when somebody decided', async () => {
		const machine = new Machine();
		machine.signals.set('errors', 7.2).set('p95', 0.5);
		const handle = await machine.start(loaded);
		await handle.command({ kind: 'choose', step: 'decide', choice: 1 });
		const chosen = machine.file.events.find((entry) => entry.event.kind === 'branch_chosen')?.event;
		expect(chosen).toMatchObject({
			suggested: false,
			evidence: [
				'1 of 3 criteria met, 1 cannot be told',
				'critical criterion error rate: met, 7.2 (before: no baseline of errors)',
				'warning criterion memory: cannot be told, no sample of memory',
				'Roll back: yes, 1',
				'Look further: no, 0 of them, 1 open',
				'Leave it: no',
			],
		});
	});

	it('does not skip the step under a person who reads it', async () => {
		const machine = new Machine();
		machine.signals.set('errors', 9).set('p95', 0).set('memory', 0);
		const handle = await machine.start(playbook('p', [{ ...decide, when: 'signal("errors") > 5.0' }, step('look'), change('back')]));
		machine.signals.set('errors', 1);
		await machine.clock.advance(4000);
		expect(handle.waiting).toMatchObject({ kind: 'choose', criteria: [{ met: true }, {}, {}] });
	});

	it('stops judging once nobody looks any more', async () => {
		const machine = new Machine();
		machine.signals.set('errors', 9);
		const handle = await machine.start(loaded);
		await handle.leave();
		let asked = 0;
		const get = machine.signals.get.bind(machine.signals);
		machine.signals.get = (name) => {
			asked++;
			return get(name);
		};
		await machine.clock.advance(10_000);
		expect(asked).toBe(0);
	});

	it('rounds figures as people read them', () => {
		expect([0.0213456, 1.2399, 12.345, 318.7, 5, 1234.5, -0.4567, Number.POSITIVE_INFINITY].map(roundedText)).toEqual(['0.0213', '1.24', '12.3', '319', '5', '1235', '-0.457', 'Infinity']);
	});
});

describe('values that are offered', () => {
	const input = (offers: InputStep['offers']) => special('input', 'target', { fields: { to: param('text', { optional: true }) }, ...(offers === undefined ? {} : { offers }) });
	const versions = step('versions', { register: 'versions' });
	const start = async (value: Readonly<Record<string, unknown>>, offers: InputStep['offers']) => {
		const machine = new Machine();
		machine.world.script = () => doneEnd({ result: value });
		const handle = await machine.start(playbook('p', [versions, input(offers), change('after')]));
		await settle();
		return { machine, handle };
	};
	const list = [
		{ value: 'web:2', title: 'web:2', detail: 'runs now', disabled: 'it runs now' },
		{ value: 'web:1', title: 'web:1 (good)', detail: '3 d', disabled: '' },
		{ value: 'web:0', disabled: false },
		{ title: 'nothing' },
	];

	it('are shown with what is known of them, the suggested one named', async () => {
		const { handle } = await start({ versions: list, lastGood: { image: 'web:1' } }, { to: { choices: 'versions.versions', suggested: 'versions.lastGood.image' } });
		expect(handle.waiting).toEqual({
			kind: 'input',
			step: 'target',
			offers: {
				to: {
					choices: [
						{ value: 'web:2', title: 'web:2', detail: 'runs now', disabled: 'it runs now' },
						{ value: 'web:1', title: 'web:1 (good)', detail: '3 d' },
						{ value: 'web:0', title: 'web:0' },
					],
					suggested: 'web:1',
					why: '1 without a value',
				},
			},
		});
	});

	it('refuse one that cannot be chosen, with why; anything else can be typed', async () => {
		const { handle } = await start({ versions: list }, { to: { choices: 'versions.versions', suggested: '"web:2"' } });
		expect(handle.waiting).not.toHaveProperty('offers.to.suggested');
		expect(await handle.command({ kind: 'input', step: 'target', values: { to: 'web:2' } })).toEqual({ refused: 'to: web:2 cannot be chosen: it runs now', advice: 'choose another one' });
		expect(await handle.command({ kind: 'input', step: 'target', values: { to: 'web:99' } })).toBeUndefined();
		expect(handle.state.registered['target']).toEqual({ to: 'web:99' });
	});

	it('may be plain texts, and say why there are none', async () => {
		const plain = await start({ names: ['a', 'b', 3] }, { to: { choices: 'versions.names' } });
		expect(plain.handle.waiting).toMatchObject({ offers: { to: { choices: [{ value: 'a', title: 'a' }, { value: 'b' }, { value: '3' }] } } });
		const missing = await start({}, { to: { choices: 'versions.names' } });
		expect(missing.handle.waiting).toMatchObject({ offers: { to: { choices: [], why: 'versions.names is not there' } } });
		const wrong = await start({ names: 7 }, { to: { choices: 'versions.names' } });
		expect(wrong.handle.waiting).toMatchObject({ offers: { to: { choices: [], why: 'versions.names is no list' } } });
		const empty = await start({ names: [] }, { to: { choices: 'versions.names' } });
		expect(empty.handle.waiting).toMatchObject({ offers: { to: { choices: [], why: 'there is nothing to choose from' } } });
		expect(await missing.handle.command({ kind: 'input', step: 'target', values: { to: '' } })).toBeUndefined();
	});
});

describe('what stopping here leaves', () => {
	it('is told of the step that comes next, filled in, until it begins', async () => {
		const machine = new Machine();
		machine.world.script = () => undefined;
		const handle = await machine.start(playbook('p', [change('fix', { leaves: '${{params.name}} is stopped' })], { params: { name: param('text') } }), { params: { name: 'web' } });
		expect(handle.leaves).toBe('web is stopped');
		expect(machine.console(grace).resolve({ playbook: playbook('p', [change('fix', { leaves: 'it is stopped' })]), params: {}, secrets: {}, dryRun: true })).toMatchObject([{ leaves: 'it is stopped' }]);
		await handle.command({ kind: 'confirm', step: 'fix', how: 'key' });
		expect(handle.leaves).toBeUndefined();
	});
});
