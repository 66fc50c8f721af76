import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerDialog } from '../../../src/console/run/asks.ts';
import { closingView } from '../../../src/console/run/closing.ts';
import { criteriaView, criteriaWords } from '../../../src/console/run/criteria.ts';
import { leavesWords, undoTo } from '../../../src/console/run/leaves.ts';
import { moveView } from '../../../src/console/run/move.ts';
import { downtimeWords, newestPlan, planView } from '../../../src/console/run/plan.ts';
import { messageOf, runView } from '../../../src/console/run/select.ts';
import { rollbackDialog } from '../../../src/console/run/rollbackDialog.ts';
import type { RunDialog } from '../../../src/console/run/view.ts';
import type { Playbook } from '../../../src/domain/playbook/playbook.ts';
import type { Attempt, CriterionState, RolloutProgress, StepState, Waiting } from '../../../src/domain/run/state.ts';
import { now } from '../../support/containers.ts';
import { criteria, decideWaiting, doneMove, halfMove, planValue, rollbackPlaybook, rollbacks, rollbackScene, rollbackState, rolloutPlan, swapWaiting, targetWaiting } from '../../support/rollbackViews.ts';

const host = 'prod-1 (node-7)';

const optionsOf = (dialog: RunDialog | undefined): Extract<RunDialog, { kind: 'options' }> => {
	if (dialog?.kind !== 'options') throw new Error(`no options: ${dialog?.kind ?? 'nothing'}`);
	return dialog;
};

const tryOf = (rollout: Partial<RolloutProgress>, over: Partial<Attempt> = {}): Attempt => ({
	execution: 'swap.1',
	command: 'swap',
	risk: 'change',
	confirmation: 'key',
	undo: false,
	startedAt: now - 10_000,
	survivors: [],
	rollout: { plan: rolloutPlan, undoing: false, acts: [], ...rollout },
	...over,
});

const acts = (amount: number, open: boolean, undoing = false): RolloutProgress['acts'] =>
	(undoing ? rolloutPlan.undoActs : rolloutPlan.acts).slice(0, amount).map((act, index) => ({ act, undoing, startedAt: now - 5000 + index * 100, ...(open && index === amount - 1 ? {} : { tookMs: 90 }) }));

const swapStep = (attempt: Attempt, status: StepState['status'] = 'running'): StepState => ({ id: 'swap', status, attempts: [attempt], ticked: [] });

describe('table of decision', () => {
	it('puts what is met first, critical before warning, and counts', () => {
		const view = criteriaView(criteria);
		expect(view.rows.map((each) => [each.met, each.level])).toEqual([
			[true, 'critical'],
			[true, 'critical'],
			[true, 'critical'],
			[true, 'warning'],
			[undefined, 'critical'],
			[undefined, 'warning'],
			[false, 'critical'],
			[false, 'critical'],
			[false, 'warning'],
		]);
		expect(criteriaWords(view)).toBe('3 critical met, 1 warning met, 2 cannot be told');
	});

	it('never counts what cannot be told as met, or as well', () => {
		const unknown = criteria.map((each): CriterionState => ({ ...each, met: undefined }));
		expect(criteriaWords(criteriaView(unknown))).toBe('none of 9 met, 9 cannot be told');
		expect(criteriaWords(criteriaView(unknown.map((each): CriterionState => ({ ...each, met: false }))))).toBe('none of 9 met');
	});

	it('stands above the choices, the suggested one selected', () => {
		const dialog = optionsOf(answerDialog(rollbackScene(rollbackState('decide', []), decideWaiting), host));
		expect(dialog).toMatchObject({ selected: 0, lines: [expect.stringMatching(/^3 critical met/)] });
		expect(dialog.criteria?.rows).toHaveLength(9);
		expect(dialog.items[0]).toMatchObject({ title: 'Roll back now', answer: { kind: 'command', command: { kind: 'choose', step: 'decide', choice: 0 } } });
	});

	it('claims no choice to be spoken for where none is', () => {
		const words = (suggested: number): string => optionsOf(answerDialog(rollbackScene(rollbackState('decide', []), { ...decideWaiting, suggested } as typeof decideWaiting), host)).lines.join(' ');
		expect(words(0)).toContain('The choice that this speaks for is selected.');
		expect(words(-1)).toContain('This speaks for none of the choices: it is yours.');
	});

	it('does not let a figure move the cursor', () => {
		const view = criteriaView([{ ...(criteria[0] as CriterionState), figure: 'up\u001b[2Jdown' }]);
		expect(view.rows[0]?.figure).not.toContain('\u001b');
	});
});

