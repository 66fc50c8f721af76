import { EngineError, type CallOptions } from '../../../domain/engine.ts';
import type { FoundSubject, RolloutHooks, RolloutOutcome, RolloutPlan, RolloutPlanOptions, RolloutStanding, RolloutState, RolloutSubject, ServiceVersion } from '../../../domain/rollout.ts';
import type { Connection } from '../connection.ts';
import { fields, text } from '../narrow.ts';
import { nameOf, RolloutCalls } from './calls.ts';
import { readData } from './data.ts';
import { gatherFacts } from './facts.ts';
import { fetchImage } from './fetchImage.ts';
import { freeBytesOf } from './freeSpace.ts';
import { findContainer } from './findContainer.ts';
import type { RolloutKind } from './kind.ts';
import { idOf, isRunning, lookAt } from './look.ts';
import { listPins, pinImage, unpinImage } from './pins.ts';
import { makePlan } from './plan.ts';
import { Runner } from './runner.ts';
import { standingOf } from './standing.ts';
import { listVersions } from './versions.ts';
import { takenUp } from './takenUp.ts';

/** Moves plain containers between images. Contracts: see `RolloutEngine`. */
export class DockerRollout implements RolloutKind {
	readonly #calls: RolloutCalls;

	constructor(connection: Connection) {
		this.#calls = new RolloutCalls(connection);
	}

	owns(plan: RolloutPlan): boolean {
		return fields(plan.data)['format'] === 1 && text(fields(plan.data)['oldId']) !== undefined;
	}

	/** A container's id, bare; the ids of other kinds have a word before them. */
	ownsSubject(id: string): boolean {
		return /^[0-9a-f]{12,64}$/.test(id);
	}

	async find(name: string, options?: CallOptions): Promise<FoundSubject | undefined> {
		return findContainer(this.#calls, name, options);
	}

	async versions(subjects: readonly RolloutSubject[], options?: CallOptions): Promise<readonly ServiceVersion[]> {
		return listVersions(this.#calls, subjects, options);
	}

	async plan(subject: RolloutSubject, toImage: string, options: RolloutPlanOptions = {}): Promise<RolloutPlan> {
		const { signal, timeoutMs } = options;
		const call = { ...(signal === undefined ? {} : { signal }), ...(timeoutMs === undefined ? {} : { timeoutMs }) };
		const facts = await gatherFacts(this.#calls, subject, toImage, async () => freeBytesOf(this.#calls.connection, call), call);
		return makePlan(facts, toImage, this.#calls.connection.ports.clock.now(), options);
	}

	async swap(plan: RolloutPlan, hooks: RolloutHooks = {}): Promise<RolloutOutcome> {
		const refusals = plan.findings.filter(({ level }) => level === 'refuse');
		if (refusals.length > 0) {
			throw new EngineError('conflict', `the preflight refuses to roll ${plan.subject.name} to ${plan.to.image}: ${refusals.map(({ what, why }) => `${what}: ${why}`).join('; ')}`);
		}
		const data = readData(plan);
		const { old, fresh } = await lookAt(this.#calls, { plan }, data);
		if (old === undefined || nameOf(old) !== data.name || text(old['Image']) !== plan.from.imageId || fresh !== undefined) {
			throw new EngineError('conflict', `${plan.subject.name} is not what was planned for any more`, { advice: 'Plan it again.' });
		}
		return (await this.#runner({ plan }, hooks)).forwards();
	}

	async finish(state: RolloutState, hooks: RolloutHooks = {}): Promise<RolloutOutcome> {
		const standing = await this.examine(state);
		return takenUp(state, standing, 'finish') ?? (await this.#runner(standing.state, hooks)).forwards();
	}

	async undo(state: RolloutState, hooks: RolloutHooks = {}): Promise<RolloutOutcome> {
		const standing = await this.examine(state);
		return takenUp(state, standing, 'undo') ?? (await this.#runner(standing.state, hooks)).backwards();
	}

	async examine(state: RolloutState, options?: CallOptions): Promise<RolloutStanding> {
		const data = readData(state.plan);
		return standingOf(state, data, await lookAt(this.#calls, state, data, options));
	}

	async retire(state: RolloutState, options?: CallOptions): Promise<void> {
		const data = readData(state.plan);
		const { old, fresh } = await lookAt(this.#calls, state, data, options);
		if (old === undefined) {
			return;
		}
		if (isRunning(old) || nameOf(old) !== data.asideName || fresh === undefined || nameOf(fresh) !== data.name || !isRunning(fresh)) {
			throw new EngineError('conflict', `${data.name} does not run as its new version: the old one (${nameOf(old)}) is kept`, { advice: 'Look at how the rollout stands, and finish or undo it.' });
		}
		await this.#calls.remove(idOf(old), false, options);
	}

	async fetch(image: string, onProgress: (words: string) => void, signal: AbortSignal): Promise<void> {
		await fetchImage(this.#calls.connection, image, onProgress, signal);
	}

	async pin(service: string, imageId: string, options?: CallOptions): Promise<string> {
		return pinImage(this.#calls, service, imageId, options);
	}

	async pins(service: string, options?: CallOptions): Promise<readonly { readonly name: string; readonly imageId: string }[]> {
		return listPins(this.#calls, service, options);
	}

	async unpin(service: string, imageId: string, options?: CallOptions): Promise<void> {
		await unpinImage(this.#calls, service, imageId, options);
	}

	async #runner(state: RolloutState, hooks: RolloutHooks): Promise<Runner> {
		const { version } = await this.#calls.connection.negotiated();
		return new Runner(this.#calls, state, hooks, version);
	}
}
