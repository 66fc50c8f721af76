import { describe, expect, it } from 'vitest';
import { openRollback } from '../../../src/console/reduce/rollback.ts';
import type { Scene } from '../../../src/console/reduce/scene.ts';
import type { RunBench } from '../../../src/console/run/bench.ts';
import { rollbacksOf, type RunsNow } from '../../../src/console/run/rollbacks.ts';
import { initialUi } from '../../../src/console/ui.ts';
import type { RunSummary } from '../../../src/domain/journal.ts';
import type { LoadedPlaybook, Playbook } from '../../../src/domain/playbook/playbook.ts';
import type { RunHandle } from '../../../src/domain/run/control.ts';
import type { ServiceStatus } from '../../../src/domain/situation.ts';
import { now } from '../../support/containers.ts';
import { doneMove, rollbackPlaybook, rollbacks, rollbackScene, rollbackState } from '../../support/rollbackViews.ts';
import { crashedPlaybook } from '../../support/runViews.ts';

const actor = { user: 'ada', host: 'node-7', session: 'boot:1:2' };
const loaded = (playbook: Playbook): LoadedPlaybook => ({ playbook, file: '', text: '', hash: playbook.id, pack: 'p09' });
const { appliesTo: _appliesTo, ...forAny } = rollbackPlaybook;
const any: Playbook = { ...forAny, id: 'generic-rollback' };
const byImage: Playbook = { ...forAny, id: 'image-rollback', appliesTo: { image: ['shop:*'] } };
const draft: Playbook = { ...rollbackPlaybook, id: 'draft-rollback', draft: true };
const all = [any, draft, crashedPlaybook, byImage, rollbackPlaybook].map(loaded);

const nothing = (): never => {
	throw new Error('not here');
};
const bench = (over: Partial<RunBench> = {}): RunBench => ({
	responder: { actor, start: nothing, open: nothing, unfinished: () => Promise.resolve([]), resolve: () => [], close: () => Promise.resolve() },
	readLibrary: () => Promise.resolve(),
	playbooks: all,
	problems: [],
	fits: () => all.map((each) => ({ loaded: each, why: 'fits', fires: false, values: {} })),
	record: nothing,
	...over,
});

const status: ServiceStatus = { service: { id: 'cloud-native-poc', name: 'cloud-native-poc', containers: [], manager: 'none', configured: false }, mark: 'ok', reason: '', alerts: [], inconclusive: [], restarts: 0, probes: [] };
const summary = (over: Partial<RunSummary>): RunSummary => ({ runId: 'r-1', playbookId: 'p09-rollback', title: 'Roll back', service: 'cloud-native-poc', engine: 'e', startedAt: 1, startedBy: actor, dryRun: false, lastSeq: 1, ...over });
const handleOf = (playbook: Playbook, over: Partial<RunHandle['state']> = {}): RunHandle => ({
	id: 'r-9',
	state: { ...rollbackState('swap', []), playbook, ...over },
	waiting: undefined,
	role: 'acting',
	holder: undefined,
	onChange: () => () => undefined,
	command: () => Promise.resolve(undefined),
	takeOver: () => Promise.resolve(undefined),
	output: nothing,
	leave: () => Promise.resolve(),
});
const runs = (over: Partial<RunsNow> = {}): RunsNow => ({ open: undefined, active: undefined, unfinished: [], ...over });

