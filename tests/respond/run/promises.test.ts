import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Actor } from '../../../src/domain/journal.ts';
import type { RunCommand, RunHandle } from '../../../src/domain/run/control.ts';
import { foldRun } from '../../../src/respond/run/fold.ts';
import { settle } from '../../support/manualClock.ts';
import { swap, tool } from './move.ts';
import { change, doneEnd, failedEnd, Machine, parse, person, playbook, special, step, undo } from './support.ts';

const loaded = playbook('p', [
	step('a', { maxAttempts: 2 }),
	change('b', { undo: undo('b'), maxAttempts: 2, when: 'signal("x") < 9.0' }),
	swap({ maxAttempts: 2 }),
	special('branch', 'c', { choices: [{ title: 'x', nextStep: 'd' }, { title: 'y', nextStep: 'e' }] }),
	change('d', { risk: 'destructive', target: 'db', undo: undo('d'), onFailure: { do: 'rollback' } }),
	special('parallel', 'e', { steps: [change('f', { undo: undo('f') }), step('g')] }),
	special('manual', 'h', { instructions: '', checklist: [] }),
	special('playbook', 'i', { playbook: 'inner', params: {} }),
	change('j', { onFailure: { do: 'playbook', playbook: 'inner' } }),
]);
const inner = playbook('inner', [step('k'), change('l', { undo: undo('l') })]);

const ids = ['a', 'b', 'swap', 'c', 'd', 'e', 'h', 'i', 'j', 'k', 'l'];
const id = fc.constantFrom(...ids);
const blind: fc.Arbitrary<RunCommand> = fc.oneof(
	fc.record({ kind: fc.constant('confirm' as const), step: id, how: fc.constantFrom('key' as const, 'yes' as const, 'typed' as const), typed: fc.constantFrom('db', 'x') }),
	fc.record({ kind: fc.constant('skip' as const), step: id }),
	fc.record({ kind: fc.constant('retry' as const), step: id }),
	fc.record({ kind: fc.constant('go-on' as const), step: id }),
	fc.record({ kind: fc.constant('choose' as const), step: id, choice: fc.nat(2) }),
	fc.record({ kind: fc.constant('jump' as const), to: id }),
	fc.record({ kind: fc.constant('manual' as const), step: id, as: fc.constantFrom('done' as const, 'failed' as const) }),
	fc.constant<RunCommand>({ kind: 'rollback' }),
	fc.constant<RunCommand>({ kind: 'note', text: 'x' }),
);

/** What somebody would say who reads what is asked. */
const fitting = (handle: RunHandle, chance: number): RunCommand | undefined => {
	const { waiting } = handle;
	if (waiting === undefined || !('step' in waiting)) return undefined;
	switch (waiting.kind) {
		case 'confirm':
			return { kind: 'confirm', step: waiting.step, how: chance % 3 === 0 ? 'yes' : waiting.typed === undefined ? 'key' : 'typed', ...(waiting.typed === undefined ? {} : { typed: waiting.typed }) };
		case 'choose':
			return { kind: 'choose', step: waiting.step, choice: chance % 2 };
		case 'manual':
			return { kind: 'manual', step: waiting.step, as: 'done' };
		case 'failed':
			return chance % 2 === 0 ? { kind: 'retry', step: waiting.step } : { kind: 'go-on', step: waiting.step };
		case 'unknown':
			if (chance % 5 === 4 && waiting.choices?.some((each) => each.as === 'rollback') === true) return { kind: 'rollback' };
			return { kind: 'settle', step: waiting.step, execution: waiting.execution, as: (['done', 'failed', 'retry', 'skip'] as const)[chance % 4] ?? 'done', why: 'x' };
		case 'playbook':
			return { kind: 'open-playbook', step: waiting.step, accept: chance % 2 === 0 };
		default:
			return undefined;
	}
};

type Move =
	| { readonly do: 'say'; readonly command: RunCommand }
	| { readonly do: 'answer'; readonly chance: number }
	| { readonly do: 'end'; readonly ok: boolean }
	/** The program of a move writes of its own accord. */
	| { readonly do: 'write'; readonly what: 'begin' | 'begins' | 'done' | 'swapped' | 'restored' }
	| { readonly do: 'lose' | 'kill' | 'take-over' | 'leave' | 'break' | 'mend' | 'wait' };

const move: fc.Arbitrary<Move> = fc.oneof(
	{ weight: 5, arbitrary: fc.record({ do: fc.constant('answer' as const), chance: fc.nat(11) }) },
	{ weight: 4, arbitrary: fc.record({ do: fc.constant('end' as const), ok: fc.constantFrom(true, true, false) }) },
	{ weight: 3, arbitrary: fc.record({ do: fc.constant('write' as const), what: fc.constantFrom('begin' as const, 'begin' as const, 'begins' as const, 'done' as const, 'swapped' as const, 'restored' as const) }) },
	{ weight: 2, arbitrary: fc.record({ do: fc.constant('say' as const), command: blind }) },
	{ weight: 2, arbitrary: fc.record({ do: fc.constantFrom('lose' as const, 'kill' as const, 'take-over' as const, 'leave' as const, 'break' as const, 'mend' as const, 'mend' as const, 'wait' as const, 'wait' as const) }) },
);

const strong = { read: ['none', 'key', 'typed', 'yes'], change: ['key', 'typed', 'yes'], destructive: ['typed'] } as const;

