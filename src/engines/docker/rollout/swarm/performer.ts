import { setTimeout as sleep } from 'node:timers/promises';
import type { RolloutHooks, RolloutState } from '../../../../domain/rollout.ts';
import { pinImage } from '../pins.ts';
import { seconds } from '../proof.ts';
import type { SwarmActId } from './acts.ts';
import { isOutOfSequence, type SwarmCalls } from './calls.ts';
import type { SwarmData } from './data.ts';
import { healthWordsOf } from './ending.ts';
import { neededService, readTasks } from './facts.ts';
import { GapMeter } from './gap.ts';
import { either, judge, type Judgement } from './judge.ts';
import { isOld, moveBack, moveForth, ownStatus, type Move } from './move.ts';
import type { Mark, SwarmService } from './service.ts';
import { serves } from './tasks.ts';

/** The new version did not prove itself. */
class UnprovedError extends Error {
	override readonly name = 'UnprovedError';
}

/** The cluster itself changes a service while it updates it, some times a second. */
const mostTries = 20;
const againMs = 50;
/** A look costs the engine about 1 ms and some more for each task it remembers. */
const leastMs = 100;
const perTaskMs = 5;
const mostMs = 2000;
/** After the cluster calls a change done, its tasks are told of within a report of their nodes. */
const reportMs = 10_000;

/** An engine that is just coming up may take a call and never answer it. */
const lookTimeoutMs = 5000;

/** Carries out single acts of a service's move. Each looks first, so that all may be repeated after a crash at any point. */
export class SwarmPerformer {
	readonly calls: SwarmCalls;
	readonly data: SwarmData;
	readonly hooks: RolloutHooks;
	readonly gap = new GapMeter();
	state: RolloutState;
	/** Words of the last proof. */
	proof = '';
	/** When a task of the new version was first seen to run, ms. */
	firstRanAt: number | undefined;

	constructor(calls: SwarmCalls, data: SwarmData, hooks: RolloutHooks, state: RolloutState) {
		this.calls = calls;
		this.data = data;
		this.hooks = hooks;
		this.state = state;
	}

	/** @param signal calls it off @throws EngineError; UnprovedError; the signal's reason */
	async perform(id: SwarmActId, signal: AbortSignal | undefined): Promise<void> {
		await this.#acts[id](signal);
	}

	readonly #acts: Readonly<Record<SwarmActId, (signal: AbortSignal | undefined) => Promise<void>>> = {
		pin: async () => {
			const { from, to, subject } = this.state.plan;
			for (const { imageId } of [from, to]) {
				// Nodes keep their images themselves: what is not on this one cannot be kept here.
				if (imageId !== '' && (await this.calls.engine.image(imageId)) !== undefined) {
					await pinImage(this.calls.engine, subject.name, imageId);
				}
			}
		},
		update: async (signal) => {
			await this.#look();
			await this.#send((service) => moveForth(service, this.data), signal);
			this.state = { ...this.state, freshId: this.state.plan.subject.id };
		},
		converge: async (signal) => {
			const { stage, words } = await this.#until(this.#isNew, this.#wasOld, signal);
			this.proof = words;
			if (stage !== 'done') {
				const health = await healthWordsOf(this.calls, await readTasks(this.calls, this.data.serviceId), this.#isNew);
				throw new UnprovedError(health === undefined ? words : `${words}; ${health}`);
			}
		},
		prove: async (signal) => {
			await this.#hold(signal);
			await this.#probe(signal);
		},
		revert: async () => {
			await this.#send((service) => moveBack(service, this.data), undefined);
		},
		settle: async () => {
			const { stage, words, tally } = await this.#until(this.#wasOld, this.#isNew, undefined, this.data.ranBefore);
			if (stage === 'failed') {
				throw new Error(words);
			}
			// Its own ending may be why it was to be replaced: what is seen is told, and nothing hangs on it.
			this.proof = stage === 'done' ? words : `it is set back, but: ${words}`;
			if (stage === 'going' && tally.running === 0 && this.data.ranBefore > 0) {
				throw new Error(words);
			}
		},
	};

	readonly #isNew = (mark: Mark): boolean => either(this.data.toMark)(mark);
	readonly #wasOld = (mark: Mark): boolean => either(this.data.fromMark, this.data.backMark)(mark);

