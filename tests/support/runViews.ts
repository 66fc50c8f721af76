import type { RunScene } from '../../src/console/reduce/scene.ts';
import { answerDialog } from '../../src/console/run/asks.ts';
import { formFields, startForm } from '../../src/console/run/form.ts';
import { runView } from '../../src/console/run/select.ts';
import type { PickerItem } from '../../src/console/run/view.ts';
import type { ConsoleView, Dialog } from '../../src/console/view.ts';
import type { Actor } from '../../src/domain/journal.ts';
import type { Playbook } from '../../src/domain/playbook/playbook.ts';
import type { ActionStep, Step } from '../../src/domain/playbook/step.ts';
import type { ResolvedStep } from '../../src/domain/run/control.ts';
import type { Attempt, RunState, StepState, Waiting } from '../../src/domain/run/state.ts';
import { now } from './containers.ts';
import { incident, type Size } from './views.ts';

const host = 'prod-1 (node-7)';
const ada: Actor = { user: 'ada', host: 'node-7', session: 'boot:1:2' };
const grace: Actor = { user: 'grace', host: 'node-7', session: 'boot:3:4' };

const step = (id: string, title: string, over: Partial<ActionStep> = {}): Step => ({
	id,
	title,
	kind: 'command',
	action: { kind: 'command', run: ['true'], env: {} },
	risk: 'read',
	timeoutSeconds: 60,
	maxAttempts: 1,
	intervalSeconds: 1,
	onFailure: { do: 'ask' },
	isEnd: false,
	secret: false,
	...over,
});

const steps: readonly Step[] = [
	step('state', 'What the container says', { phase: 'immediate', source: 'P09 runbook, P0 step 1' }),
	step('logs', 'The last lines of its log', { phase: 'immediate' }),
	step('start', 'Start it again', {
		phase: 'immediate',
		risk: 'change',
		note: 'The runbook says docker restart. A container that was started with --rm would be gone after it, so it is started, not restarted.',
	}),
	step('verify', 'Wait until it is healthy', { phase: 'immediate' }),
	step('cause', 'Find the cause', { phase: 'investigation' }),
	step('memory', 'Give it more memory', { phase: 'investigation', risk: 'change' }),
	step('wipe', 'Delete the damaged database', { phase: 'investigation', risk: 'destructive' }),
	step('report', 'Write down what happened', { phase: 'investigation' }),
	step('end', 'Tell the team', { phase: 'investigation' }),
];

export const crashedPlaybook: Playbook = {
	schemaVersion: 1,
	id: 'p09-p0-container-crashed',
	version: '1.0.0',
	kind: 'incident',
	severity: 'P0',
	title: 'P0: container crashed',
	summary: 'Finds out why the container ended, brings it back, and makes sure that it stays.',
	notes: [],
	triggers: [{ rule: 'container-down' }],
	params: { container: { type: 'container', optional: false }, image: { type: 'image', title: 'Image to go back to', optional: true }, token: { type: 'secret', optional: false } },
	phases: [
		{ id: 'immediate', title: 'immediate', budgetMinutes: 5 },
		{ id: 'investigation', title: 'investigation', budgetMinutes: 15 },
	],
	steps,
	draft: false,
};

