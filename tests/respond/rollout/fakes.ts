import type { ContainerDetail, ContainerSummary } from '../../../src/domain/container.ts';
import { EngineError } from '../../../src/domain/engine.ts';
import { JournalError, type Actor, type JournalEvent, type Lease, type NewJournalEvent, type RolloutRecord, type VersionRecord } from '../../../src/domain/journal.ts';
import type { RolloutAction } from '../../../src/domain/playbook/step.ts';
import type { Probe } from '../../../src/domain/probe.ts';
import type { FoundSubject, RolloutAct, RolloutEngine, RolloutHooks, RolloutOutcome, RolloutPlan, RolloutStanding, RolloutState, ServiceVersion } from '../../../src/domain/rollout.ts';
import type { MoveJournal, RequestEnd, RolloutSpec, RolloutToolPorts } from '../../../src/respond/rollout/ports.ts';
import { container, detail } from '../../support/fakeEngine.ts';
import { ManualClock } from '../../support/manualClock.ts';

export const actor: Actor = { user: 'ops', host: 'host-1', session: 'boot:1:1' };

export const version = (image: string, over: Partial<ServiceVersion> = {}): ServiceVersion => ({ image, imageId: `sha256:${image}`, tags: [image], runs: [], current: false, pinned: false, labels: {}, ...over });

export const record = (image: string, over: Partial<VersionRecord> = {}): VersionRecord => ({
	service: 'api',
	engine: 'unix:///fake',
	image,
	imageId: `sha256:${image}`,
	firstSeenAt: 0,
	lastSeenAt: 0,
	healthyMs: 0,
	words: '',
	...over,
});

const act = (id: string, serving: RolloutAct['serving']): RolloutAct => ({ id, words: `${id} api`, leaves: `left before ${id}`, serving });

export const plan = (over: Partial<RolloutPlan> = {}): RolloutPlan => ({
	id: 'plan0001',
	subject: { id: 'c1', name: 'api' },
	from: { image: 'api:1.1.0', imageId: 'sha256:api:1.1.0' },
	to: { image: 'api:1.0.0', imageId: 'sha256:api:1.0.0' },
	way: 'stop-first',
	wayWhy: 'it has a port',
	changes: [{ field: 'image', before: 'api:1.1.0', after: 'api:1.0.0' }],
	kept: ['1 mount'],
	lost: ['its log'],
	downtime: { expectedMs: 460, basis: 'measured' },
	findings: [{ level: 'fine', what: 'image', why: 'it is there' }],
	acts: [act('create', 'old'), act('stop', 'old'), act('start', 'nobody'), act('prove', 'new')],
	undoActs: [act('halt', 'new'), act('restart', 'nobody')],
	proof: 'healthy within 40 s',
	data: { secretless: true },
	...over,
});

export const move = (over: Partial<RolloutRecord> = {}, planOver: Partial<RolloutPlan> = {}): RolloutRecord => {
	const made = plan(planOver);
	return { planId: made.id, service: 'api', runId: 'r-1', state: { plan: made }, begunAt: 0, undoing: false, retired: false, ...over };
};

/** An engine in memory that moves one service. */
export class FakeRollout implements RolloutEngine {
	readonly calls: string[] = [];
	found: FoundSubject = { id: 'c1', name: 'api', kind: 'container', containers: ['api'] };
	known: readonly ServiceVersion[] = [];
	planned: RolloutPlan = plan();
	standing: Partial<RolloutStanding> = {};
	/** How a swap ends where nothing stops it. */
	ends: RolloutOutcome['end'] = 'swapped';
	/** Awaited in the middle of each act. */
	during: (act: RolloutAct) => Promise<void> = () => Promise.resolve();
	proofs: { readonly ok: boolean; readonly words: string }[] = [];

	subject(name: string): Promise<FoundSubject> {
		return name === 'nobody' ? Promise.reject(new EngineError('not-found', 'there is no nobody', { advice: 'Look.' })) : Promise.resolve(this.found);
	}

	versions(): Promise<readonly ServiceVersion[]> {
		return Promise.resolve(this.known);
	}