describe('choosing a version', () => {
	const scene = rollbackScene(rollbackState('target', []), targetWaiting);

	it('selects what is suggested, and names why another cannot be chosen', () => {
		const dialog = optionsOf(answerDialog(scene, host));
		expect(dialog.items[dialog.selected]).toMatchObject({ title: 'cloud-native-poc:1.0.4', answer: { kind: 'command', command: { kind: 'input', step: 'target', values: { image: 'cloud-native-poc:1.0.4' } } } });
		expect(dialog.items[0]).toMatchObject({ disabled: 'it runs now' });
		expect(dialog.items.map((item) => item.title).slice(-2)).toEqual(['Type another image', 'Not now']);
	});

	it('lets another one be typed', () => {
		const other = optionsOf(answerDialog(scene, host)).items.find((item) => item.id === 'type another');
		expect(other?.answer).toMatchObject({ kind: 'dialog', dialog: { kind: 'form', subject: { kind: 'input', step: 'target' }, fields: [{ name: 'image', value: 'cloud-native-poc:1.0.4' }] } });
	});

	it('does not select what cannot be chosen, even where it is suggested', () => {
		const offers = targetWaiting.kind === 'input' ? targetWaiting.offers : undefined;
		const choices = offers?.['image']?.choices ?? [];
		const dialog = optionsOf(answerDialog({ ...scene, waiting: { kind: 'input', step: 'target', offers: { image: { choices, suggested: 'cloud-native-poc:1.1.0' } } } }, host));
		expect(dialog.items[dialog.selected]).toMatchObject({ title: 'cloud-native-poc:1.0.4' });
	});

	it('is a form where several values are asked for, with the offered ones as a hint', () => {
		const playbook: Playbook = {
			...rollbackPlaybook,
			steps: rollbackPlaybook.steps.map((step) => (step.kind === 'input' ? { ...step, fields: { ...step.fields, reason: { type: 'text', optional: false } } } : step)),
		};
		const dialog = answerDialog({ ...scene, state: { ...scene.state, playbook } }, host);
		expect(dialog).toMatchObject({ kind: 'form', fields: [{ name: 'image', value: 'cloud-native-poc:1.0.4', hint: expect.stringContaining('such as cloud-native-poc:1.0.4, cloud-native-poc:1.0.3') }, { name: 'reason', value: '' }] });
	});

	it('is a form where nothing is offered', () => {
		expect(answerDialog({ ...scene, waiting: { kind: 'input', step: 'target', offers: { image: { choices: [] } } } }, host)).toMatchObject({ kind: 'form' });
	});
});