	/** Sends a change at the version it was worked out from, and works it out anew where the service was changed in between. */
	async #send(moveOf: (service: SwarmService) => Move | undefined, signal: AbortSignal | undefined): Promise<void> {
		for (let tries = 1; ; tries++) {
			const service = await this.#service();
			const move = moveOf(service);
			if (move === undefined) {
				return;
			}
			try {
				const warnings = await this.calls.update(service, move.spec, move.back);
				warnings.forEach((warning) => this.hooks.onProof?.(warning.replace(/\s+/g, ' ').trim()));
				return;
			} catch (error) {
				if (!isOutOfSequence(error) || tries >= mostTries) {
					throw error;
				}
			}
			await sleep(againMs, undefined, signal === undefined ? {} : { signal });
		}
	}

	/** Follows the cluster until it is done, has failed, or the time is over (`going`). */
	async #until(isIt: (mark: Mark) => boolean, before: (mark: Mark) => boolean, signal: AbortSignal | undefined, enough?: number): Promise<Judgement> {
		const { withinMs } = this.data;
		const began = performance.now();
		let said = '';
		let overAt: number | undefined;
		for (;;) {
			const { judgement, over, count } = await this.#judged(isIt, before, enough);
			if (judgement.words !== said) {
				said = judgement.words;
				this.hooks.onProof?.(said);
			}
			const now = performance.now();
			overAt = over ? (overAt ?? now) : undefined;
			if (judgement.stage !== 'going') {
				return judgement;
			}
			if (now - began > withinMs) {
				return { ...judgement, words: `${judgement.words}, and not all within ${seconds(withinMs)}` };
			}
			if (overAt !== undefined && now - overAt > Math.min(reportMs, withinMs)) {
				return { ...judgement, words: `Swarm calls it done, but ${judgement.words}` };
			}
			await sleep(Math.min(mostMs, Math.max(leastMs, count * perTaskMs)), undefined, signal === undefined ? {} : { signal });
		}
	}

	async #judged(isIt: (mark: Mark) => boolean, before: (mark: Mark) => boolean, enough?: number): Promise<{ readonly judgement: Judgement; readonly over: boolean; readonly count: number }> {
		const { service, tasks } = await this.#look();
		const state = service.update?.state;
		return { judgement: judge(service, tasks, isIt, before, enough), over: state === 'completed' || state === 'rollback_completed', count: tasks.length };
	}

	/** All have to run on for a while, where the cluster itself watched them for less. */
	async #hold(signal: AbortSignal | undefined): Promise<void> {
		const until = performance.now() + this.data.holdMs;
		let failed: ReadonlySet<string> | undefined;
		for (;;) {
			const { judgement, count } = await this.#judged(this.#isNew, this.#wasOld);
			const { tally, stage, words } = judgement;
			failed ??= tally.failed;
			if (stage !== 'done' || [...tally.failed].some((id) => failed?.has(id) !== true)) {
				throw new UnprovedError(stage === 'done' ? `a task ended: ${tally.error ?? 'Swarm does not say why'}` : words);
			}
			this.proof = words;
			if (performance.now() >= until) {
				return;
			}
			await sleep(Math.min(mostMs, Math.max(leastMs, count * perTaskMs), this.data.holdMs), undefined, signal === undefined ? {} : { signal });
		}
	}

	/** The service's own probes have the last word. */
	async #probe(signal: AbortSignal | undefined): Promise<void> {
		if (this.hooks.prove === undefined) {
			return;
		}
		const late = AbortSignal.timeout(Math.max(1, this.data.probeWithinMs));
		const ended = signal === undefined ? late : AbortSignal.any([late, signal]);
		for (;;) {
			const answer = await this.hooks.prove(this.state.plan.subject, ended);
			if (answer.ok) {
				this.proof = `${this.proof}; ${answer.words}`;
				return;
			}
			signal?.throwIfAborted();
			if (late.aborted) {
				throw new UnprovedError(`${this.proof}, but not within ${seconds(this.data.probeWithinMs)}: ${answer.words}`);
			}
			this.hooks.onProof?.(answer.words);
			await sleep(leastMs, undefined, signal === undefined ? {} : { signal });
		}
	}

	async #look(): Promise<{ readonly service: SwarmService; readonly tasks: Awaited<ReturnType<typeof readTasks>> }> {
		const service = await this.#service();
		const tasks = await readTasks(this.calls, service.id);
		const now = performance.now();
		this.gap.see(tasks.filter(serves).length, now);
		if (!isOld(service, this.data) && tasks.some((task) => serves(task) && this.#isNew(task.mark))) {
			this.firstRanAt ??= now;
		}
		return { service, tasks };
	}

	async #service(): Promise<SwarmService> {
		return ownStatus(await neededService(this.calls, this.data.serviceId, this.state.plan.subject.name, { timeoutMs: lookTimeoutMs }), this.data);
	}
}
