import type { Actor, Journal, JournalEvent, Lease, NewJournalEvent, RunSummary } from '../../../src/domain/journal.ts';
import { JournalError } from '../../../src/domain/journal.ts';
import type { Param } from '../../../src/domain/playbook/param.ts';
import type { LoadedPlaybook, Playbook } from '../../../src/domain/playbook/playbook.ts';
import type { ActionStep, Step } from '../../../src/domain/playbook/step.ts';
import type { TraceAdvice } from '../../../src/domain/run/event.ts';
import type { ActionEnd, ActionPlace, ActionRunner, ActionTrace, ResolvedAction, RunningAction } from '../../../src/domain/run/action.ts';
import type { Responder, RunHandle, StartRequest } from '../../../src/domain/run/control.ts';
import type { Facts } from '../../../src/respond/action/scope.ts';
import type { RunPorts } from '../../../src/respond/run/ports.ts';
import { makeResponder } from '../../../src/respond/run/responder.ts';
import { ManualClock } from '../../support/manualClock.ts';

/** What all consoles of a machine share: the journal's file, without SQLite. */
export class JournalFile {
	readonly events: JournalEvent[] = [];
	readonly leases = new Map<string, { runId: string; holder: Actor; heartbeatAt: number }>();
	/** Sessions whose process is gone. */
	readonly dead = new Set<string>();
	readonly listeners = new Set<() => void>();
	/** Set while nothing can be written. */
	broken: JournalError | undefined;
	/** Set while nothing can be read. */
	readTrouble: JournalError | undefined;
	/** Held back as long as this is: another process has the lock. */
	lock: Promise<void> = Promise.resolve();
	readonly clock: ManualClock;
	/** Called before each append is done, to break in between. */
	beforeAppend: (events: readonly NewJournalEvent[]) => void = () => undefined;
	afterAppend: (events: readonly NewJournalEvent[]) => void = () => undefined;

	constructor(clock: ManualClock) {
		this.clock = clock;
	}

	break(): void {
		this.broken = new JournalError('full', 'the journal cannot be written: no space left', { advice: 'make room on the disk' });
	}

	mend(): void {
		this.broken = undefined;
	}

	kinds(runId?: string): readonly string[] {
		return this.events.filter((entry) => runId === undefined || entry.runId === runId).map((entry) => entry.event.kind);
	}
}

/** What a process that is gone waits for. */
const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