describe('a plan', () => {
	it('is read from what a step registered: refusing before warning before fine', () => {
		const view = planView({ ...planValue, findings: [...planValue.findings, { level: 'refuse', what: 'image', why: 'it is not there' }] });
		expect(view?.findings.map((each) => each.level)).toEqual(['refuse', 'warn', 'fine', 'fine', 'fine']);
		expect(view?.changes).toEqual(['image: cloud-native-poc:1.0.4, was cloud-native-poc:1.1.0', 'environment WORKERS: 4, was 8', 'health check: wget -qO- localhost:8000/health, was curl -f localhost:8000/health']);
		expect(view === undefined ? '' : downtimeWords(view)).toBe("about 1.4 s: the engine's own stop and start and two renames");
	});

	it('says of a change what was there, and that nothing was', () => {
		expect(planView({ ...planValue, changes: [{ field: 'user', after: 'app' }, { field: 'labels', key: 'tier', before: 'web' }] })?.changes).toEqual(['user: app, new', 'labels tier: gone, was web']);
	});

	it('is nothing else, whatever a step registered', () => {
		fc.assert(
			fc.property(fc.jsonValue(), (value) => {
				const plan = planView(value);
				expect(plan === undefined || (typeof value === 'object' && value !== null && 'acts' in value)).toBe(true);
			}),
		);
		fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (from, changes, downtime) => typeof planView({ acts: [], findings: [from, changes], from, changes, downtime })?.from === 'string'));
	});

	it('that is newest is the one that counts', () => {
		const planned = (to: string, startedAt: number): Attempt => ({ execution: 'plan.1', command: 'plan', risk: 'read', confirmation: 'none', undo: false, startedAt, survivors: [], value: { ...planValue, to: { image: to, imageId: to } } });
		const state = rollbackState('swap', [{ id: 'plan', status: 'done', attempts: [planned('one', 1), planned('two', 2)], ticked: [] }]);
		expect(newestPlan(state)?.to).toBe('two');
		expect(newestPlan(rollbackState('swap', [], { registered: { versions: {}, plan: planValue } }))?.to).toBe('cloud-native-poc:1.0.4');
	});
});

describe('the confirmation of a swap', () => {
	const scene = rollbackScene(rollbackState('swap', [], { registered: { plan: planValue } }), swapWaiting);

	it('names from, to, host, downtime, what warns, and what is lost', () => {
		expect(answerDialog(scene, host)).toMatchObject({
			kind: 'confirm',
			host,
			focus: 'cancel',
			target: 'cloud-native-poc',
			facts: [
				{ label: 'from', text: 'cloud-native-poc:1.1.0' },
				{ label: 'to', text: 'cloud-native-poc:1.0.4' },
				{ label: 'down', text: expect.stringMatching(/^about 1\.4 s/) },
				{ label: 'warns', text: expect.stringMatching(/^database schema/), tone: 'p2' },
			],
			loss: 'requests under way; files written into the container outside of volumes (14 MiB)',
		});
	});

	it('has no facts for a step that moves nothing', () => {
		const dialog = answerDialog({ ...scene, waiting: { ...swapWaiting, step: 'backup' } as typeof swapWaiting }, host);
		expect(dialog).toMatchObject({ kind: 'confirm', loss: 'requests under way' });
		expect(dialog).not.toHaveProperty('facts');
	});

	it('does without a plan', () => {
		const dialog = answerDialog(rollbackScene(rollbackState('swap', []), swapWaiting), host);
		expect(dialog).toMatchObject({ kind: 'confirm', loss: 'requests under way' });
		expect(dialog).not.toHaveProperty('facts');
	});
});

