import type { RunScene } from '../../src/console/reduce/scene.ts';
import { answerDialog } from '../../src/console/run/asks.ts';
import { rollbackDialog, type Rollbacks } from '../../src/console/run/rollbackDialog.ts';
import { runView } from '../../src/console/run/select.ts';
import type { ConsoleView, Dialog } from '../../src/console/view.ts';
import type { Actor } from '../../src/domain/journal.ts';
import type { LoadedPlaybook, Playbook } from '../../src/domain/playbook/playbook.ts';
import type { Step } from '../../src/domain/playbook/step.ts';
import type { RolloutAct, RolloutPlan } from '../../src/domain/rollout.ts';
import type { Attempt, CriterionState, RolloutProgress, RunState, StepState, Waiting } from '../../src/domain/run/state.ts';
import { now } from './containers.ts';
import { incident, type Size } from './views.ts';

const host = 'prod-1 (node-7)';
const service = 'cloud-native-poc';
const ada: Actor = { user: 'ada', host: 'node-7', session: 'boot:1:2' };

const common = { risk: 'read', timeoutSeconds: 60, maxAttempts: 1, intervalSeconds: 1, onFailure: { do: 'ask' }, isEnd: false, secret: false } as const;

const rollout = (id: string, title: string, action: 'versions' | 'plan' | 'swap', over: Partial<Step> = {}): Step =>
	({ ...common, id, title, kind: 'rollout', action: { kind: 'rollout', action, service: '${{ params.service }}', to: '${{ target.image }}' }, ...over }) as Step;

const steps: readonly Step[] = [
	{ ...common, id: 'decide', title: 'Decide whether to roll back', kind: 'branch', source: 'P09 SOP, rollback criteria', choices: [], leaves: 'all as it is now: nothing was changed' },
	rollout('versions', 'Find what can be gone back to', 'versions'),
	{ ...common, id: 'target', title: 'Choose the version', kind: 'input', fields: { image: { type: 'image', title: 'Version', optional: false } } },
	rollout('plan', 'Work out the move and check it', 'plan'),
	{ ...common, id: 'backup', title: 'Back up the database', kind: 'database', risk: 'change', action: { kind: 'database', system: 'sqlite', action: 'backup', path: '/srv/p09/app.db' } },
	rollout('swap', 'Swap the version', 'swap', { risk: 'change', leaves: '${{ plan.from.image }} serving with its fault; a backup of the database' }),
	{ ...common, id: 'verify', title: 'Watch it for the window', kind: 'watch', action: { kind: 'signal' }, windowSeconds: 600, criteria: [], failureLimit: 0 },
	{ ...common, id: 'tell', title: 'Tell the team', kind: 'notify', message: 'rolled back' },
];

export const rollbackPlaybook: Playbook = {
	schemaVersion: 1,
	id: 'p09-rollback',
	version: '1.0.0',
	kind: 'rollback',
	title: 'Roll back the P09 service',
	summary: 'Brings the last good version back, and proves it.',
	notes: [],
	triggers: [],
	appliesTo: { service: ['cloud-native-*'] },
	params: { service: { type: 'service', optional: false } },
	phases: [],
	steps,
	draft: false,
};

const act = (id: string, words: string, leaves: string, serving: RolloutAct['serving']): RolloutAct => ({ id, words, leaves, serving });

