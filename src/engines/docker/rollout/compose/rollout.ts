import { EngineError, type CallOptions } from '../../../../domain/engine.ts';
import type { FoundSubject, RolloutHooks, RolloutOutcome, RolloutPlan, RolloutPlanOptions, RolloutStanding, RolloutState, RolloutSubject, ServiceVersion } from '../../../../domain/rollout.ts';
import type { Connection } from '../../connection.ts';
import { fields } from '../../narrow.ts';
import { RolloutCalls } from '../calls.ts';
import { fetchImage } from '../fetchImage.ts';
import type { RolloutKind } from '../kind.ts';
import { listPins, pinImage, unpinImage } from '../pins.ts';
import { takenUp } from '../takenUp.ts';
import { selectVersions, type Running } from '../versions.ts';
import { isComposeSubject, readComposeData, readSubject, type ComposeData } from './data.ts';
import { gatherComposeFacts } from './facts.ts';
import { findComposeService } from './find.ts';
import { lookAtService } from './look.ts';
import { overrideFolder } from './overrideFolder.ts';
import { makeComposePlan } from './plan.ts';
import { unreadable } from './project.ts';
import { replicasOf } from './replicas.ts';
import { ComposeRunner } from './runner.ts';
import { removeSpent } from './spent.ts';
import { composeStanding } from './standing.ts';
import { composeTool } from './tool.ts';

/**
 * Moves services that compose made, through compose and the project's own files: they stay compose's. Contracts: see
 * `RolloutEngine`.
 */
export class ComposeRollout implements RolloutKind {
	readonly #calls: RolloutCalls;

	constructor(connection: Connection) {
		this.#calls = new RolloutCalls(connection);
	}

	owns(plan: RolloutPlan): boolean {
		return fields(plan.data)['kind'] === 'compose';
	}

	ownsSubject(id: string): boolean {
		return isComposeSubject(id);
	}

	async find(name: string, options?: CallOptions): Promise<FoundSubject | undefined> {
		return findComposeService(this.#calls, name, options);
	}

	async versions(subjects: readonly RolloutSubject[], options?: CallOptions): Promise<readonly ServiceVersion[]> {
		const running: Running[] = [];
		for (const { id, name } of subjects) {
			const { project, service } = readSubject(id);
			running.push(...(await replicasOf(this.#calls, project, service, options)).map(({ image, imageId }) => ({ name, image, imageId })));
		}
		return selectVersions(await this.#calls.images(options), running).map((version) => ({ ...version, runs: [...new Set(version.runs)] }));
	}

	async plan(subject: RolloutSubject, toImage: string, options: RolloutPlanOptions = {}): Promise<RolloutPlan> {
		const { signal, timeoutMs } = options;
		const call = { ...(signal === undefined ? {} : { signal }), ...(timeoutMs === undefined ? {} : { timeoutMs }) };
		const { project, service } = readSubject(subject.id);
		const facts = await gatherComposeFacts(this.#calls, project, service, toImage, call);
		return makeComposePlan(facts, toImage, this.#calls.connection.ports.clock.now(), options);
	}

	async swap(plan: RolloutPlan, hooks: RolloutHooks = {}): Promise<RolloutOutcome> {
		const refusals = plan.findings.filter(({ level }) => level === 'refuse');
		if (refusals.length > 0) {
			throw new EngineError('conflict', `the preflight refuses to roll ${plan.subject.name} to ${plan.to.image}: ${refusals.map(({ what, why }) => `${what}: ${why}`).join('; ')}`);
		}
		const data = readComposeData(plan);
		const { old, fresh, all } = await lookAtService(this.#calls, { plan }, data);
		const same = fresh.length === 0 && all.length === data.scale && old.length === data.old.length && data.old.every((planned) => old.some(({ id, name }) => id === planned.id && name === planned.name));
		if (!same) {
			throw new EngineError('conflict', `${plan.subject.name} is not what was planned for any more`, { advice: 'Plan it again.' });
		}
		return this.#ended((await this.#runner({ plan }, hooks)).forwards());
	}

	async finish(state: RolloutState, hooks: RolloutHooks = {}): Promise<RolloutOutcome> {
		const standing = await this.examine(state);
		return takenUp(state, standing, 'finish') ?? this.#ended((await this.#runner(standing.state, hooks)).forwards());
	}

	async undo(state: RolloutState, hooks: RolloutHooks = {}): Promise<RolloutOutcome> {
		const standing = await this.examine(state);
		return takenUp(state, standing, 'undo') ?? this.#ended((await this.#runner(standing.state, hooks)).backwards());
	}

	async examine(state: RolloutState, options?: CallOptions): Promise<RolloutStanding> {
		const data = readComposeData(state.plan);
		return composeStanding(state, data, await lookAtService(this.#calls, state, data, options), await this.#obstacle(data));
	}

	/** Compose keeps nothing aside. Our file stays as long as containers name it among those they were made from. */
	async retire(state: RolloutState, options?: CallOptions): Promise<void> {
		const { stage, evidence } = await this.examine(state, options);
		if (stage !== 'done') {
			throw new EngineError('conflict', `${state.plan.subject.name} does not run as its new version: ${evidence.join('; ')}`, { advice: 'Look at how the rollout stands, and finish or undo it.' });
		}
		await this.#tidyUp(options);
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

	async #ended(move: Promise<RolloutOutcome>): Promise<RolloutOutcome> {
		const outcome = await move;
		await this.#tidyUp();
		return outcome;
	}

	async #tidyUp(options?: CallOptions): Promise<void> {
		const { connection } = this.#calls;
		await removeSpent(this.#calls, overrideFolder(connection), connection.ports.clock.now(), options);
	}

	/** Why compose cannot be called. */
	async #obstacle({ files }: ComposeData): Promise<string | undefined> {
		const missing = await unreadable(files);
		if (missing.length > 0) {
			return `${missing.join(', ')} cannot be read on this machine`;
		}
		return (await composeTool(this.#calls.connection)) === undefined ? 'neither `docker compose` nor `docker-compose` is on this machine' : undefined;
	}

	async #runner(state: RolloutState, hooks: RolloutHooks): Promise<ComposeRunner> {
		const tool = await composeTool(this.#calls.connection);
		if (tool === undefined) {
			throw new EngineError('conflict', 'neither `docker compose` nor `docker-compose` is on this machine', { advice: 'Install it, and plan again.' });
		}
		return new ComposeRunner(this.#calls, tool, state, hooks);
	}
}