/** A console's way to the journal. Once its process is gone it neither reads nor writes, and gets no answer. */
export const openJournal = (file: JournalFile, session: string): Journal => {
	const alive = (): boolean => !file.dead.has(session);
	const check = (): void => {
		if (file.broken !== undefined) throw file.broken;
	};
	const leaseOf = (service: string): Lease | undefined => {
		const row = file.leases.get(service);
		if (row === undefined) return undefined;
		return { service, ...row, alive: !file.dead.has(row.holder.session) && file.clock.now() - row.heartbeatAt <= 15_000 };
	};
	const put = (service: string, runId: string, holder: Actor): Lease => {
		file.leases.set(service, { runId, holder, heartbeatAt: file.clock.now() });
		const lease = leaseOf(service);
		if (lease === undefined) throw new Error('no lease');
		return lease;
	};
	const add = (events: readonly NewJournalEvent[]): readonly JournalEvent[] => {
		const written = events.map((event, index): JournalEvent => ({ ...structuredClone(event), seq: file.events.length + 1 + index, at: file.clock.now(), hash: 'h' }));
		file.events.push(...written);
		for (const listener of file.listeners) listener();
		return written;
	};
	const journal: Journal = {
		path: '/state/journal.db',
		get trouble() {
			return file.broken;
		},
		async append(events) {
			await file.lock;
			check();
			file.beforeAppend(events);
			const written = add(events);
			file.afterAppend(events);
			return written;
		},
		async probe() {
			await Promise.resolve();
			check();
		},
		readRun: (runId, afterSeq = 0) => (file.readTrouble === undefined ? Promise.resolve(file.events.filter((entry) => entry.runId === runId && entry.seq > afterSeq)) : Promise.reject(file.readTrouble)),
		runs: (filter) => {
			const all = file.events.flatMap((entry): readonly RunSummary[] => {
				if (entry.event.kind !== 'run_started' || entry.runId === undefined) return [];
				const own = file.events.filter((each) => each.runId === entry.runId);
				const { playbookId, title, service, engine, dryRun, parent } = entry.event;
				// A run within a run is open again where it is taken back.
				const from = parent === undefined ? 0 : own.findLastIndex((each) => each.event.kind === 'rollback_started') + 1;
				const end = own.slice(from).find((each) => each.event.kind === 'run_ended');
				return [
					{
						runId: entry.runId,
						playbookId,
						title,
						engine: engine.name,
						startedAt: entry.at,
						startedBy: entry.actor,
						dryRun,
						lastSeq: own.at(-1)?.seq ?? 0,
						...(service === undefined ? {} : { service }),
						...(parent === undefined ? {} : { parentRunId: parent.runId }),
						...(end === undefined ? {} : { endedAt: end.at }),
					},
				];
			});
			return Promise.resolve(all.filter((run) => filter?.unfinished !== true || run.endedAt === undefined).toReversed());
		},
		read: (afterSeq, limit) => Promise.resolve(file.events.filter((entry) => entry.seq > afterSeq).slice(0, limit)),
		onChange(listener) {
			const own = (): void => {
				if (alive()) listener();
			};
			file.listeners.add(own);
			return () => void file.listeners.delete(own);
		},
		async claim(service, runId, holder) {
			await Promise.resolve();
			check();
			const lease = leaseOf(service);
			if (lease !== undefined && !(lease.runId === runId && lease.holder.session === holder.session)) return { granted: false, lease };
			return { granted: true, lease: put(service, runId, holder) };
		},
		async takeOver(service, runId, from, to) {
			await Promise.resolve();
			check();
			const lease = leaseOf(service);
			if (lease === undefined) throw new Error('there is no lease');
			if (lease.runId !== runId || lease.holder.session !== from.session) return { granted: false, lease };
			const taken = put(service, runId, to);
			add([{ actor: to, runId, event: { kind: 'run_taken_over', from: from.session, to: to.session } }]);
			return { granted: true, lease: taken };
		},
		async heartbeat(service, runId, holder) {
			await Promise.resolve();
			check();
			const row = file.leases.get(service);
			if (row === undefined || row.runId !== runId || row.holder.session !== holder.session) return false;
			row.heartbeatAt = file.clock.now();
			return true;
		},
		async release(service, runId, holder) {
			await Promise.resolve();
			check();
			const row = file.leases.get(service);
			if (row?.runId === runId && row.holder.session === holder.session) file.leases.delete(service);
		},
		leases: () => Promise.resolve([...file.leases.keys()].flatMap((service) => leaseOf(service) ?? [])),
		versions: () => Promise.resolve([]),
		rollouts: () => Promise.resolve([]),
		close: () => Promise.resolve(),
	};
	const guard = async <T>(call: () => Promise<T>): Promise<T> => {
		if (!alive()) return never();
		try {
			const answer = await call();
			return alive() ? answer : await never<T>();
		} catch (error) {
			if (!alive()) return never();
			throw error;
		}
	};
	return {
		...journal,
		get trouble() {
			return file.broken;
		},
		append: (events) => guard(() => journal.append(events)),
		probe: () => guard(() => journal.probe()),
		readRun: (...args) => guard(() => journal.readRun(...args)),
		runs: (...args) => guard(() => journal.runs(...args)),
		claim: (...args) => guard(() => journal.claim(...args)),
		takeOver: (...args) => guard(() => journal.takeOver(...args)),
		heartbeat: (...args) => guard(() => journal.heartbeat(...args)),
		release: (...args) => guard(() => journal.release(...args)),
		leases: () => guard(() => journal.leases()),
	};
};

export const doneEnd = (over: Partial<ActionEnd> = {}): ActionEnd => ({
	outcome: 'done',
	words: 'exit 0',
	exitCode: 0,
	durationMs: 10,
	result: { exitCode: 0, stdout: '', stderr: '' },
	survivors: [],
	...over,
});

export const failedEnd = (code = 1, over: Partial<ActionEnd> = {}): ActionEnd =>
	doneEnd({ outcome: 'failed', words: `exit ${code}`, exitCode: code, result: { exitCode: code, stdout: '', stderr: '' }, ...over });