describe('a move', () => {
	it('has the acts that were begun with their times, and those to come', () => {
		const view = moveView(tryOf({ acts: acts(6, true) }), now, 'renaming');
		expect(view?.acts.map((act) => act.mark)).toEqual(['done', 'done', 'done', 'done', 'done', 'run', '', '']);
		expect(view).toMatchObject({ current: 5, serving: 'nobody', proof: 'renaming', undoing: false });
		expect(view?.acts[5]?.tookMs).toBe(4500);
	});

	it('says that an act failed where others followed it, and that it is taken back', () => {
		const view = moveView(tryOf({ acts: [...acts(8, true), ...acts(2, true, true)] }), now, undefined);
		expect(view?.acts.map((act) => act.mark)).toEqual(['done', 'done', 'done', 'done', 'done', 'done', 'done', 'failed', 'done', 'run', '', '', '']);
		expect(view).toMatchObject({ undoing: true, current: 9, serving: 'nobody' });
	});

	it('does not guess about an act that was under way when its step ended', () => {
		const view = moveView(tryOf({ acts: acts(4, true) }, { endedAt: now }), now, 'stopping');
		expect(view?.acts[3]?.mark).toBe('?');
		expect(view?.proof).toBeUndefined();
	});

	it('is good where it came to what it was for', () => {
		const ends = (undoing: boolean, end: 'swapped' | 'restored' | 'stuck') => moveView(tryOf({ acts: acts(8, false), undoing, end, words: end }, { endedAt: now }), now, undefined);
		expect(ends(false, 'swapped')).toMatchObject({ current: -1, serving: 'new', end: { good: true } });
		expect(ends(false, 'restored')).toMatchObject({ serving: 'old', end: { good: false } });
		expect(ends(true, 'restored')).toMatchObject({ serving: 'old', end: { good: true } });
		expect(ends(false, 'stuck')).toMatchObject({ end: { good: false } });
	});

	it('has exactly one current act for as long as it has no end', () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 5 }), fc.boolean(), (forward, back, open) => {
				const view = moveView(tryOf({ acts: [...acts(forward, open || back > 0), ...acts(back, open, true)] }), now, undefined);
				const running = view?.acts.filter((act) => act.mark === 'run').length ?? 0;
				expect(running).toBeLessThanOrEqual(1);
				expect(running === 1 || view?.acts[view.current]?.mark === '' || view?.current === -1).toBe(true);
			}),
		);
	});
});

describe('stop here leaves', () => {
	const none = new Map();

	it('what the current act of a move leaves', () => {
		expect(leavesWords(rollbackState('swap', [swapStep(tryOf({ acts: acts(5, true) }))]), none)).toBe('cloud-native-poc stopped: nobody answers');
		expect(leavesWords(rollbackState('swap', [swapStep(tryOf({ acts: acts(5, false) }))]), none)).toMatch(/^the old one stopped as cloud-native-poc-old/);
	});

	it('what the playbook says of the current step, filled in as far as it is known', () => {
		expect(leavesWords(rollbackState('swap', [], { registered: { plan: planValue } }), none)).toBe('cloud-native-poc:1.1.0 serving with its fault; a backup of the database');
		expect(leavesWords(rollbackState('swap', []), none)).toBe('... serving with its fault; a backup of the database');
		const resolved = new Map([['swap', { id: 'swap', title: '', kind: 'rollout', risk: 'change' as const, command: '', confirmation: 'Enter', leaves: 'the old one as it is' }]]);
		expect(leavesWords(rollbackState('swap', []), resolved)).toBe('the old one as it is');
	});

	it('nothing but values is ever looked up', () => {
		const leaves = '${{ params.constructor.name }} ${{ plan.from.image + "x" }} ${{ plan }}';
		const resolved = new Map([['swap', { id: 'swap', title: '', kind: 'rollout', risk: 'change' as const, command: '', confirmation: 'Enter', leaves }]]);
		expect(leavesWords(rollbackState('swap', [], { registered: { plan: planValue } }), resolved)).toBe('... ... ...');
	});

	it('after a swap: that the old one is kept, until it is retired', () => {
		const swapped = swapStep(tryOf({ acts: acts(8, false), end: 'swapped' }, { endedAt: now }), 'done');
		const state = rollbackState('verify', [swapped]);
		expect(leavesWords(state, none)).toBe('cloud-native-poc:1.0.4 serves; the old one, cloud-native-poc:1.1.0, is kept until it is retired');
		expect(undoTo(state)).toBe('cloud-native-poc:1.1.0');
		const retire: Playbook = { ...rollbackPlaybook, steps: rollbackPlaybook.steps.map((step) => (step.id === 'plan' && step.kind === 'rollout' ? { ...step, action: { kind: 'rollout', action: 'retire', service: 's' } } : step)) };
		const retired = rollbackState('verify', [swapped, { id: 'plan', status: 'done', attempts: [], ticked: [] }], { playbook: retire });
		expect(leavesWords(retired, none)).toBe('cloud-native-poc:1.0.4 serves; the old one is gone');
		expect(undoTo(retired)).toBeUndefined();
	});

	it('after a swap that was taken back: what was before', () => {
		const restored = swapStep(tryOf({ acts: acts(8, false), end: 'restored' }, { endedAt: now }), 'failed');
		expect(leavesWords(rollbackState('swap', [restored]), none)).toBe('cloud-native-poc:1.1.0 serves, as before');
	});

	it('is always there while the run is not over', () => {
		for (const step of rollbackPlaybook.steps) expect(leavesWords(rollbackState(step.id, []), none)).not.toBe('');
		const backup: StepState = { id: 'backup', status: 'done', attempts: [tryOf({}, { rollout: undefined } as unknown as Attempt)], ticked: [] };
		expect(leavesWords(rollbackState('verify', [backup]), none)).toBe('what was done so far: Back up the database');
		expect(leavesWords(rollbackState(undefined, [], { endedAt: now }), none)).toBeUndefined();
	});
});

