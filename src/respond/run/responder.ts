import { ParamError, readParams } from '../action/params.ts';
import type { ReadParams } from '../action/params.ts';
import type { JournalEvent, Lease } from '../../domain/journal.ts';
import { JournalError } from '../../domain/journal.ts';
import type { Responder, RunHandle, StartRequest } from '../../domain/run/control.ts';
import type { RunEvent } from '../../domain/run/event.ts';
import type { ChildRequest, ChildRuns } from './children.ts';
import { maxDepth } from './children.ts';
import { LeaseHeld, RunError, UnknownRunError } from './errors.ts';
import { applyEvent, foldRun } from './fold.ts';
import { leaseKeyOf } from './leaseKey.ts';
import type { HeldLease } from './lease.ts';
import { borrowed, LeaseKeeper } from './lease.ts';
import { overviewOf } from './overview.ts';
import type { RunPorts } from './ports.ts';
import { Run } from './run.ts';
import { Secrets } from './secrets.ts';
import type { FoldedRun } from './track.ts';
import { viewOf } from './view.ts';

const startEvent = (ports: RunPorts, request: StartRequest, read: ReadParams): Extract<RunEvent, { kind: 'run_started' }> => {
	const { playbook, text, file, hash } = request.playbook;
	return {
		kind: 'run_started',
		playbookId: playbook.id,
		version: playbook.version,
		title: playbook.title,
		hash,
		text,
		file,
		params: read.params,
		secrets: read.secretNames,
		...(request.service === undefined ? {} : { service: request.service }),
		engine: ports.engine,
		dryRun: request.dryRun,
		...(request.parent === undefined ? {} : { parent: request.parent }),
		...(request.faultAt === undefined ? {} : { faultAt: request.faultAt }),
	};
};

/** The state of a run that has just begun, with nothing recorded. */
const firstState = (ports: RunPorts, request: StartRequest, event: RunEvent): FoldedRun | undefined => {
	const entry: JournalEvent = { actor: ports.actor, event, seq: 0, at: ports.clock.now(), hash: '' };
	return applyEvent(undefined, entry, () => request.playbook.playbook);
};

class RunResponder implements Responder {
	readonly #ports: RunPorts;
	/** Runs this console carries out or looks at, by id. */
	readonly #live = new Map<string, Set<Run>>();
	readonly #children: ChildRuns;

	constructor(ports: RunPorts) {
		this.#ports = ports;
		this.#children = {
			start: (parent, request) => this.#startChild(parent, request),
			resume: (parent, execution, lease) => this.#resumeChild(parent, execution, lease),
			rollBack: (parent, runId, lease) => this.#rollBackChild(parent, runId, lease),
			watch: async (parentRunId, execution, runId) => {
				const id = runId ?? (await this.#childId(parentRunId, execution));
				return id === undefined ? undefined : this.#look(id);
			},
		};
	}

	get actor() {
		return this.#ports.actor;
	}