export const rolloutPlan: RolloutPlan = {
	id: 'mv-41',
	subject: { id: 'c1', name: service },
	from: { image: 'cloud-native-poc:1.1.0', imageId: 'sha256:aaa' },
	to: { image: 'cloud-native-poc:1.0.4', imageId: 'sha256:bbb' },
	way: 'stop-first',
	wayWhy: 'port 8000 of the host is published: two containers cannot have it',
	changes: [
		{ field: 'image', before: 'cloud-native-poc:1.1.0', after: 'cloud-native-poc:1.0.4' },
		{ field: 'environment', key: 'WORKERS', before: '8', after: '4' },
		{ field: 'health check', before: 'curl -f localhost:8000/health', after: 'wget -qO- localhost:8000/health' },
	],
	kept: ['environment set by hand (6)', 'volume data at /srv/data', 'ports 8000', 'restart policy unless-stopped'],
	lost: ['files written into the container outside of volumes (14 MiB)'],
	downtime: { expectedMs: 1400, basis: "the engine's own stop and start and two renames" },
	findings: [
		{ level: 'fine', what: 'image', why: 'cloud-native-poc:1.0.4 is there' },
		{ level: 'warn', what: 'database schema', why: 'the database is at 0042, the target knows 0041: columns added since stay unused' },
		{ level: 'fine', what: 'port 8000', why: 'only this service has it' },
		{ level: 'fine', what: 'disk', why: '12 GiB free' },
	],
	acts: [
		act('pin', 'keep both images from being cleaned away', 'cloud-native-poc as it was', 'old'),
		act('create', 'make cloud-native-poc-new from cloud-native-poc:1.0.4', 'cloud-native-poc as it was, its images kept by a tag', 'old'),
		act('park', 'take the restart policy (unless-stopped) off the old one', 'cloud-native-poc as it was, and an unused container', 'old'),
		act('stop', 'stop cloud-native-poc', 'cloud-native-poc as it was, but without its restart policy, and an unused container', 'old'),
		act('aside', 'rename the old one to cloud-native-poc-old', 'cloud-native-poc stopped: nobody answers', 'nobody'),
		act('name', 'give the new one its name, cloud-native-poc', 'the old one stopped as cloud-native-poc-old, the new one not started: nobody answers', 'nobody'),
		act('start', 'start cloud-native-poc from cloud-native-poc:1.0.4', 'the new one named cloud-native-poc and not started: nobody answers', 'nobody'),
		act('prove', 'healthy within 40 s', 'the new one runs as cloud-native-poc, not proved; the old one is kept as cloud-native-poc-old', 'new'),
	],
	undoActs: [
		act('halt', 'stop the new one', 'the new one as it stands; the old one stopped', 'new'),
		act('unname', 'rename the new one to cloud-native-poc-new', 'the old one is called cloud-native-poc-old', 'nobody'),
		act('back', 'give the old one its name, cloud-native-poc', 'the old one is called cloud-native-poc-old', 'nobody'),
		act('restart', 'start the old one, cloud-native-poc:1.1.0', 'the old one stopped', 'nobody'),
		act('reprove', 'see the old one run', 'the old one runs, not yet seen healthy', 'old'),
	],
	proof: 'healthy within 40 s',
	data: {},
};

const { data: _data, ...registeredPlan } = rolloutPlan;
export const planValue = { ...registeredPlan, planId: rolloutPlan.id, refused: false, warnings: 1, summary: 'to cloud-native-poc:1.0.4, about 1.4 s without an answer' };

const attempt = (execution: string, words: string, durationMs: number, over: Partial<Attempt> = {}): Attempt => ({
	execution,
	command: `rollout ${execution.split('.')[0] ?? ''} cloud-native-poc`,
	risk: 'read',
	confirmation: 'none',
	undo: false,
	startedAt: now - 60_000,
	endedAt: now - 60_000 + durationMs,
	outcome: 'done',
	words,
	durationMs,
	survivors: [],
	...over,
});

const done = (id: string, words: string, ms: number, over: Partial<Attempt> = {}): StepState => ({ id, status: 'done', attempts: [attempt(`${id}.1`, words, ms, over)], ticked: [] });

const decided: StepState = { id: 'decide', status: 'done', attempts: [], words: 'chose: Roll back now', ticked: [] };
const listedVersions = done('versions', '4 versions, last good cloud-native-poc:1.0.4', 310);
const chosen: StepState = { id: 'target', status: 'done', attempts: [], words: 'image cloud-native-poc:1.0.4', ticked: [] };
const planned = done('plan', planValue.summary, 420, { value: planValue });
const backedUp = done('backup', 'app-20260314-0312.db, 18,204 rows, opened and whole', 900, { risk: 'change', startedAt: now - 30_000 });

export const rollbackState = (current: string | undefined, standing: readonly StepState[], over: Partial<RunState> = {}): RunState => ({
	id: 'r-9',
	playbook: rollbackPlaybook,
	hash: 'f00d',
	params: { service },
	secretNames: [],
	service,
	engine: { name: 'prod-1', address: 'ssh://ops@prod-1', hostName: 'node-7' },
	dryRun: false,
	startedAt: now - 64_000,
	startedBy: ada,
	faultAt: now - 252_000,
	steps: steps.map((each) => standing.find((one) => one.id === each.id) ?? { id: each.id, status: 'pending', attempts: [], ticked: [] }),
	...(current === undefined ? {} : { current }),
	path: standing.map((each) => each.id),
	cancelling: false,
	rollingBack: false,
	registered: {},
	notes: [],
	phases: {},
	lastSeq: 12,
	...over,
});

