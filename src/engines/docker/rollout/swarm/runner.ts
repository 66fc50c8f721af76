import { setTimeout as sleep } from 'node:timers/promises';
import { EngineError } from '../../../../domain/engine.ts';
import type { RolloutAct, RolloutHooks, RolloutOutcome, RolloutState } from '../../../../domain/rollout.ts';
import { swarmActIds, swarmUndoIds, type SwarmActId } from './acts.ts';
import { isAway, type SwarmCalls } from './calls.ts';
import { readSwarmData } from './data.ts';
import { SwarmPerformer } from './performer.ts';

/** What a hook threw. It ends the move where it stands: without a record nothing more is done. */
class HookError extends Error {
	override readonly name = 'HookError';
}

/** A manager that is restarted in the middle answers again within this, ms; then the act is done again. */
const managerBackMs = 60_000;

/** Does the acts of a plan one after the other, and takes them back where one fails. */
export class SwarmRunner {
	readonly #performer: SwarmPerformer;
	readonly #hooks: RolloutHooks;
	readonly #began = performance.now();
	#provedMs: number | undefined;

	constructor(calls: SwarmCalls, state: RolloutState, hooks: RolloutHooks) {
		this.#performer = new SwarmPerformer(calls, readSwarmData(state.plan), hooks, state);
		this.#hooks = hooks;
	}

	/** @throws whatever a hook throws; EngineError where no manager answers any more */
	async forwards(): Promise<RolloutOutcome> {
		const { plan } = this.#performer.state;
		const { signal } = this.#hooks;
		try {
			for (const act of plan.acts) {
				signal?.throwIfAborted();
				await this.#perform(act, signal);
			}
		} catch (error) {
			if (error instanceof HookError) {
				throw error.cause;
			}
			return this.backwards(signal?.aborted === true ? 'it was called off' : error instanceof Error ? error.message : String(error));
		}
		const { firstRanAt } = this.#performer;
		this.#provedMs = firstRanAt === undefined ? undefined : performance.now() - firstRanAt;
		return this.#outcome('swapped', `${plan.subject.name} runs ${plan.to.image}: ${this.#performer.proof}`);
	}

	/** Calling off a move does not call off its undoing. @param why the old one is brought back @throws whatever a hook throws */
	async backwards(why?: string): Promise<RolloutOutcome> {
		const { plan } = this.#performer.state;
		const because = why === undefined ? '' : `${why}. `;
		this.#performer.proof = '';
		try {
			for (const act of plan.undoActs) {
				await this.#perform(act, undefined);
			}
		} catch (error) {
			if (error instanceof HookError) {
				throw error.cause;
			}
			return this.#outcome('stuck', `${because}The old version could not be brought back: ${error instanceof Error ? error.message : String(error)}`);
		}
		return this.#outcome('restored', `${because}${plan.subject.name} is back on ${plan.from.image}: ${this.#performer.proof}`);
	}

	async #perform(act: RolloutAct, signal: AbortSignal | undefined): Promise<void> {
		const id = readActId(act);
		await guarded(async () => this.#hooks.before?.(act, this.#performer.state));
		const began = performance.now();
		await this.#withManagerBack(async () => this.#performer.perform(id, signal), signal);
		await guarded(async () => this.#hooks.after?.(act, this.#performer.state, performance.now() - began));
	}

	/** An act that the engine's going away cut off is done again once it is back: every act may be repeated. */
	async #withManagerBack(run: () => Promise<void>, signal: AbortSignal | undefined): Promise<void> {
		let until: number | undefined;
		for (;;) {
			const began = performance.now();
			try {
				await run();
				return;
			} catch (error) {
				// An act may take long before the engine goes, and again after: the time counts from when it was last there.
				until = until === undefined || performance.now() - began > managerBackMs ? performance.now() + managerBackMs : until;
				if (!isAway(error) || performance.now() > until) {
					throw error;
				}
				this.#hooks.onProof?.('the manager does not answer: waiting for it to come back');
				await sleep(250, undefined, signal === undefined ? {} : { signal });
			}
		}
	}

	#outcome(end: RolloutOutcome['end'], words: string): RolloutOutcome {
		const now = performance.now();
		const gapMs = this.#performer.gap.total(now);
		return {
			end,
			words,
			state: this.#performer.state,
			...(gapMs === undefined ? {} : { gapMs }),
			...(this.#provedMs === undefined ? {} : { provedMs: this.#provedMs }),
			tookMs: now - this.#began,
		};
	}
}

async function guarded(hook: () => Promise<void> | undefined): Promise<void> {
	try {
		await hook();
	} catch (error) {
		throw new HookError('a hook failed', { cause: error });
	}
}

function readActId(act: RolloutAct): SwarmActId {
	const found = [...swarmActIds, ...swarmUndoIds].find((id) => id === act.id);
	if (found === undefined) {
		throw new EngineError('invalid', `${act.id} is no act of a Swarm service's rollouts`, { advice: 'Plan it again.' });
	}
	return found;
}