interface Execution {
	readonly folder: string;
	readonly resolved: ResolvedAction;
	readonly secrets: readonly string[];
	readonly timeoutMs: number;
	ended: PromiseWithResolvers<ActionEnd>;
	end?: ActionEnd;
	cancelled: boolean;
	/** Lost with its console: an act on the engine, or a request. */
	lost?: readonly string[];
	/** What the evidence of a lost move speaks for. */
	advice?: TraceAdvice;
	/** True where it only reads. */
	repeatable?: boolean;
	about?: ActionPlace;
}

/** The world in which actions run; it outlives every console. */
export class World {
	readonly executions: Execution[] = [];
	/** How an action ends at once; absent where it goes on until `end` is called. */
	script: (resolved: ResolvedAction, count: number) => ActionEnd | undefined = () => doneEnd();
	/** Called when something is started, before it runs. */
	onStart: (resolved: ResolvedAction, folder: string) => void = () => undefined;

	started(shown: string): number {
		return this.executions.filter((each) => each.resolved.shown === shown).length;
	}

	get shown(): readonly string[] {
		return this.executions.map((each) => each.resolved.shown);
	}

	get running(): readonly Execution[] {
		return this.executions.filter((each) => each.end === undefined && each.lost === undefined);
	}

	end(shown: string, end: ActionEnd = doneEnd()): void {
		const found = this.running.find((each) => each.resolved.shown === shown);
		if (found === undefined) throw new Error(`${shown} does not run`);
		found.end = end;
		found.ended.resolve(end);
	}
}

const running = (execution: Execution, alive: () => boolean): RunningAction => ({
	ended: execution.ended.promise.then((end) => (alive() ? end : never<ActionEnd>())),
	cancel() {
		execution.cancelled = true;
		if (execution.end === undefined) {
			execution.end = failedEnd(143, { outcome: 'cancelled', words: 'cancelled' });
			execution.ended.resolve(execution.end);
		}
		return execution.ended.promise;
	},
	detach: () => undefined,
});

/** A console's way to the world. Once its process is gone nothing is started, and nothing heard. */
export const actionRunner = (world: World, alive: () => boolean): ActionRunner => ({
	async start(resolved, { folder, secrets, timeoutMs, about }) {
		await Promise.resolve();
		if (!alive()) return never();
		world.onStart(resolved, folder);
		const execution: Execution = { folder, resolved, secrets, timeoutMs, ended: Promise.withResolvers(), cancelled: false, ...(about === undefined ? {} : { about }) };
		world.executions.push(execution);
		const end = world.script(resolved, world.started(resolved.shown));
		if (end !== undefined) {
			execution.end = end;
			execution.ended.resolve(end);
		}
		return alive() ? running(execution, alive) : never();
	},
	async trace(_, { folder }): Promise<ActionTrace> {
		await Promise.resolve();
		const execution = world.executions.find((each) => each.folder === folder);
		if (execution === undefined) return { kind: 'unknown', evidence: ['nothing of it was ever started'] };
		if (execution.lost !== undefined) return { kind: 'unknown', evidence: execution.lost, ...(execution.repeatable === undefined ? {} : { repeatable: execution.repeatable }), ...(execution.advice === undefined ? {} : { advice: execution.advice }) };
		return execution.end === undefined ? { kind: 'running', action: running(execution, alive) } : { kind: 'ended', end: execution.end };
	},
	warm: () => undefined,
	close: () => undefined,
});

export const person = (user: string, over: Partial<Actor> = {}): Actor => ({ user, host: 'node-7', session: `boot:${user}:1`, ...over });
export const ada = person('ada');
export const grace = person('grace');

/** A step that runs `run <id>`. */
export const step = (id: string, over: Partial<ActionStep> = {}): ActionStep => ({
	id,
	title: id,
	kind: 'command',
	action: { kind: 'command', run: ['run', id], env: {} },
	risk: 'read',
	timeoutSeconds: 60,
	maxAttempts: 1,
	intervalSeconds: 1,
	onFailure: { do: 'ask' },
	isEnd: false,
	secret: false,
	...over,
});

export const change = (id: string, over: Partial<ActionStep> = {}): ActionStep => step(id, { risk: 'change', ...over });
export const undo = (id: string) => ({ kind: 'command', run: ['undo', id], env: {} }) as const;