describe('what is to be told', () => {
	const scene = rollbackScene(rollbackState('tell', []), { kind: 'manual', step: 'tell', instructions: 'ROLLBACK: it went back.\n\u001b[2JPost-mortem within 48 h.\n', checklist: [] } satisfies Waiting);

	it('is the whole message, to be read and to be copied, harmless on the screen', () => {
		expect(messageOf(scene)).toBe('ROLLBACK: it went back.\n\u001b[2JPost-mortem within 48 h.');
		const view = runView({ scene, now, host, resolved: new Map(), output: undefined });
		expect(view.detail?.message).toEqual(['ROLLBACK: it went back.', expect.not.stringContaining('\u001b') as string]);
		expect(view.asks).toMatchObject({ words: 'do this by hand: tell them, then say so', keys: expect.stringContaining('c: copy it') as string });
	});

	it('is there only while it waits to be told', () => {
		expect(messageOf({ ...scene, waiting: undefined })).toBeUndefined();
		expect(messageOf(scene, 'swap')).toBeUndefined();
		expect(messageOf(rollbackScene(rollbackState('swap', []), swapWaiting))).toBeUndefined();
	});
});

describe('the end of a rollback', () => {
	it('adds up what it cost, and says when the post-mortem is due', () => {
		const requests = { sent: 100, failed: 3, longestGapMs: 200 };
		const first = tryOf({ acts: acts(8, false), end: 'restored', gapMs: 1000, requests }, { endedAt: now - 4000, words: 'it was taken back', startedAt: now - 9000 });
		const second = tryOf({ acts: acts(8, false), end: 'swapped', gapMs: 500, requests }, { endedAt: now - 2000, words: 'swapped', execution: 'swap.2', startedAt: now - 4000 });
		const closing = closingView(rollbackState(undefined, [{ id: 'swap', status: 'done', attempts: [first, second], ticked: [] }], { endedAt: now }));
		expect(closing).toEqual({
			did: [{ title: 'Swap the version', words: 'swapped' }],
			tookMs: 64_000,
			sinceFaultMs: 252_000,
			gapMs: 1500,
			requests: { sent: 200, failed: 6 },
			postMortemDueAt: now + 48 * 3_600_000,
			undoTo: 'cloud-native-poc:1.1.0',
		});
	});

	it('wants no post-mortem where nothing was changed', () => {
		expect(closingView(rollbackState(undefined, [], { endedAt: now }))).toEqual({ did: [], tookMs: 64_000, sinceFaultMs: 252_000 });
	});

	it('is not told of a run that goes on, or of one that was only tried dry', () => {
		expect(closingView(rollbackState('swap', []))).toBeUndefined();
		expect(closingView(rollbackState(undefined, [], { endedAt: now, dryRun: true }))).toBeUndefined();
	});
});