/** Checks each start against the journal, at the moment of the start. */
const guard = (machine: Machine, faults: unknown[], trouble: () => boolean): void => {
	const folders = new Set<string>();
	const check: Machine['world']['onStart'] = (resolved, folder) => {
		const [, runId = '', execution = ''] = /^\/state\/runs\/([^/]+)\/(.+?)(?:\/look-\d+)?$/.exec(folder) ?? [];
		expect(folders, `${folder} is used twice`).not.toContain(folder);
		folders.add(folder);
		const own = machine.file.events.filter((entry) => entry.runId === runId);
		const started = own.findLast((entry) => entry.event.kind === 'step_started' && entry.event.execution === execution)?.event;
		const isChange = started === undefined ? true : started.kind === 'step_started' && started.risk !== 'read';
		if (machine.file.broken !== undefined && !isChange) return;
		if (started?.kind !== 'step_started') {
			// Only what reads may run before it is recorded, and only while the console takes the journal for away.
			expect(trouble(), `${resolved.shown} was started without a record`).toBe(true);
			expect(['run a', 'run g', 'run k']).toContain(resolved.shown);
			return;
		}
		expect(own.some((entry) => entry.event.kind === 'step_ended' && entry.event.execution === execution)).toBe(false);
		expect(strong[started.risk], `${resolved.shown}: ${started.risk} by ${started.confirmation}`).toContain(started.confirmation);
		if (started.risk === 'read') return;
		const others = machine.world.running.filter((each) => !['run a', 'run g', 'run k'].includes(each.resolved.shown) && !each.folder.includes('/e.'));
		expect(others.map((each) => each.resolved.shown)).toEqual([]);
		if (resolved.shown.endsWith(' d')) expect(started.confirmation).toBe('typed');
	};
	machine.world.onStart = (resolved, folder) => {
		try {
			check(resolved, folder);
		} catch (error) {
			// The run would take it for a step that could not be started.
			faults.push(error);
		}
	};
};

class Play {
	readonly machine = new Machine();
	readonly faults: unknown[] = [];
	handle: RunHandle | undefined;
	written = 0;
	#who: Actor = person('p0');
	#count = 0;

	async begin(): Promise<void> {
		this.machine.signals.set('x', 1);
		this.machine.library.set('inner', inner);
		this.machine.world.script = () => undefined;
		guard(this.machine, this.faults, () => this.machine.file.broken !== undefined || this.handle?.trouble !== undefined || this.handle?.child?.trouble !== undefined);
		this.handle = await this.machine.start(loaded, {}, this.#who);
		await settle();
	}

	async #next(force: boolean): Promise<void> {
		this.#who = person(`p${++this.#count}`);
		this.machine.file.mend();
		const handle = await this.machine.console(this.#who).open('run-1', { act: !force });
		if (force) await handle.takeOver(true);
		this.handle = handle;
	}

	async do(step: Move): Promise<void> {
		const { machine, handle } = this;
		if (handle === undefined) return;
		switch (step.do) {
			case 'say':
				await handle.command(step.command);
				break;
			case 'answer': {
				for (const each of [handle.child, handle]) {
					const command = each === undefined ? undefined : fitting(each, step.chance);
					if (command !== undefined) await each?.command(command);
				}
				break;
			}
			case 'end': {
				const [first] = machine.world.running;
				if (first !== undefined) machine.world.end(first.resolved.shown, step.ok ? doneEnd() : failedEnd());
				break;
			}
			case 'write': {
				const about = machine.world.running.find((each) => each.resolved.action.kind === 'rollout')?.about;
				if (about === undefined || machine.file.broken !== undefined) break;
				const program = tool(machine, about.runId);
				this.written++;
				if (step.what === 'begin') await program.begin(about.execution);
				else if (step.what === 'begins' || step.what === 'done') await program.act('stop', step.what, about.execution);
				else await program.end(step.what, about.execution);
				break;
			}
			case 'lose': {
				const [first] = machine.world.running;
				if (first === undefined) break;
				machine.kill(this.#who);
				first.lost = ['gone'];
				await this.#next(false);
				break;
			}
			case 'kill':
				machine.kill(this.#who);
				await this.#next(false);
				break;
			case 'take-over':
				await this.#next(true);
				break;
			case 'leave':
				await handle.leave();
				await this.#next(true);
				break;
			case 'break':
				machine.file.break();
				break;
			case 'mend':
				machine.file.mend();
				break;
			case 'wait':
				await machine.clock.advance(40_000);
				break;
		}
		await settle();
	}
}

describe('whatever is said, and whatever breaks', () => {
	it('no change starts without a durable record and a confirmation as strong as its risk, and never two at once', async () => {
		let changes = 0;
		let ends = 0;
		let written = 0;
		await fc.assert(
			fc.asyncProperty(fc.array(move, { minLength: 5, maxLength: 110, size: 'max' }), async (moves) => {
				const play = new Play();
				await play.begin();
				for (const each of moves) await play.do(each);
				expect(play.faults).toEqual([]);
				const { machine, handle } = play;
				machine.file.mend();
				await machine.clock.advance(40_000);
				expect(play.faults).toEqual([]);
				const starts = machine.world.shown;
				changes += starts.filter((shown) => !['run a', 'run g', 'run k'].includes(shown)).length;
				if (handle?.state.endedAt !== undefined) ends++;
				written += play.written;
				const whole = foldRun(machine.file.events.filter((entry) => entry.runId === 'run-1'), parse);
				expect(handle?.state).toEqual(whole);
			}),
			{ numRuns: 100 },
		);
		// A property that holds because nothing ever happens would hold for nothing.
		expect(changes).toBeGreaterThan(20);
		expect(ends).toBeGreaterThan(0);
		expect(written).toBeGreaterThan(5);
	}, 60_000);
});
