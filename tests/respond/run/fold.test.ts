import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../../src/domain/journal.ts';
import type { RunEvent } from '../../../src/domain/run/event.ts';
import { applyEvent, foldRun } from '../../../src/respond/run/fold.ts';
import { act, plan } from './move.ts';
import { ada, change, grace, parse, playbook, special, step, undo } from './support.ts';

const loaded = playbook('p', [
	step('a', { phase: 'now', maxAttempts: 2, register: 'value' }),
	change('b', { undo: undo('b'), onFailure: { do: 'continue' } }),
	special('branch', 'c', { choices: [{ title: 'x', nextStep: 'e' }] }),
	special('manual', 'd', { instructions: '', checklist: ['1', '2'], undo: undo('d') }),
	special('parallel', 'e', { steps: [change('f', { undo: undo('f') }), step('g')] }),
	special('approval', 'h', { of: 'it', onFailure: { do: 'step', step: 'a' } }),
	special('input', 'i', { fields: {}, isEnd: true }),
]);

const begin: RunEvent = {
	kind: 'run_started',
	playbookId: 'p',
	version: '1',
	title: 'p',
	hash: 'h',
	text: loaded.text,
	file: 'p.yaml',
	params: { x: 1 },
	secrets: ['token'],
	engine: { name: 'docker', address: 'unix:///x', hostName: 'n' },
	dryRun: false,
};

const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'nowhere');
const execution = fc.tuple(id, fc.nat(2), fc.constantFrom('', '.undo', '.playbook')).map(([name, number, suffix]) => `${name}.${number}${suffix}`);
const word = fc.constantFrom('', 'x', 'undo: x');
const event: fc.Arbitrary<RunEvent> = fc.oneof(
	fc.record({ kind: fc.constant('step_started' as const), step: id, execution, attempt: fc.nat(3), risk: fc.constantFrom('read' as const, 'change' as const), confirmation: fc.constantFrom('none' as const, 'key' as const), command: word, undo: fc.boolean() }),
	fc.record({ kind: fc.constant('step_ended' as const), step: id, execution, outcome: fc.constantFrom('done' as const, 'failed' as const, 'timed-out' as const, 'cancelled' as const), words: word, durationMs: fc.nat(), value: fc.constantFrom(undefined, { inconclusive: true }, { json: { a: 1 } }) }),
	fc.record({ kind: fc.constant('step_looked' as const), step: id, execution, ok: fc.constantFrom(true, false, undefined), words: word }),
	fc.record({ kind: fc.constant('step_skipped' as const), step: id, why: fc.constantFrom('asked' as const, 'when' as const, 'dry-run' as const), words: word }),
	fc.record({ kind: fc.constant('step_unknown' as const), step: id, execution, evidence: fc.array(word, { maxLength: 2 }) }),
	fc.record({ kind: fc.constant('step_settled' as const), step: id, execution, as: fc.constantFrom('done' as const, 'failed' as const, 'retry' as const, 'skip' as const), why: word }),
	fc.record({ kind: fc.constant('branch_chosen' as const), step: id, choice: fc.nat(2), title: word, nextStep: fc.oneof(id, fc.constant('end')), evidence: fc.constant([]), suggested: fc.boolean() }),
	fc.record({ kind: fc.constant('item_ticked' as const), step: id, item: fc.nat(3), ticked: fc.boolean() }),
	fc.record({ kind: fc.constant('manual_done' as const), step: id, as: fc.constantFrom('done' as const, 'failed' as const) }),
	fc.record({ kind: fc.constant('input_given' as const), step: id, values: fc.constant({ v: 1 }), secrets: fc.constantFrom([], ['s']) }),
	fc.record({ kind: fc.constant('approval_asked' as const), step: id, of: word }),
	fc.record({ kind: fc.constant('approval_given' as const), step: id, granted: fc.boolean() }),
	fc.record({ kind: fc.constant('rollout_begun' as const), step: id, execution, service: word, plan: fc.constantFrom(plan('x'), plan('y')), undoing: fc.boolean() }),
	fc.record({ kind: fc.constant('rollout_act' as const), step: id, execution, planId: fc.constantFrom('x', 'y'), stage: fc.constantFrom('begins' as const, 'done' as const), act: fc.constantFrom(act('stop'), act('start')), undoing: fc.boolean() }),
	fc.record({ kind: fc.constant('rollout_ended' as const), step: id, execution, planId: fc.constantFrom('x', 'y'), undoing: fc.boolean(), end: fc.constantFrom('swapped' as const, 'restored' as const, 'stuck' as const), words: word, tookMs: fc.nat() }),
	fc.record({ kind: fc.constant('rollout_retired' as const), step: id, execution, planId: fc.constantFrom('x', 'y') }),
	fc.record({ kind: fc.constant('note_added' as const), text: word }),
	fc.record({ kind: fc.constant('jumped' as const), to: id }),
	fc.record({ kind: fc.constant('rollback_started' as const), step: id, why: word }),
	fc.constant<RunEvent>({ kind: 'cancel_asked' }),
	fc.constant<RunEvent>({ kind: 'run_resumed' }),
	fc.constant<RunEvent>({ kind: 'run_ended', outcome: 'failed', words: '' }),
	fc.constant(begin),
);