describe('what can be rolled back of a service', () => {
	it('offers playbooks of the kind, the most specific first, drafts last', () => {
		expect(rollbacksOf(bench(), status, runs()).offers.map((each) => each.loaded.playbook.id)).toEqual(['p09-rollback', 'image-rollback', 'generic-rollback', 'draft-rollback']);
	});

	it('knows the moves of the service where the bench does', () => {
		expect(rollbacksOf(bench(), status, runs()).moves).toEqual([]);
		expect(rollbacksOf(bench({ moves: (asked) => (asked === status ? [doneMove] : []) }), status, runs()).moves).toEqual([doneMove]);
	});

	it('leads to the rollback that is open, also where it is a part of another run', () => {
		const open = handleOf(rollbackPlaybook);
		expect(rollbacksOf(bench(), status, runs({ open, active: open })).running).toEqual({ runId: 'r-9', open: true });
		expect(rollbacksOf(bench(), status, runs({ open: handleOf(crashedPlaybook), active: open })).running).toEqual({ runId: 'r-9', open: true });
	});

	it('leads to one that nobody looks at, by the run that it is a part of', () => {
		expect(rollbacksOf(bench(), status, runs({ unfinished: [summary({})] })).running).toEqual({ runId: 'r-1', open: false });
		const parent = summary({ runId: 'r-0', playbookId: 'p09-p0-container-crashed' });
		expect(rollbacksOf(bench(), status, runs({ unfinished: [summary({ parentRunId: 'r-0' }), parent] })).running).toEqual({ runId: 'r-0', open: false });
	});

	it('has nothing to do with runs of other services, that are over, or that were only tried dry', () => {
		const over = handleOf(rollbackPlaybook, { endedAt: now });
		const { running, held } = rollbacksOf(bench(), status, runs({ open: over, active: over, unfinished: [summary({ service: 'worker' }), summary({ dryRun: true })] }));
		expect([running, held]).toEqual([undefined, undefined]);
	});

	it('says which other run holds the service', () => {
		const open = handleOf(crashedPlaybook);
		expect(rollbacksOf(bench(), status, runs({ open, active: open })).held).toEqual({ runId: 'r-9', title: 'P0: container crashed', open: true });
		expect(rollbacksOf(bench(), status, runs({ unfinished: [summary({ playbookId: 'p09-p0-container-crashed', title: 'P0' })] })).held).toEqual({ runId: 'r-1', title: 'P0', open: false });
	});
});

describe('the key r', () => {
	const scene = (over: Partial<Scene> = {}): Scene => ({
		now: 0,
		order: [],
		selectedId: 'cloud-native-poc',
		serviceRows: 1,
		healthRows: 1,
		healthMost: 0,
		dialogMost: 0,
		seriesCount: 0,
		container: undefined,
		containers: [],
		offers: [],
		offer: () => undefined,
		rollbacks: (service) => rollbacks({ service }),
		run: undefined,
		readOnly: false,
		host: 'prod-1',
		...over,
	});
	const ui = initialUi(80, 24);

	it('is refused where the console is read-only', () => {
		const step = openRollback(ui, scene({ readOnly: true }));
		expect(step.ui.dialog).toBeUndefined();
		expect(step.effects).toEqual([{ kind: 'notice', text: 'this console is read-only: nothing is rolled back from it', tone: 'plain' }]);
	});

	it('asks how to begin', () => {
		expect(openRollback(ui, scene()).ui.dialog).toMatchObject({ kind: 'options', title: 'Roll back cloud-native-poc' });
	});

	it('goes to the run that is open, its current step selected', () => {
		const step = openRollback({ ...ui, zoom: 'logs', runStep: 'plan' }, scene({ rollbacks: () => rollbacks({ running: { runId: 'r-9', open: true } }) }));
		expect(step.ui).toMatchObject({ focus: 'playbook', zoom: 'playbook' });
		expect(step.ui.runStep).toBeUndefined();
		expect(step.effects).toEqual([]);
	});

	it('opens the run that nobody looks at', () => {
		const step = openRollback(ui, scene({ rollbacks: () => rollbacks({ running: { runId: 'r-1', open: false } }) }));
		expect(step.effects).toEqual([{ kind: 'open-run', runId: 'r-1', act: true }]);
	});

	it('means the service of the rollback in its pane, wherever the selection has gone', () => {
		const run = rollbackScene(rollbackState(undefined, [], { endedAt: now }), undefined);
		expect(openRollback({ ...ui, focus: 'playbook' }, scene({ run, selectedId: 'worker' })).ui.dialog).toMatchObject({ title: 'Roll back cloud-native-poc' });
		expect(openRollback(ui, scene({ run, selectedId: 'worker' })).ui.dialog).toMatchObject({ title: 'Roll back worker' });
	});

	it('says why where there is nothing', () => {
		expect(openRollback(ui, scene({ selectedId: undefined })).effects).toMatchObject([{ kind: 'notice', text: 'no service is selected' }]);
		expect(openRollback(ui, scene({ rollbacks: () => undefined })).effects).toMatchObject([{ text: 'there is no service cloud-native-poc now' }]);
		expect(openRollback(ui, scene({ rollbacks: () => rollbacks({ offers: [] }) })).effects).toMatchObject([{ text: expect.stringContaining('no playbook rolls cloud-native-poc back') }]);
	});
});