	plan(_subject: unknown, to: string): Promise<RolloutPlan> {
		this.calls.push(`plan ${to}`);
		return Promise.resolve(this.planned);
	}

	swap(swapped: RolloutPlan, hooks: RolloutHooks = {}): Promise<RolloutOutcome> {
		this.calls.push('swap');
		return this.#move({ plan: swapped }, hooks, swapped.acts, this.ends);
	}

	finish(state: RolloutState, hooks: RolloutHooks = {}): Promise<RolloutOutcome> {
		this.calls.push('finish');
		return this.#move(state, hooks, state.plan.acts, 'swapped');
	}

	undo(state: RolloutState, hooks: RolloutHooks = {}): Promise<RolloutOutcome> {
		this.calls.push('undo');
		return this.#move(state, hooks, state.plan.undoActs, 'restored');
	}

	examine(state: RolloutState): Promise<RolloutStanding> {
		return Promise.resolve({ stage: 'half', serving: 'old', evidence: ['old: api runs'], finish: { possible: true, why: 'f' }, undo: { possible: true, why: 'u' }, state, ...this.standing });
	}

	retire(): Promise<void> {
		this.calls.push('retire');
		return Promise.resolve();
	}

	fetch(image: string, onProgress: (words: string) => void): Promise<void> {
		this.calls.push(`fetch ${image}`);
		onProgress('Downloading');
		this.planned = plan();
		return Promise.resolve();
	}

	pin(service: string, imageId: string): Promise<string> {
		this.calls.push(`pin ${service} ${imageId}`);
		return Promise.resolve('pinned');
	}

	pins(): Promise<readonly { readonly name: string; readonly imageId: string }[]> {
		return Promise.resolve([]);
	}

	unpin(): Promise<void> {
		return Promise.resolve();
	}

	async #move(state: RolloutState, hooks: RolloutHooks, acts: readonly RolloutAct[], end: RolloutOutcome['end']): Promise<RolloutOutcome> {
		const all = end === 'restored' && acts === state.plan.acts ? [...acts, ...state.plan.undoActs] : acts;
		const made: RolloutState = { ...state, freshId: 'c2' };
		for (const each of all) {
			await hooks.before?.(each, made);
			await this.during(each);
			if (each.id === 'prove' && hooks.prove !== undefined) this.proofs.push(await hooks.prove({ id: 'c2', name: 'api' }, AbortSignal.timeout(10_000)));
			await hooks.after?.(each, made, 12.4);
		}
		return { end, words: end === 'swapped' ? 'api:1.0.0 runs as api: healthy' : 'not healthy. api:1.1.0 is back as api', state: made, gapMs: 250.6, tookMs: 1200.2 };
	}
}

/** A journal in memory, with the projections that moves need. */
export class FakeJournal implements MoveJournal {
	readonly events: JournalEvent[] = [];
	records: readonly VersionRecord[] = [];
	moves: readonly RolloutRecord[] = [];
	/** Says which write fails. */
	fails: (events: readonly NewJournalEvent[]) => JournalError | undefined = () => undefined;
	readonly leases = new Map<string, Lease>();
	readonly #clock: ManualClock;

	constructor(clock: ManualClock) {
		this.#clock = clock;
	}

	get kinds(): readonly string[] {
		return this.events.map(({ event }) => (event.kind === 'rollout_act' ? `${event.stage} ${event.act.id}${event.undoing ? ' back' : ''}` : event.kind));
	}