export const rollbackScene = (state: RunState, waiting: Waiting | undefined, over: Partial<RunScene> = {}): RunScene => ({
	id: state.id,
	state,
	waiting,
	role: 'acting',
	actor: ada,
	selected: undefined,
	order: steps.map((each) => each.id),
	rows: 10,
	...over,
});

const viewOf = (size: Size, scene: RunScene, given: { readonly output?: readonly string[]; readonly dialog?: boolean; readonly zoom?: boolean } = {}): ConsoleView => {
	const lines = given.output?.map((text) => ({ stream: 'stdout' as const, text }));
	const dialog: Dialog | undefined = given.dialog === true ? answerDialog(scene, host) : undefined;
	return incident(size, {
		focus: 'playbook',
		playbookPresent: true,
		playbookRoomy: true,
		playbook: { unfinished: [], run: runView({ scene, now, host, resolved: new Map(), output: lines === undefined ? undefined : { lines, above: 0, droppedBytes: 0 } }) },
		...(given.zoom === true ? { zoom: 'playbook' as const } : {}),
		...(dialog === undefined ? {} : { dialog }),
	});
};

const criterion = (title: string, level: CriterionState['level'], met: boolean | undefined, figure: string, baseline: string, within?: string): CriterionState => ({
	title,
	level,
	met,
	figure,
	baseline,
	...(within === undefined ? {} : { within }),
	source: 'P09 SOP 6.1',
});

export const criteria: readonly CriterionState[] = [
	criterion('Health check fails', 'critical', true, 'failing 4 min', '3 in a row', '< 1 min'),
	criterion('Error rate', 'critical', true, '11.2 %', '0.4 %', '< 5 min'),
	criterion('p95 latency', 'critical', false, '310 ms', '240 ms', '< 5 min'),
	criterion('Data corrupted', 'critical', undefined, 'no sample of probe.db.corrupt', '', 'at once'),
	criterion('Memory over 95 % for 5 min', 'critical', true, '98 %', '95 %', '< 5 min'),
	criterion('CPU over 95 % for 5 min', 'critical', false, '31 %', '95 %', '< 5 min'),
	criterion('Error rate, +1 to 5 %', 'warning', false, '11.2 %', '0.4 %', '< 15 min'),
	criterion('p95 latency, +20 to 100 %', 'warning', true, '310 ms', '240 ms', '< 15 min'),
	criterion('Restarts', 'warning', undefined, 'not known', '1 a day'),
];

export const decideWaiting: Waiting = {
	kind: 'choose',
	step: 'decide',
	criteria,
	suggested: 0,
	choices: [
		{ title: 'Roll back now', holds: true, evidence: '3 critical', nextStep: 'versions' },
		{ title: 'Look further first', holds: false, evidence: '1 warning', nextStep: 'end' },
		{ title: 'Leave it as it is', holds: false, evidence: '', nextStep: 'end' },
	],
};

/** The table of decision in the pane. */
export const rollbackDecides = (size: Size): ConsoleView => viewOf(size, rollbackScene(rollbackState('decide', []), decideWaiting));

/** The table of decision above its choices. */
export const rollbackDecideDialog = (size: Size): ConsoleView => viewOf(size, rollbackScene(rollbackState('decide', []), decideWaiting), { dialog: true });

export const targetWaiting: Waiting = {
	kind: 'input',
	step: 'target',
	offers: {
		image: {
			suggested: 'cloud-native-poc:1.0.4',
			choices: [
				{ value: 'cloud-native-poc:1.1.0', title: 'cloud-native-poc:1.1.0', detail: 'built 2 h ago', disabled: 'it runs now' },
				{ value: 'cloud-native-poc:1.0.4', title: 'cloud-native-poc:1.0.4', detail: 'last good: healthy 12 d until 01:10 today' },
				{ value: 'cloud-native-poc:1.0.3', title: 'cloud-native-poc:1.0.3', detail: 'healthy 31 d, built 2 months ago' },
				{ value: 'sha256:9f86d081884c', title: '9f86d081884c, without a tag', detail: 'never seen to run' },
			],
		},
	},
};

