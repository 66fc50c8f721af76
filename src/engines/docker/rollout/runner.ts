import { setTimeout as sleep } from 'node:timers/promises';
import { EngineError } from '../../../domain/engine.ts';
import type { RolloutAct, RolloutHooks, RolloutOutcome, RolloutState } from '../../../domain/rollout.ts';
import { actIds, undoIds, type ActId } from './acts.ts';
import type { RolloutCalls } from './calls.ts';
import { readData } from './data.ts';
import { lookAt, isRunning } from './look.ts';
import { Performer } from './performer.ts';

/** What a hook threw. It ends the swap where it stands: without a record nothing more is done. */
class HookError extends Error {
	override readonly name = 'HookError';
}

/** An engine that is restarted in the middle answers again within this, ms; then the act is done again. */
const engineBackMs = 60_000;

/** Does the acts of a plan one after the other, and takes them back where one fails. */
export class Runner {
	readonly #performer: Performer;
	readonly #began = performance.now();
	#downAt: number | undefined;
	#gapMs: number | undefined;
	#startedAt: number | undefined;
	#provedMs: number | undefined;

	constructor(calls: RolloutCalls, state: RolloutState, hooks: RolloutHooks, apiVersion: string) {
		this.#performer = new Performer(calls, readData(state.plan), hooks, apiVersion, state);
	}

	/** @throws whatever a hook throws; EngineError where the engine is gone for good */
	async forwards(): Promise<RolloutOutcome> {
		const { plan } = this.#performer.state;
		try {
			for (const act of plan.acts) {
				this.#performer.hooks.signal?.throwIfAborted();
				await this.#perform(act);
			}
		} catch (error) {
			if (error instanceof HookError) {
				throw error.cause;
			}
			const aborted = this.#performer.hooks.signal?.aborted === true;
			return this.backwards(aborted ? 'it was called off' : error instanceof Error ? error.message : String(error));
		}
		return this.#outcome('swapped', `${plan.to.image} runs as ${plan.subject.name}: ${this.#performer.proof}${cutWords('old', this.#performer.cut)}`);
	}

	/** @param why the old one is brought back @throws whatever a hook throws */
	async backwards(why?: string): Promise<RolloutOutcome> {
		const { plan } = this.#performer.state;
		const because = why === undefined ? '' : `${why}. `;
		// Calling off a swap must not call off its undoing.
		const { signal: _, ...hooks } = this.#performer.hooks;
		const undoer = new Performer(this.#performer.calls, this.#performer.data, hooks, this.#performer.apiVersion, this.#performer.state);
		try {
			for (const act of plan.undoActs) {
				await this.#perform(act, undoer);
			}
		} catch (error) {
			if (error instanceof HookError) {
				throw error.cause;
			}
			const words = error instanceof Error ? error.message : String(error);
			return this.#outcome('stuck', `${because}The old one could not be brought back: ${words}`);
		}
		return this.#outcome('restored', `${because}${plan.from.image} is back as ${plan.subject.name}${undoer.proof === '' ? '' : `: ${undoer.proof}`}${cutWords('new', undoer.cut)}`);
	}

	async #perform(act: RolloutAct, performer = this.#performer): Promise<void> {
		const id = readActId(act);
		const { hooks } = performer;
		await guarded(async () => hooks.before?.(act, performer.state));
		const began = performance.now();
		await this.#measured(id, performer);
		await guarded(async () => hooks.after?.(act, performer.state, performance.now() - began));
	}

	async #measured(id: ActId, performer: Performer): Promise<void> {
		const began = performance.now();
		if ((id === 'stop' || id === 'halt') && performer.state.plan.way === 'stop-first') {
			const { old, fresh } = await lookAt(performer.calls, performer.state, performer.data);
			this.#downAt ??= isRunning(id === 'stop' ? old : fresh) ? began : undefined;
		}
		await withEngineBack(performer, async () => performer.perform(id));
		const ended = performance.now();
		if (id === 'start' || id === 'restart') {
			this.#startedAt = ended;
			this.#gapMs = this.#downAt === undefined ? this.#gapMs : ended - this.#downAt;
		}
		if (id === 'prove' && this.#startedAt !== undefined) {
			this.#provedMs = ended - this.#startedAt;
		}
	}

	#outcome(end: RolloutOutcome['end'], words: string): RolloutOutcome {
		return {
			end,
			words,
			state: this.#performer.state,
			...(this.#gapMs === undefined ? {} : { gapMs: this.#gapMs }),
			...(this.#provedMs === undefined ? {} : { provedMs: this.#provedMs }),
			tookMs: performance.now() - this.#began,
		};
	}
}

const cutWords = (which: 'old' | 'new', networks: ReadonlySet<string>): string =>
	networks.size === 0 ? '' : `; connections kept open to the ${which} one on ${[...networks].join(', ')} were cut: the engine did not give it its address again`;

async function guarded(hook: () => Promise<void> | undefined): Promise<void> {
	try {
		await hook();
	} catch (error) {
		throw new HookError('a hook failed', { cause: error });
	}
}

/** An act that the engine's going away cut off is done again once it is back: every act may be repeated. */
async function withEngineBack(performer: Performer, run: () => Promise<void>): Promise<void> {
	const until = performance.now() + engineBackMs;
	for (;;) {
		try {
			await run();
			return;
		} catch (error) {
			if (!(error instanceof EngineError) || (error.kind !== 'unreachable' && error.kind !== 'unresponsive') || performance.now() > until) {
				throw error;
			}
			performer.hooks.onProof?.('the engine does not answer: waiting for it to come back');
			await sleep(250, undefined, { signal: performer.hooks.signal });
		}
	}
}

function readActId(act: RolloutAct): ActId {
	const found = [...actIds, ...undoIds].find((id) => id === act.id);
	if (found === undefined) {
		throw new EngineError('invalid', `${act.id} is no act of this engine's rollouts`, { advice: 'Plan it again.' });
	}
	return found;
}