describe('what r offers', () => {
	it('starts at once where nothing is missing; the harmless answer is the last', () => {
		const dialog = optionsOf(rollbackDialog(rollbacks()));
		expect(dialog.title).toBe('Roll back cloud-native-poc');
		expect(dialog.items.map((item) => item.title)).toEqual(['Roll back the P09 service', 'Roll back any service', 'Not now']);
		expect(dialog.items[dialog.selected]?.answer).toEqual({ kind: 'start-run', playbook: 'p09-rollback', service: 'cloud-native-poc', values: { service: 'cloud-native-poc' }, dryRun: false });
	});

	it('asks for what is missing first; the run itself asks for secrets', () => {
		const dialog = optionsOf(rollbackDialog(rollbacks({ offers: rollbacks().offers.map((each) => ({ ...each, values: {} })) })));
		expect(dialog.items[0]?.answer).toMatchObject({ kind: 'dialog', dialog: { kind: 'form', subject: { kind: 'start', playbook: 'p09-rollback', service: 'cloud-native-poc' } } });
		const secret: Playbook = { ...rollbackPlaybook, params: { ...rollbackPlaybook.params, token: { type: 'secret', optional: false } } };
		const [offer] = rollbacks().offers;
		if (offer === undefined) throw new Error('no offer');
		expect(optionsOf(rollbackDialog(rollbacks({ offers: [{ ...offer, loaded: { ...offer.loaded, playbook: secret } }] }))).items[0]?.answer).toMatchObject({ kind: 'start-run' });
	});

	it('offers to go forward again, after the rollbacks', () => {
		const dialog = optionsOf(rollbackDialog(rollbacks({ moves: [doneMove] })));
		expect(dialog.items.map((item) => item.title)).toEqual(['Roll back the P09 service', 'Roll back any service', 'Undo: forward again to cloud-native-poc:1.0.4', 'Not now']);
		expect(dialog.items[2]?.answer).toMatchObject({ kind: 'start-run', playbook: 'generic-undo', values: { plan: 'mv-40' } });
	});

	it('speaks of a move that was left in the middle before all else', () => {
		const dialog = optionsOf(rollbackDialog(rollbacks({ moves: [halfMove, doneMove] })));
		expect(dialog.lines[0]).toMatch(/^A move was left in the middle: to 1\.0\.4/);
		expect(dialog.items.slice(0, 2).map((item) => item.title)).toEqual(['Finish it: on to cloud-native-poc:1.0.4', 'Undo it: back to cloud-native-poc:1.1.0']);
	});

	it('starts nothing while another run holds the service, and leads there', () => {
		const dialog = optionsOf(rollbackDialog(rollbacks({ held: { runId: 'r-7', title: 'P0: container crashed', open: false } })));
		expect(dialog.items[dialog.selected]).toMatchObject({ title: 'Go to "P0: container crashed"', answer: { kind: 'open-run', runId: 'r-7', act: true } });
		expect(dialog.items.slice(1, -1).every((item) => item.disabled === 'another run holds the service')).toBe(true);
	});

	it('does not select a draft', () => {
		const draft = rollbacks().offers.map((each, index) => (index === 0 ? { ...each, loaded: { ...each.loaded, playbook: { ...each.loaded.playbook, draft: true } } } : each));
		const dialog = optionsOf(rollbackDialog(rollbacks({ offers: draft })));
		expect(dialog.items[0]?.disabled).toMatch(/draft/);
		expect(dialog.selected).toBe(1);
	});

	it('is nothing where there is nothing', () => {
		expect(rollbackDialog(rollbacks({ offers: [] }))).toBeUndefined();
		expect(rollbackDialog(rollbacks({ offers: [], moves: [{ ...doneMove, undo: { playbook: 'gone', values: {} } }] }))).toBeUndefined();
	});
});