/** What can be gone back to. */
export const rollbackTarget = (size: Size): ConsoleView => viewOf(size, rollbackScene(rollbackState('target', [decided, listedVersions]), targetWaiting), { dialog: true });

/** The plan, looked at. */
export const rollbackPlanned = (size: Size): ConsoleView =>
	viewOf(size, rollbackScene(rollbackState('backup', [decided, listedVersions, chosen, planned]), { kind: 'confirm', step: 'backup', risk: 'change', command: 'back up /srv/p09/app.db', undo: false }, { selected: 'plan' }));

export const swapWaiting: Waiting = { kind: 'confirm', step: 'swap', risk: 'change', command: 'move cloud-native-poc to cloud-native-poc:1.0.4 as planned (mv-41)', target: 'cloud-native-poc', loses: 'requests under way', undo: false };

const beforeSwap = rollbackState('swap', [decided, listedVersions, chosen, planned, backedUp], { registered: { plan: planValue } });

/** The swap waits to be confirmed. */
export const rollbackAsks = (size: Size): ConsoleView => viewOf(size, rollbackScene(beforeSwap, swapWaiting));

export const rollbackConfirm = (size: Size): ConsoleView => viewOf(size, rollbackScene(beforeSwap, swapWaiting), { dialog: true });

const begun = (amount: number, undoing: boolean, startedAt: number, open: boolean): RolloutProgress['acts'] => {
	const acts = undoing ? rolloutPlan.undoActs : rolloutPlan.acts;
	return acts.slice(0, amount).map((each, index) => ({ act: each, undoing, startedAt: startedAt + index * 300, ...(open && index === amount - 1 ? {} : { tookMs: 12 + index * 97 }) }));
};

const moving = (progress: Partial<RolloutProgress>, over: Partial<Attempt> = {}): StepState => {
	const { endedAt: _ended, outcome: _outcome, words: _words, durationMs: _duration, ...base } = attempt('swap.1', '', 0, { risk: 'change', command: 'move cloud-native-poc to cloud-native-poc:1.0.4 as planned (mv-41)', startedAt: now - 2400 });
	return { id: 'swap', status: over.endedAt === undefined ? 'running' : over.outcome === 'done' ? 'done' : 'failed', attempts: [{ ...base, ...over, rollout: { plan: rolloutPlan, undoing: false, acts: [], ...progress } }], ticked: [] };
};

const before: readonly StepState[] = [decided, listedVersions, chosen, planned, backedUp];

/** In the middle: nobody answers. */
export const rollbackMoves = (size: Size): ConsoleView =>
	viewOf(size, rollbackScene(rollbackState('swap', [...before, moving({ acts: begun(6, false, now - 1900, true) })]), undefined), { output: ['stop cloud-native-poc: done'] });

/** The new one runs and has to prove itself. */
export const rollbackProves = (size: Size): ConsoleView =>
	viewOf(size, rollbackScene(rollbackState('swap', [...before, moving({ acts: begun(8, false, now - 9000, true) })]), undefined), { output: ['start: done', 'starting: 2 of 3 checks passed, 31 s left'] });

/** It did not prove itself, and is taken back. */
export const rollbackTakesBack = (size: Size): ConsoleView => {
	const acts = [...begun(8, false, now - 44_000, true), ...begun(4, true, now - 3000, true)];
	return viewOf(size, rollbackScene(rollbackState('swap', [...before, moving({ acts })]), undefined), { output: ['not healthy within 40 s: exited 1'] });
};

const ended = { end: 'swapped', words: 'cloud-native-poc:1.0.4 serves, healthy after 2.1 s', gapMs: 1310, requests: { sent: 412, failed: 14, longestGapMs: 1400 } } as const;
const swapped = moving({ acts: begun(8, false, now - 9000, false), ...ended }, { endedAt: now - 5000, outcome: 'done', words: ended.words, durationMs: 4100 });