/** A step of another kind. */
export const special = <K extends Step['kind']>(kind: K, id: string, over: Omit<Extract<Step, { kind: K }>, keyof ActionStep> & Partial<Extract<Step, { kind: K }>>): Step => {
	const { action: _, kind: __, ...base } = step(id);
	return { ...base, kind, ...over } as unknown as Step;
};

export const playbook = (id: string, steps: readonly Step[], over: Partial<Playbook> = {}): LoadedPlaybook => {
	const whole: Playbook = {
		schemaVersion: 1,
		id,
		version: '1.0.0',
		kind: 'incident',
		title: id,
		notes: [],
		triggers: [],
		params: {},
		phases: [],
		steps,
		draft: false,
		...over,
	};
	return { playbook: whole, file: `${id}.yaml`, text: JSON.stringify(whole), hash: `hash-${id}`, pack: 'test' };
};

export const parse = (text: string): Playbook => JSON.parse(text) as Playbook;

export const param = (type: Param['type'], over: Partial<Param> = {}): Param => ({ type, optional: false, ...over });

/** A machine: one journal, one world, and consoles that come and go. */
export class Machine {
	readonly clock = new ManualClock();
	readonly file = new JournalFile(this.clock);
	readonly world = new World();
	readonly library = new Map<string, LoadedPlaybook>();
	readonly signals = new Map<string, number>();
	/** What the service of a run gives to parameters of a playbook. */
	prefill: RunPorts['prefill'] | undefined;
	#runs = 0;
	#drawn = 0;
	readonly #killed = Promise.withResolvers<void>();

	console(actor: Actor = ada): Responder {
		const facts: Facts = { figure: (figure, name) => this.signals.get(`${figure} ${name}`) ?? { missing: `no sample of ${name}` }, signal: (name) => this.signals.get(name) ?? { missing: `no sample of ${name}` }, probe: (name) => ({ missing: `no probe ${name}` }) };
		return makeResponder({
			journal: openJournal(this.file, actor.session),
			actions: actionRunner(this.world, () => !this.file.dead.has(actor.session)),
			facts: () => facts,
			clock: this.clock,
			// Never the same twice, as chance would have it: time stands still here.
			random: () => (++this.#drawn * 0.618_034) % 1,
			newId: () => `run-${++this.#runs}`,
			findPlaybook: (id) => this.library.get(id),
			prefill: (loaded, service) => this.prefill?.(loaded, service) ?? {},
			parse: (text) => parse(text),
			stateFolder: '/state',
			openOutput: (folder) => ({ tail: () => ({ lines: [{ stream: 'stdout', text: folder }], above: 0, droppedBytes: 0 }), close: () => undefined }),
			engine: { name: 'docker', address: 'unix:///run/docker.sock', hostName: 'node-7' },
			actor,
		});
	}

	/** The process of a console is gone, with nothing said. Its supervised commands go on. */
	kill(actor: Actor): void {
		this.file.dead.add(actor.session);
		this.#killed.resolve();
	}

	/** What a console does, for as long as it lives. */
	untilKilled(task: Promise<unknown>): Promise<unknown> {
		return Promise.race([task, this.#killed.promise]);
	}

	start(loaded: LoadedPlaybook, over: Partial<StartRequest> = {}, actor: Actor = ada): Promise<RunHandle> {
		return this.console(actor).start({ playbook: loaded, params: {}, secrets: {}, service: 'web', dryRun: false, ...over });
	}
}

/** Statuses of the steps of a run, by id. */
export const statuses = (handle: RunHandle): Readonly<Record<string, string>> => Object.fromEntries(handle.state.steps.map((each) => [each.id, each.status]));

/** Confirms whatever waits, in the way it wants. */
export const confirm = async (handle: RunHandle): Promise<void> => {
	const { waiting } = handle;
	if (waiting?.kind !== 'confirm') throw new Error(`it waits for ${waiting?.kind ?? 'nothing'}`);
	const refused = await handle.command({ kind: 'confirm', step: waiting.step, how: waiting.typed === undefined ? 'key' : 'typed', ...(waiting.typed === undefined ? {} : { typed: waiting.typed }) });
	if (refused !== undefined) throw new Error(refused.refused);
};