	async start(request: StartRequest): Promise<RunHandle> {
		const { playbook } = request.playbook;
		if (playbook.draft) throw new RunError(`${playbook.id} is a draft that nobody has reviewed`, `sitrep playbook review ${request.playbook.file}`);
		const read = this.#read(request);
		const event = startEvent(this.#ports, request, read);
		const id = this.#ports.newId();
		const state = firstState(this.#ports, request, event);
		if (state === undefined) throw new RunError('the run could not be begun', 'this is a fault of sitrep');
		const lease = request.dryRun ? undefined : await this.#claim(leaseKeyOf(state), id);
		return this.#begin(id, event, read, lease);
	}

	async open(runId: string, options: { readonly act: boolean }): Promise<RunHandle> {
		const acting = [...(this.#live.get(runId) ?? [])].find((run) => run.live && run.role === 'acting');
		if (acting !== undefined) return acting;
		const run = await this.#look(runId);
		if (!options.act || run.state.endedAt !== undefined) return run;
		const { parent } = run.state;
		if (parent === undefined) {
			// Where somebody else acts it stays with watching; the role says so.
			await run.takeOver(false);
			return run;
		}
		let { child } = await this.open(parent.runId, options);
		for (let depth = 0; child !== undefined && child.id !== runId && depth < maxDepth; depth++) child = child.child;
		if (child === undefined) return run;
		await run.leave();
		return child;
	}

	async unfinished() {
		return (await this.#ports.journal.runs({ unfinished: true })).filter((run) => run.endedAt === undefined);
	}

	resolve(request: StartRequest) {
		const event = startEvent(this.#ports, request, this.#readLoosely(request));
		const state = firstState(this.#ports, request, event);
		if (state === undefined) return [];
		return overviewOf(state, viewOf(state, new Secrets(), this.#ports.facts(request.service)));
	}

	async close(): Promise<void> {
		const all = [...this.#live.values()].flatMap((runs) => [...runs]);
		this.#live.clear();
		await Promise.all(all.map((run) => run.leave()));
	}

	#read(request: StartRequest): ReadParams {
		const prefilled = this.#ports.prefill?.(request.playbook, request.service);
		return readParams(request.playbook.playbook.params, request.params, { secrets: request.secrets, ...(prefilled === undefined ? {} : { prefilled }) });
	}

	/** For a look at a playbook before all of its parameters are there. */
	#readLoosely(request: StartRequest): ReadParams {
		try {
			return this.#read(request);
		} catch (error) {
			if (!(error instanceof ParamError)) throw error;
			const definitions = Object.entries(request.playbook.playbook.params);
			const defaults = definitions.flatMap(([name, param]) => (param.type === 'secret' || param.default === undefined ? [] : [[name, param.default] as const]));
			const secretNames = definitions.filter(([, param]) => param.type === 'secret').map(([name]) => name);
			const given = Object.entries(request.params).filter(([name]) => !secretNames.includes(name));
			return { params: Object.fromEntries([...defaults, ...given]), secrets: {}, secretsWanted: secretNames, secretNames };
		}
	}

	#make(id: string): Run {
		const run = new Run(this.#ports, this.#children, id);
		const runs = new Set([...(this.#live.get(id) ?? [])].filter((each) => each.live));
		runs.add(run);
		this.#live.set(id, runs);
		return run;
	}

	async #look(id: string): Promise<Run> {
		const run = this.#make(id);
		await run.load();
		if (run.recorder.state !== undefined) return run;
		await run.leave();
		throw new UnknownRunError(id);
	}

	async #begin(id: string, event: RunEvent, read: ReadParams, lease: HeldLease | undefined): Promise<Run> {
		const run = this.#make(id);
		for (const [name, value] of Object.entries(read.secrets)) run.secrets.set(name, value);
		// An optional secret that was not given is not asked for.
		for (const name of read.secretNames) if (!(name in read.secrets) && !read.secretsWanted.includes(name)) run.secrets.set(name, '');
		if (lease !== undefined) run.recorder.beforeRecovery = () => lease.ensure();
		await run.recorder.keep([event]);
		await run.act(lease, 'start');
		return run;
	}

	/** @throws LeaseHeld */
	async #claim(key: string, id: string): Promise<HeldLease> {
		const { journal, actor } = this.#ports;
		try {
			let { granted, lease } = await journal.claim(key, id, actor);
			if (!granted && (await this.#clear(lease))) ({ granted, lease } = await journal.claim(key, id, actor));
			if (!granted) throw await this.#held(lease);
			return new LeaseKeeper(this.#ports, key, id);
		} catch (error) {
			// Its reading steps can still help; nothing else runs before the lease is there.
			if (error instanceof JournalError) return new LeaseKeeper(this.#ports, key, id, false);
			throw error;
		}
	}

	/** Frees a lease that a dead console left behind without a run that could be resumed. @returns whether it is free */
	async #clear(lease: Lease): Promise<boolean> {
		const { journal, actor } = this.#ports;
		const state = foldRun(await journal.readRun(lease.runId), this.#ports.parse);
		const idle = state === undefined ? !lease.alive : state.endedAt !== undefined;
		if (!idle) return false;
		const { granted } = await journal.takeOver(lease.service, lease.runId, lease.holder, actor);
		if (granted) await journal.release(lease.service, lease.runId, actor);
		return granted;
	}

	async #held(lease: Lease): Promise<LeaseHeld> {
		const first = (await this.#ports.journal.readRun(lease.runId))[0];
		return new LeaseHeld(lease, first?.at, first?.event.kind === 'run_started' ? first.event.title : undefined);
	}

	async #startChild(parent: FoldedRun, request: ChildRequest): Promise<Run> {
		const playbook = this.#ports.findPlaybook(request.playbook);
		if (playbook === undefined) throw new RunError(`there is no playbook ${request.playbook}`, 'sitrep playbook list shows those there are');
		if (playbook.playbook.draft) throw new RunError(`${request.playbook} is a draft that nobody has reviewed`, `sitrep playbook review ${playbook.file}`);
		const faultAt = request.faultAt ?? parent.faultAt;
		const above = await this.#ancestry(parent);
		if (above.includes(request.playbook)) throw new RunError(`${request.playbook} is running already: ${above.join(' runs ')}`, 'a playbook cannot run itself');
		if (above.length >= maxDepth) throw new RunError(`more than ${maxDepth} playbooks within one another: ${above.join(' runs ')}`, 'run it by itself');
		const start: StartRequest = {
			playbook,
			params: request.params,
			secrets: request.secrets,
			...(parent.service === undefined ? {} : { service: parent.service }),
			dryRun: false,
			...(faultAt === undefined ? {} : { faultAt }),
			parent: { runId: parent.id, execution: request.execution },
		};
		const read = this.#read(start);
		return this.#begin(this.#ports.newId(), startEvent(this.#ports, start, read), read, borrowed(request.lease));
	}

	async #resumeChild(parent: FoldedRun, execution: string, lease: HeldLease): Promise<Run | undefined> {
		const id = await this.#childId(parent.id, execution);
		if (id === undefined) return undefined;
		const run = await this.#look(id);
		if (run.state.endedAt === undefined) await run.act(borrowed(lease), 'resume');
		return run;
	}

	async #rollBackChild(parent: FoldedRun, runId: string, lease: HeldLease): Promise<Run> {
		const run = await this.#look(runId);
		const { state } = run;
		if (state.parent?.runId !== parent.id) throw new RunError(`run ${runId} is no part of run ${parent.id}`, 'take it back by hand');
		if (state.outcome === 'rolled-back') return run;
		if (state.endedAt !== undefined) await run.recorder.record([{ kind: 'rollback_started', step: state.path.at(-1) ?? '', why: `run ${parent.id} is rolled back` }]);
		await run.act(borrowed(lease), 'resume');
		return run;
	}

	/** The run that an execution of a run started, newest first. */
	async #childId(parentRunId: string, execution: string): Promise<string | undefined> {
		for (const summary of await this.#ports.journal.runs()) {
			if (summary.parentRunId !== parentRunId) continue;
			const first = (await this.#ports.journal.readRun(summary.runId))[0]?.event;
			if (first?.kind === 'run_started' && first.parent?.execution === execution) return summary.runId;
		}
		return undefined;
	}

	/** Ids of the playbooks that run one another down to this run, the outermost first. */
	async #ancestry(state: FoldedRun): Promise<readonly string[]> {
		const above = [state.playbook.id];
		let { parent } = state;
		while (parent !== undefined && above.length <= maxDepth) {
			const first: JournalEvent | undefined = (await this.#ports.journal.readRun(parent.runId))[0];
			if (first?.event.kind !== 'run_started') break;
			above.unshift(first.event.playbookId);
			({ parent } = first.event);
		}
		return above;
	}
}

/** Makes what starts, finds and reopens runs at this console. */
export const makeResponder = (ports: RunPorts): Responder => new RunResponder(ports);