/** After the swap: the window is watched. */
export const rollbackWatches = (size: Size): ConsoleView => {
	const watching: StepState = { id: 'verify', status: 'running', attempts: [{ execution: 'verify.1', command: 'watch health, p95 and error rate for 10 min', risk: 'read', confirmation: 'none', undo: false, startedAt: now - 4000, survivors: [], look: { ok: true, words: 'error rate 0.3 %, p95 221 ms; 9:12 left', at: now - 400 } }], ticked: [] };
	return viewOf(size, rollbackScene(rollbackState('verify', [...before, swapped, watching]), undefined), { output: ['3:14:01 ok', '3:14:04 ok'] });
};

/** The swap, looked at afterwards. */
export const rollbackSwapped = (size: Size): ConsoleView => {
	const view = rollbackState('verify', [...before, swapped]);
	return viewOf(size, rollbackScene(view, undefined, { selected: 'swap' }));
};

/** It could not prove itself, and the old one is back: the person decides. */
export const rollbackRestored = (size: Size): ConsoleView => {
	const words = 'not healthy within 40 s (exited 1); cloud-native-poc:1.1.0 is back';
	const acts = [...begun(8, false, now - 44_000, true), ...begun(5, true, now - 3000, false)];
	const restored = moving({ acts, end: 'restored', words, gapMs: 43_200 }, { endedAt: now - 1000, outcome: 'failed', words, durationMs: 44_000 });
	return viewOf(size, rollbackScene(rollbackState('swap', [...before, restored]), { kind: 'failed', step: 'swap', words, canRetry: true, canRollback: false }));
};

const finished = [...before, swapped, done('verify', 'held for 10 min', 600_000), { id: 'tell', status: 'done', attempts: [], words: 'copied', ticked: [] } satisfies StepState];

/** Over. */
export const rollbackDone = (size: Size): ConsoleView => viewOf(size, rollbackScene(rollbackState(undefined, finished, { endedAt: now - 1000, outcome: 'succeeded', words: 'cloud-native-poc:1.0.4 serves' }), undefined));

const loaded = (playbook: Playbook): LoadedPlaybook => ({ playbook, file: `${playbook.id}.yaml`, text: '', hash: playbook.id, pack: 'p09' });
const { appliesTo: _appliesTo, ...forAny } = rollbackPlaybook;
const genericPlaybook: Playbook = { ...forAny, id: 'generic-rollback', title: 'Roll back any service' };
const undoPlaybook: Playbook = { ...genericPlaybook, id: 'generic-undo', title: 'Take a move back' };

export const rollbacks = (over: Partial<Rollbacks> = {}): Rollbacks => ({
	service,
	offers: [
		{ loaded: loaded(rollbackPlaybook), why: 'for cloud-native-*', values: { service } },
		{ loaded: loaded(genericPlaybook), why: 'for any service', values: { service } },
	],
	moves: [],
	find: (id) => [rollbackPlaybook, genericPlaybook, undoPlaybook].map(loaded).find((each) => each.playbook.id === id),
	...over,
});

const dialogOf = (given: Rollbacks): Dialog => {
	const dialog = rollbackDialog(given);
	if (dialog === undefined) throw new Error('nothing can be rolled back');
	return dialog;
};

export const doneMove = { planId: 'mv-40', words: 'from 1.0.4 to 1.1.0 at 01:10, swapped', from: 'cloud-native-poc:1.0.4', to: 'cloud-native-poc:1.1.0', half: false, undo: { playbook: 'generic-undo', values: { service, plan: 'mv-40' } } } as const;
export const halfMove = { ...doneMove, planId: 'mv-41', words: 'to 1.0.4, begun at 03:12, stopped at "stop cloud-native-poc"', from: 'cloud-native-poc:1.1.0', to: 'cloud-native-poc:1.0.4', half: true, finish: { playbook: 'generic-undo', values: { service, plan: 'mv-41' } } } as const;

/** What `r` asks. */
export const rollbackOffered = (size: Size): ConsoleView => incident(size, { dialog: dialogOf(rollbacks({ moves: [doneMove] })) });

export const rollbackHalf = (size: Size): ConsoleView => incident(size, { dialog: dialogOf(rollbacks({ moves: [halfMove] })) });

export const rollbackHeld = (size: Size): ConsoleView => incident(size, { dialog: dialogOf(rollbacks({ held: { runId: 'r-7', title: 'P0: container crashed', open: true } })) });