const entries = (events: readonly RunEvent[]): readonly JournalEvent[] =>
	events.map((each, index) => ({ seq: index + 1, at: 1000 + index, hash: '', runId: 'r', actor: index % 2 === 0 ? ada : grace, event: each }));

const freeze = <T>(value: T): T => {
	if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
		Object.freeze(value);
		for (const each of Object.values(value)) freeze(each);
	}
	return value;
};

describe('the fold of a run', () => {
	it('never throws, changes nothing that it was given, and comes to the same in pieces', () => {
		fc.assert(
			fc.property(fc.array(event, { maxLength: 60 }), fc.nat(60), (events, at) => {
				const all = freeze(entries([begin, ...events]));
				let state = freeze(foldRun(all.slice(0, at), parse));
				for (const entry of all.slice(Math.min(at, all.length))) state = freeze(applyEvent(state, entry, parse));
				expect(state).toEqual(foldRun(all, parse));
				expect(state?.lastSeq).toBe(all.length);
				expect([undefined, ...(state?.steps.map((each) => each.id) ?? [])]).toContain(state?.current);
				expect(state?.endedAt !== undefined && state.current !== undefined).toBe(false);
			}),
			{ numRuns: 300 },
		);
	});

	it('is nothing before the start, whatever stands there', () => {
		fc.assert(
			fc.property(fc.array(event.filter((each) => each.kind !== 'run_started')), (events) => {
				expect(foldRun(entries(events), parse)).toBeUndefined();
			}),
		);
	});

	it('shows a run whose playbook it cannot read, without steps', () => {
		const state = foldRun(entries([begin]), () => {
			throw new Error('schemaVersion 9');
		});
		expect(state).toMatchObject({ playbook: { id: 'p', steps: [] }, track: { unreadable: 'schemaVersion 9' } });
	});

	it('keeps the result under the name and the id of its step', () => {
		const state = foldRun(
			entries([
				begin,
				{ kind: 'step_started', step: 'a', execution: 'a.1', attempt: 1, risk: 'read', confirmation: 'none', command: 'x', undo: false },
				{ kind: 'step_ended', step: 'a', execution: 'a.1', outcome: 'done', words: 'exit 0', durationMs: 1, value: { exitCode: 0 } },
			]),
			parse,
		);
		expect(state?.registered).toEqual({ a: { exitCode: 0 }, value: { exitCode: 0 } });
		expect(state).toMatchObject({ current: 'b', path: ['a', 'b'], phases: { now: { enteredAt: 1000 } } });
	});

	it('does not take an approval by the one who asked', () => {
		const asked: readonly RunEvent[] = [begin, { kind: 'jumped', to: 'h' }, { kind: 'approval_asked', step: 'h', of: 'it' }];
		const given: RunEvent = { kind: 'approval_given', step: 'h', granted: true };
		const by = (actor: typeof ada) => foldRun([...entries(asked), { ...entries([...asked, given])[3], seq: 4, at: 4, hash: '', runId: 'r', event: given, actor }], parse);
		expect(by(ada)?.current).toBe('h');
		expect(by(grace)?.current).toBe('i');
	});
});