const attempt = (execution: string, command: string, words: string, durationMs: number, over: Partial<Attempt> = {}): Attempt => ({
	execution,
	command,
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

const pending = (id: string): StepState => ({ id, status: 'pending', attempts: [], ticked: [] });
const done = (id: string, command: string, words: string, ms: number): StepState => ({ id, status: 'done', attempts: [attempt(`${id}.1`, command, words, ms)], ticked: [] });

const stateAt = (current: string | undefined, standing: readonly StepState[], over: Partial<RunState> = {}): RunState => ({
	id: 'r-7',
	playbook: crashedPlaybook,
	hash: 'f00d',
	params: { container: 'cloud-native-poc' },
	secretNames: ['token'],
	service: 'cloud-native-poc',
	engine: { name: 'prod-1', address: 'ssh://ops@prod-1', hostName: 'node-7' },
	dryRun: false,
	startedAt: now - 42_000,
	startedBy: ada,
	faultAt: now - 252_000,
	steps: steps.map((each) => standing.find((one) => one.id === each.id) ?? pending(each.id)),
	...(current === undefined ? {} : { current }),
	path: standing.map((each) => each.id),
	cancelling: false,
	rollingBack: false,
	registered: {},
	notes: [],
	phases: { immediate: { enteredAt: now - 42_000 } },
	lastSeq: 12,
	...over,
});

const looked = [done('state', "docker inspect -f '{{json .State}}' cloud-native-poc", 'exited 137, killed for memory', 112), done('logs', 'docker logs --tail 200 cloud-native-poc', '200 lines, 14 errors', 208)];

const sceneOf = (state: RunState, waiting: Waiting | undefined, over: Partial<RunScene> = {}): RunScene => ({
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

const resolved = new Map<string, ResolvedStep>(
	([
		['start', 'docker start cloud-native-poc', 'change'],
		['verify', 'curl -fsS http://localhost:8000/health', 'read'],
		['memory', 'docker update --memory 128m cloud-native-poc', 'change'],
		['wipe', 'rm -f /srv/p09/app.db', 'destructive'],
	] as const).map(([id, command, risk]) => [id, { id, title: id, kind: 'command', risk, command, target: 'cloud-native-poc', confirmation: 'Enter' }]),
);

const output = (lines: number): Parameters<typeof runView>[0]['output'] => ({
	lines: Array.from({ length: lines }, (_, index) => ({ stream: index % 7 === 3 ? ('stderr' as const) : ('stdout' as const), text: `03:14:${String(index % 60).padStart(2, '0')} worker ${index % 4}: page ${index} of 4,096 checked` })),
	above: 12_480,
	droppedBytes: 0,
});

const viewOf = (size: Size, scene: RunScene, given: { readonly lines?: number; readonly dialog?: Dialog; readonly zoom?: boolean } = {}): ConsoleView =>
	incident(size, {
		focus: 'playbook',
		playbookPresent: true,
		playbook: { unfinished: [], run: runView({ scene, now, host, resolved, output: given.lines === undefined ? undefined : output(given.lines) }) },
		...(given.zoom === true ? { zoom: 'playbook' as const } : {}),
		...(given.dialog === undefined ? {} : { dialog: given.dialog }),
	});

const confirmStart: Waiting = { kind: 'confirm', step: 'start', risk: 'change', command: 'docker start cloud-native-poc', target: 'cloud-native-poc', loses: 'nothing', undo: false };

/** A run at its change, waiting for this. */
export const runSceneOf = (waiting: Waiting): RunScene => sceneOf(stateAt('start', looked), waiting);

/** A change waits for its confirmation. */
export const runAsks = (size: Size): ConsoleView => viewOf(size, sceneOf(stateAt('start', looked), confirmStart));

/** A step is under way and prints. */
export const runWorks = (size: Size): ConsoleView => {
	const running: StepState = { id: 'verify', status: 'running', attempts: [{ execution: 'verify.1', command: 'curl -fsS http://localhost:8000/health', risk: 'read', confirmation: 'none', undo: false, startedAt: now - 4000, survivors: [], look: { ok: false, words: '503 in 12 ms, 0 of 3 in a row', at: now - 400 } }], ticked: [] };
	return viewOf(size, sceneOf(stateAt('verify', [...looked, done('start', 'docker start cloud-native-poc', 'started', 240), running]), undefined), { lines: 40 });
};

export const runWorksZoomed = (size: Size): ConsoleView => ({ ...runWorks(size), zoom: 'playbook' });

const failedWaiting: Waiting = { kind: 'failed', step: 'verify', words: 'expected status == 200, got 503, for 60 s', canRetry: true, canRollback: true };
const failedState = stateAt('verify', [
	...looked,
	done('start', 'docker start cloud-native-poc', 'started', 240),
	{ id: 'verify', status: 'failed', attempts: [attempt('verify.1', 'curl -fsS http://localhost:8000/health', 'expected status == 200, got 503, for 60 s', 60_000, { outcome: 'failed' })], ticked: [] },
]);

/** A step has failed, and the person decides. */
export const runFailed = (size: Size): ConsoleView => {
	const scene = sceneOf(failedState, failedWaiting);
	return viewOf(size, scene, { lines: 3, dialog: dialogOf(scene) });
};

const dialogOf = (scene: RunScene): Dialog => {
	const dialog = answerDialog(scene, host);
	if (dialog === undefined) throw new Error('it waits for nothing');
	return dialog;
};

/** A step was cancelled; not all of it is gone, and something else is to be known. */
export const runRemains = (size: Size): ConsoleView => {
	const cancelled = attempt('verify.1', 'sh -c serve', 'cancelled', 900, { outcome: 'cancelled', survivors: ['12 sleep'], left: ['13 serve\u001b[2J'], note: 'no permission to end 12 sleep' });
	return viewOf(size, sceneOf(stateAt('verify', [...looked, { id: 'verify', status: 'cancelled', attempts: [cancelled], ticked: [] }]), undefined), { lines: 40 });
};

/** Another console acts. */
export const runWatched = (size: Size): ConsoleView => viewOf(size, sceneOf(stateAt('start', looked), confirmStart, { role: 'watching', actor: grace, holder: 'ada on node-7' }));

/** The causes of a branch with their evidence. */
export const runBranch = (size: Size): ConsoleView => {
	const waiting: Waiting = {
		kind: 'choose',
		step: 'cause',
		suggested: 1,
		choices: [
			{ title: 'It ended by itself with an error', holds: false, evidence: 'exit 137', nextStep: 'report' },
			{ title: 'Killed for memory', holds: true, evidence: 'OOMKilled true, limit 64 MiB', nextStep: 'memory' },
			{ title: 'The database is damaged', holds: undefined, evidence: 'no sample of probe.db.corrupt', nextStep: 'wipe' },
		],
	};
	const scene = sceneOf(stateAt('cause', looked), waiting);
	return viewOf(size, scene, { dialog: dialogOf(scene) });
};

/** A destructive step: its target has to be typed. */
export const runDestroys = (size: Size): ConsoleView => {
	const waiting: Waiting = { kind: 'confirm', step: 'wipe', risk: 'destructive', command: 'rm -f /srv/p09/app.db', target: '/srv/p09/app.db', loses: 'every row written since the backup of 02:00: 1,204 rows', typed: '/srv/p09/app.db', undo: false };
	const scene = sceneOf(stateAt('wipe', looked), waiting);
	return viewOf(size, scene, { dialog: dialogOf(scene) });
};

/** The run is over. */
export const runDone = (size: Size): ConsoleView =>
	viewOf(size, sceneOf(stateAt(undefined, [...looked, done('start', 'docker start cloud-native-poc', 'started', 240), done('verify', 'curl -fsS http://localhost:8000/health', '200 in 9 ms, 3 in a row', 6100)], { endedAt: now - 1000, outcome: 'succeeded', words: 'healthy again after 4:11' }), undefined));

/** Something started, and its end was not seen. */
export const runUnknown = (size: Size): ConsoleView => {
	const waiting: Waiting = { kind: 'unknown', step: 'start', execution: 'start.1', evidence: ['started 03:13:25 by ada, no end recorded', 'cloud-native-poc runs since 03:13:26'], unless: true };
	const scene = sceneOf(stateAt('start', [...looked, { id: 'start', status: 'unknown', attempts: [attempt('start.1', 'docker start cloud-native-poc', '', 0)], ticked: [] }]), waiting);
	return viewOf(size, scene, { dialog: dialogOf(scene) });
};

const offers: readonly PickerItem[] = [
	{ id: 'r-6', kind: 'run', title: 'Unfinished: P2: database locked', why: 'worker, started by grace', fires: true },
	{ id: 'p09-p0-container-crashed', kind: 'playbook', title: 'P0: container crashed', severity: 'P0', why: 'container-down fires', fires: true },
	{ id: 'generic-oom', kind: 'playbook', title: 'Out of memory', severity: 'P0', why: 'oom-kill fires', fires: true },
	{ id: 'p09-p1-latency', kind: 'playbook', title: 'P1: slow answers', severity: 'P1', why: 'fits the service', fires: false },
	{ id: 'p09-backup', kind: 'playbook', title: 'Back up the database', why: 'fits the service', fires: false },
	{ id: 'team-reset', kind: 'playbook', title: 'Reset the team cache', why: 'fits any container', fires: false, disabled: 'a draft that nobody has reviewed' },
];

/** The picker over an incident. */
export const picker = (size: Size): ConsoleView =>
	incident(size, { dialog: { kind: 'picker', title: 'Playbooks for cloud-native-poc', service: 'cloud-native-poc', query: '', all: offers, items: offers, selected: 1 } });

/** Parameters before a run. */
export const startDialog = (size: Size): ConsoleView => {
	const fields = formFields(crashedPlaybook.params, { container: 'cloud-native-poc' });
	return incident(size, {
		dialog: startForm({
			id: crashedPlaybook.id,
			title: crashedPlaybook.title,
			...(crashedPlaybook.summary === undefined ? {} : { summary: crashedPlaybook.summary }),
			fields: fields.map((field) => (field.name === 'image' ? { ...field, value: '-x', problem: 'expected an image reference, found "-x"' } : field)),
			service: 'cloud-native-poc',
		}),
	});
};

/** Runs that nobody has finished. */
/** While somebody looks at something else. */
export const offered = (size: Size): ConsoleView => {
	const runs = ['P2: database locked on worker', 'Roll back the deployment on api', 'P3: memory on api'].map((words, index) => ({ runId: `r-${index}`, words }));
	return incident(size, { playbookOffers: runs.length, playbook: { unfinished: runs } });
};

export const unfinished = (size: Size): ConsoleView =>
	incident(size, {
		focus: 'playbook',
		playbookPresent: true,
		playbook: { unfinished: [{ runId: 'r-6', words: 'P2: database locked on worker' }], words: { kind: 'empty', text: 'a run is not finished', advice: 'p lists them: choose one to carry on' } },
	});
