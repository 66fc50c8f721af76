import { EngineError, type CallOptions } from '../../../../domain/engine.ts';
import type { FoundSubject, RolloutHooks, RolloutOutcome, RolloutPlan, RolloutPlanOptions, RolloutStanding, RolloutState, RolloutSubject, ServiceVersion } from '../../../../domain/rollout.ts';
import type { Connection } from '../../connection.ts';
import { fields, text } from '../../narrow.ts';
import { RolloutCalls } from '../calls.ts';
import { fetchImage } from '../fetchImage.ts';
import type { RolloutKind } from '../kind.ts';
import { listPins, pinImage, unpinImage } from '../pins.ts';
import { takenUp } from '../takenUp.ts';
import { SwarmCalls } from './calls.ts';
import { readSwarmData } from './data.ts';
import { gatherSwarmFacts, neededService, readTasks } from './facts.ts';
import { findService, subjectPrefix } from './find.ts';
import { ownStatus } from './move.ts';
import { makeSwarmPlan } from './plan.ts';
import { SwarmRunner } from './runner.ts';
import { fingerprint, readService } from './service.ts';
import { swarmStandingOf } from './standing.ts';
import { listSwarmVersions } from './versions.ts';

/**
 * Moves services of a cluster between images, through the cluster's own updates and rollbacks: it goes on with them while
 * nobody looks, and takes them back by itself where its failure action says so. Contracts: see `RolloutEngine`.
 */
export class SwarmRollout implements RolloutKind {
	readonly #calls: SwarmCalls;

	constructor(connection: Connection) {
		this.#calls = new SwarmCalls(new RolloutCalls(connection));
	}

	owns(plan: RolloutPlan): boolean {
		return fields(plan.data)['format'] === 1 && text(fields(plan.data)['serviceId']) !== undefined && this.ownsSubject(plan.subject.id);
	}

	ownsSubject(id: string): boolean {
		return id.startsWith(subjectPrefix);
	}

	async find(name: string, options?: CallOptions): Promise<FoundSubject | undefined> {
		return findService(this.#calls, name, options);
	}

	async versions(subjects: readonly RolloutSubject[], options?: CallOptions): Promise<readonly ServiceVersion[]> {
		return listSwarmVersions(this.#calls, subjects, options);
	}

	async plan(subject: RolloutSubject, toImage: string, options: RolloutPlanOptions = {}): Promise<RolloutPlan> {
		const { signal, timeoutMs } = options;
		const call = { ...(signal === undefined ? {} : { signal }), ...(timeoutMs === undefined ? {} : { timeoutMs }) };
		return makeSwarmPlan(await gatherSwarmFacts(this.#calls, subject, toImage, call), toImage, this.#calls.engine.connection.ports.clock.now(), options);
	}

	async swap(plan: RolloutPlan, hooks: RolloutHooks = {}): Promise<RolloutOutcome> {
		const { name } = plan.subject;
		const refusals = plan.findings.filter(({ level }) => level === 'refuse');
		if (refusals.length > 0) {
			throw new EngineError('conflict', `the preflight refuses to roll ${name} to ${plan.to.image}: ${refusals.map(({ what, why }) => `${what}: ${why}`).join('; ')}`);
		}
		const data = readSwarmData(plan);
		// The service's version also counts what the cluster notes on it: only its spec says whether somebody changed it.
		const { spec } = await neededService(this.#calls, data.serviceId, name);
		if (fingerprint(spec) !== data.fromPrint) {
			throw new EngineError('conflict', `${name} is not what was planned for any more`, { advice: 'Plan it again.' });
		}
		return new SwarmRunner(this.#calls, { plan }, hooks).forwards();
	}

	async finish(state: RolloutState, hooks: RolloutHooks = {}): Promise<RolloutOutcome> {
		const standing = await this.examine(state);
		return takenUp(state, standing, 'finish') ?? new SwarmRunner(this.#calls, standing.state, hooks).forwards();
	}

	async undo(state: RolloutState, hooks: RolloutHooks = {}): Promise<RolloutOutcome> {
		const standing = await this.examine(state);
		return takenUp(state, standing, 'undo') ?? new SwarmRunner(this.#calls, standing.state, hooks).backwards();
	}

	async examine(state: RolloutState, options?: CallOptions): Promise<RolloutStanding> {
		const data = readSwarmData(state.plan);
		const service = readService((await this.#calls.service(data.serviceId, options)) ?? {});
		return service === undefined ? swarmStandingOf(state, data, undefined, []) : swarmStandingOf(state, data, ownStatus(service, data), await readTasks(this.#calls, service.id, options));
	}

	/** There is nothing of the old version to remove: the cluster clears its tasks away itself. */
	async retire(state: RolloutState, options?: CallOptions): Promise<void> {
		const { stage, evidence } = await this.examine(state, options);
		if (stage !== 'done') {
			throw new EngineError('conflict', `${state.plan.subject.name} does not run as its new version: ${evidence.join('; ')}`, { advice: 'Look at how the rollout stands, and finish or undo it.' });
		}
	}

	async fetch(image: string, onProgress: (words: string) => void, signal: AbortSignal): Promise<void> {
		await fetchImage(this.#calls.engine.connection, image, onProgress, signal);
	}

	async pin(service: string, imageId: string, options?: CallOptions): Promise<string> {
		return pinImage(this.#calls.engine, service, imageId, options);
	}

	async pins(service: string, options?: CallOptions): Promise<readonly { readonly name: string; readonly imageId: string }[]> {
		return listPins(this.#calls.engine, service, options);
	}

	async unpin(service: string, imageId: string, options?: CallOptions): Promise<void> {
		await unpinImage(this.#calls.engine, service, imageId, options);
	}
}