	append(events: readonly NewJournalEvent[]): Promise<readonly JournalEvent[]> {
		const error = this.fails(events);
		if (error !== undefined) return Promise.reject(error);
		const stored = events.map((event, index): JournalEvent => ({ ...event, seq: this.events.length + index + 1, at: this.#clock.now(), hash: '' }));
		this.events.push(...stored);
		return Promise.resolve(stored);
	}

	readRun(runId: string): Promise<readonly JournalEvent[]> {
		return Promise.resolve(this.events.filter((event) => event.runId === runId));
	}

	versions(): Promise<readonly VersionRecord[]> {
		return Promise.resolve(this.records);
	}

	rollouts({ service, engine, planId, unended }: { readonly service?: string; readonly engine?: string; readonly planId?: string; readonly unended?: boolean } = {}): Promise<readonly RolloutRecord[]> {
		return Promise.resolve(
			this.moves.filter((each) => (service === undefined || each.service === service) && (planId === undefined || each.planId === planId) && (engine === undefined || (this.#engineOf(each.runId) ?? engine) === engine) && (unended === undefined || unended === (each.end === undefined))),
		);
	}

	#engineOf(runId: string): string | undefined {
		return this.events.flatMap((each) => (each.runId === runId && each.event.kind === 'run_started' ? [each.event.engine.address] : []))[0];
	}

	claim(service: string, runId: string, holder: Actor): Promise<{ readonly granted: boolean; readonly lease: Lease }> {
		const held = this.leases.get(service);
		if (held !== undefined && held.holder.session !== holder.session) return Promise.resolve({ granted: false, lease: held });
		const lease = { service, runId, holder, heartbeatAt: this.#clock.now(), alive: true };
		this.leases.set(service, lease);
		return Promise.resolve({ granted: true, lease });
	}

	heartbeat(): Promise<boolean> {
		return Promise.resolve(true);
	}

	release(service: string, _runId: string, holder: Actor): Promise<void> {
		if (this.leases.get(service)?.holder.session === holder.session) this.leases.delete(service);
		return Promise.resolve();
	}
}

export const full = new JournalError('full', 'the journal cannot be written: the disk is full', { advice: 'Make room.' });

/** Everything a step needs, in memory. */
export class Bench {
	readonly clock = new ManualClock();
	readonly rollout = new FakeRollout();
	readonly journal = new FakeJournal(this.clock);
	readonly lines: string[] = [];
	readonly cancel = new AbortController();
	/** What runs once it is moved; absent where it is no container. */
	fresh: (ContainerSummary & { detail: ContainerDetail }) | undefined = { ...container('api', { id: 'c2' }), detail: detail() };
	probes: readonly Probe[] = [];
	answer: (url: string) => Promise<RequestEnd> = () => Promise.resolve('answered');

	get ports(): RolloutToolPorts {
		return {
			rollout: this.rollout,
			engine: { inspect: () => Promise.resolve(this.fresh), exec: () => Promise.reject(new Error('no exec here')) },
			journal: this.journal,
			clock: this.clock,
			print: (line) => void this.lines.push(line),
			signal: this.cancel.signal,
			makeProbes: () => Promise.resolve(this.probes),
			request: (url) => this.answer(url),
			self: { ...actor, session: 'boot:2:2' },
		};
	}

	spec(action: Partial<RolloutAction> & Pick<RolloutAction, 'action'>, more: Partial<RolloutSpec> = {}): RolloutSpec {
		return {
			tool: 'rollout',
			action: { kind: 'rollout', service: 'api', ...action },
			engineAddress: 'unix:///fake',
			timeoutMs: 600_000,
			journal: '/state/journal.db',
			actor,
			runId: 'r-1',
			step: action.action,
			execution: `${action.action}.1`,
			service: 'api',
			probes: [],
			...more,
		};
	}

	/** As if a plan step of the run had shown it. */
	async show(value: Readonly<Record<string, unknown>>, runId = 'r-1'): Promise<void> {
		await this.journal.append([{ actor, runId, event: { kind: 'step_ended', step: 'plan', execution: 'plan.1', outcome: 'done', words: '', durationMs: 1, value } }]);
	}

	async started(runId: string, address: string, parent?: string): Promise<void> {
		await this.journal.append([
			{
				actor,
				runId,
				event: { kind: 'run_started', playbookId: 'p', version: '1', title: 'P', hash: '', text: '', file: '', params: {}, secrets: [], engine: { name: 'e', address, hostName: 'h' }, dryRun: false, ...(parent === undefined ? {} : { parent: { runId: parent, execution: 'x.1' } }) },
			},
		]);
	}
}
