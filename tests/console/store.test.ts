import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyPresses, type RawKey } from '../../src/console/keys.ts';
import { Live } from '../../src/console/live.ts';
import { LogsPane } from '../../src/console/logsPane.ts';
import type { RunBench } from '../../src/console/run/bench.ts';
import { ConsoleStore } from '../../src/console/store.ts';
import type { LoadedPlaybook } from '../../src/domain/playbook/playbook.ts';
import type { StartRequest } from '../../src/domain/run/control.ts';
import { EngineError } from '../../src/domain/engine.ts';
import type { RunSummary } from '../../src/domain/journal.ts';
import { builtInRules } from '../../src/judge/builtInRules.ts';
import { createJudge } from '../../src/judge/judge.ts';
import { noKey } from '../support/rawKeys.ts';
import { container, FakeEngine } from '../support/fakeEngine.ts';
import { rollbackPlaybook } from '../support/rollbackViews.ts';
import { ManualClock, settle } from '../support/manualClock.ts';

describe('ConsoleStore', () => {
	let engine: FakeEngine;
	let clock: ManualClock;
	let stop: AbortController;
	let store: ConsoleStore;
	let copied: string[];
	let quits: number;
	let recorded: string[];
	let journalTrouble: Error | undefined;

	const actor = { user: 'ada', host: 'node-7', session: 'boot:1:2' };
	const none = (): never => {
		throw new Error('no run is started here');
	};
	const started: StartRequest[] = [];
	/** Holds a start back. */
	let starting: PromiseWithResolvers<never> | undefined;
	const offered: LoadedPlaybook = { playbook: { ...rollbackPlaybook, params: { service: { type: 'service', optional: false } } }, file: '', text: '', hash: '', pack: 'p09' };
	let unfinished: readonly RunSummary[] = [];
	let library: PromiseWithResolvers<void>;
	let libraryRead: boolean;
	const readLibrary = async (): Promise<void> => {
		libraryRead = true;
		library.resolve();
		await settle();
	};
	const bench: RunBench = {
		responder: {
			actor,
			start(request) {
				started.push(request);
				return starting?.promise ?? Promise.reject(new Error('the service is held'));
			},
			open: none, unfinished: () => Promise.resolve(unfinished), resolve: () => [],
			close: () => Promise.resolve(),
		},
		readLibrary: () => library.promise,
		get playbooks() {
			return libraryRead ? [offered] : undefined;
		},
		problems: [],
		fits: (status) => !libraryRead ? [] : [{ loaded: offered, why: 'for any service', fires: false, values: { service: status?.service.id ?? '' } }],
		record(event) {
			if (journalTrouble !== undefined) return Promise.reject(journalTrouble);
			recorded.push(`${event.kind} after ${engine.calls.filter((call) => call.startsWith('restart')).length} restarts`);
			return Promise.resolve({ actor, event, seq: recorded.length, at: 0, hash: '' });
		},
	};

	const type = (text: string): void => store.keys(keyPresses(text, noKey));
	const press = (flag: keyof RawKey): void => store.keys(keyPresses('', { ...noKey, [flag]: true }));
	const names = (): string[] => store.view().services.rows.map((row) => row.name);
	const selected = (): string | undefined => store.view().services.rows[store.view().services.selected]?.name;
	const die = async (name: string): Promise<void> => {
		engine.add(container(name, { state: 'exited', exitCode: 1, finishedAt: clock.now(), startedAt: 1 }));
		engine.tell({ kind: 'died', containerId: `id-${name}`, at: clock.now(), exitCode: 1 });
		await clock.advance(1100);
	};

	const open = async (readOnly = false): Promise<void> => {
		const logs = { follow: () => undefined, started: () => undefined, counts: () => undefined, lastError: () => undefined };
		const live = new Live({ engine, clock, judge: createJudge(builtInRules()), logs, random: () => 0 });
		const rings = { ring: () => undefined, state: () => 'live', words: () => undefined, readAgain: () => undefined, onChange: () => () => undefined, engineNow: () => clock.now() };
		store = new ConsoleStore(
			live,
			new LogsPane(rings, clock),
			{
				clock,
				engine,
				drain: { busy: false, onceDrained: (run) => run() },
				readOnly,
				thresholds: () => [],
				extents: () => ({ health: 0, dialog: 0 }),
				copy: (text) => {
					copied.push(text);
					return 'copied';
				},
				openBench: () => Promise.resolve(bench),
				save: () => Promise.resolve('/somewhere'),
				nextTheme: () => undefined,
				redraw: () => undefined,
				quit: () => {
					quits++;
				},
			},
			{ columns: 80, rows: 24 },
		);
		void store.begin();
		void live.run(stop.signal);
		await settle();
		await clock.advance(1000);
	};

	beforeEach(() => {
		engine = new FakeEngine();
		clock = new ManualClock();
		stop = new AbortController();
		copied = [];
		quits = 0;
		recorded = [];
		started.length = 0;
		starting = undefined;
		library = Promise.withResolvers();
		libraryRead = false;
		unfinished = [];
		journalTrouble = undefined;
		engine.add(container('a', { startedAt: 1 }), container('b', { startedAt: 1 }), container('c', { startedAt: 1 }));
	});
	afterEach(() => stop.abort());

	it('follows the worst service until the person chooses one', async () => {
		await open();
		expect([names(), selected()]).toEqual([['a', 'b', 'c'], 'a']);
		await die('b');
		expect([names(), selected()]).toEqual([['b', 'a', 'c'], 'b']);
		type('j');
		expect(selected()).toBe('a');
		await die('c');
		expect(selected()).toBe('a');
	});

	it.each([['its log', '2'], ['its health', '5'], ['the next pane', '\t']])('stays with the service of which the person reads %s', async (_what, key) => {
		await open();
		await die('b');
		type(key);
		await die('a');
		expect([names()[0], selected()]).toEqual(['a', 'b']);
		type('1');
		expect(selected()).toBe('b');
	});

	it('keeps rows in their place while the person reads, then puts them into order', async () => {
		await open();
		type('j');
		await die('c');
		expect(names()).toEqual(['a', 'b', 'c']);
		expect(store.view().services.orderHeld).toBe(true);
		type('o');
		expect(names()).toEqual(['c', 'a', 'b']);
		type('k');
		await die('b');
		expect(names()).toEqual(['c', 'a', 'b']);
		await clock.advance(11_000);
		expect(names()[0]).not.toBe('a');
		expect(store.view().services.orderHeld).toBe(false);
	});

	it('takes a burst of keys one after the other', async () => {
		await open();
		type('/cjj');
		expect(store.view().services).toMatchObject({ filter: 'cjj', filtering: true });
		press('escape');
		expect(store.view().services).toMatchObject({ filter: '', filtering: false });
		type('jj');
		expect(selected()).toBe('c');
	});

	it('asks before it changes anything, runs it once, and says what came of it', async () => {
		await open();
		type('a');
		press('downArrow');
		press('return');
		expect(store.view().dialog).toMatchObject({ kind: 'confirm', act: 'docker restart -t 10 a', host: 'fake (fake-host)' });
		expect(engine.calls.filter((call) => call.startsWith('restart'))).toEqual([]);
		press('tab');
		press('return');
		await settle();
		expect(engine.calls.filter((call) => call.startsWith('restart'))).toEqual(['restart id-a 10']);
		expect(store.view().notice).toEqual({ text: 'done: docker restart -t 10 a', tone: 'plain' });
		expect(recorded).toEqual(['act_started after 0 restarts', 'act_ended after 1 restarts']);
	});

	it('does nothing that it cannot record', async () => {
		await open();
		journalTrouble = new Error('the disk is full');
		type('a');
		press('downArrow');
		press('return');
		press('tab');
		press('return');
		await settle();
		expect(engine.calls.filter((call) => call.startsWith('restart'))).toEqual([]);
		expect(store.view().notice).toEqual({ text: 'not done: no record, no change: the disk is full', tone: 'p0' });
	});

	it('says why an act failed', async () => {
		await open();
		engine.restart = () => Promise.reject(new EngineError('conflict', 'it is being removed'));
		type('a');
		press('downArrow');
		press('return');
		press('tab');
		press('return');
		await settle();
		expect(store.view().notice).toMatchObject({ text: 'failed: docker restart -t 10 a: it is being removed', tone: 'p0' });
	});

	it('changes nothing where it is read-only', async () => {
		await open(true);
		type('a');
		press('downArrow');
		press('return');
		expect(store.view().dialog).toMatchObject({ kind: 'menu' });
		expect(store.view().notice?.text).toContain('read-only');
	});

	it('shows nothing as healthy while the engine is out of reach', async () => {
		await open();
		engine.goAway();
		await settle();
		await clock.advance(300);
		expect(store.view().header.liveness.kind).toBe('reconnecting');
		expect(store.view().services.rows.map((row) => row.mark)).toEqual(['?', '?', '?']);
		expect(store.view().services.rows[0]?.reason).toMatch(/^unknown: /);
	});

	it('says that an engine has no containers', async () => {
		engine.containers.clear();
		await open();
		expect(store.view().services.words).toMatchObject({ kind: 'empty', text: 'this engine has no containers, running or stopped' });
	});

	it('goes back step by step, and quits at the end', async () => {
		await open();
		type('2+');
		expect(store.view()).toMatchObject({ focus: 'logs', zoom: 'logs' });
		type('q');
		expect(store.view().zoom).toBeUndefined();
		type('q');
		expect(store.view().focus).toBe('services');
		expect(quits).toBe(0);
		type('q');
		expect(quits).toBe(1);
	});

	it('copies the row, and runs a command of the palette', async () => {
		await open();
		type('c');
		expect(copied[0]).toMatch(/ a /);
		type(':metrics pane');
		press('return');
		expect(store.view()).toMatchObject({ focus: 'metrics' });
		expect(store.view().dialog).toBeUndefined();
	});

	it('opens what r asks for once the playbooks are read, and starts a run at once', async () => {
		await open();
		type('j');
		type('r');
		await settle();
		expect(store.view().dialog).toBeUndefined();
		expect(store.view().notice?.text).toBe('reading the playbooks …');
		await readLibrary();
		expect(store.view().dialog).toMatchObject({ kind: 'options', title: 'Roll back b' });
		press('return');
		await settle();
		expect(started).toMatchObject([{ playbook: { playbook: { id: 'p09-rollback' } }, params: { service: 'b' }, service: 'b', dryRun: false }]);
		expect(store.view()).toMatchObject({ focus: 'playbook', notice: { text: 'not started: the service is held' } });
	});

	it('offers runs that are not over before the playbooks are read, which come into the open list', async () => {
		unfinished = [{ runId: 'r-1', playbookId: 'p09-rollback', title: 'Roll back', service: 'b', engine: 'e', startedAt: 1, startedBy: actor, dryRun: false, lastSeq: 1 }];
		await open();
		type('p');
		await settle();
		const titles = (): readonly string[] => {
			const { dialog } = store.view();
			return dialog?.kind === 'picker' ? dialog.items.map(({ title }) => title) : [];
		};
		expect(titles()).toEqual(['Unfinished: Roll back', 'reading the playbooks …']);
		await readLibrary();
		expect(titles()).toEqual(['Unfinished: Roll back', rollbackPlaybook.title]);
		expect(store.view().dialog).toMatchObject({ selected: 0 });
	});

	it('says that a run waits for the journal while it is not there yet', async () => {
		starting = Promise.withResolvers<never>();
		await open();
		await readLibrary();
		type('r');
		await settle();
		press('return');
		await clock.advance(900);
		expect(store.view().notice).toBeUndefined();
		await clock.advance(2200);
		expect(store.view().notice?.text).toBe('not started yet: it waits for the journal, 3 s');
		starting.reject(new Error('no record, no change'));
		await settle();
		expect(store.view().notice?.text).toBe('not started: no record, no change');
		await clock.advance(3000);
		expect(store.view().notice?.text).toBe('not started: no record, no change');
	});

	it('lets another key take back what r asked for', async () => {
		await open();
		type('rj');
		await readLibrary();
		expect(store.view().dialog).toBeUndefined();
	});

	it('opens it from the palette, and not where it is read-only', async () => {
		await open();
		await readLibrary();
		type(':roll back');
		press('return');
		expect(store.view().dialog).toMatchObject({ kind: 'options', title: 'Roll back a' });
		press('escape');
		expect(started).toEqual([]);
		await open(true);
		type('r');
		expect(store.view().dialog).toBeUndefined();
		expect(store.view().notice?.text).toBe('this console is read-only: nothing is rolled back from it');
	});
});
