import { setTimeout as sleep } from 'node:timers/promises';
import { EngineError } from '../../../../domain/engine.ts';
import type { RolloutAct, RolloutHooks, RolloutOutcome, RolloutState } from '../../../../domain/rollout.ts';
import type { RolloutCalls } from '../calls.ts';
import { readComposeAct, type ComposeAct } from './acts.ts';
import { readComposeData } from './data.ts';
import { withGap } from './gap.ts';
import { ComposePerformer } from './performer.ts';
import type { ComposeTool } from './tool.ts';

/** What a hook threw. It ends the swap where it stands: without a record nothing more is done. */
class HookError extends Error {
	override readonly name = 'HookError';
}

/** An engine that is restarted in the middle answers again within this, ms; then the act is done again. */
const engineBackMs = 60_000;

/** In these everything that runs may go at once. */
const replacing: ReadonlySet<ComposeAct> = new Set(['recreate', 'revert', 'take', 'make', 'back']);

/** Does the acts of a compose service's plan one after the other, and takes them back where one fails. */
export class ComposeRunner {
	readonly #performer: ComposePerformer;
	readonly #began = performance.now();
	#downAt: number | undefined;
	#gapMs: number | undefined;
	#startedAt: number | undefined;
	#provedMs: number | undefined;

	constructor(calls: RolloutCalls, tool: ComposeTool, state: RolloutState, hooks: RolloutHooks) {
		this.#performer = new ComposePerformer(calls, tool, readComposeData(state.plan), hooks, state);
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
		return this.#outcome('swapped', `${plan.to.image} runs as ${plan.subject.name}: ${this.#performer.proof}${nextUpWords(this.#performer.data)}`);
	}

	/** @param why the old version is brought back @throws whatever a hook throws */
	async backwards(why?: string): Promise<RolloutOutcome> {
		const { plan } = this.#performer.state;
		const because = why === undefined ? '' : `${why}. `;
		// Calling off a swap must not call off its undoing.
		const { signal: _, ...hooks } = this.#performer.hooks;
		const undoer = new ComposePerformer(this.#performer.calls, this.#performer.tool, this.#performer.data, hooks, this.#performer.state);
		try {
			for (const act of plan.undoActs) {
				await this.#perform(act, undoer);
			}
		} catch (error) {
			if (error instanceof HookError) {
				throw error.cause;
			}
			const words = error instanceof Error ? error.message : String(error);
			return this.#outcome('stuck', `${because}The old version could not be brought back: ${words}`);
		}
		return this.#outcome('restored', `${because}${plan.from.image} is back as ${plan.subject.name}${undoer.proof === '' ? '' : `: ${undoer.proof}`}`);
	}

	async #perform(act: RolloutAct, performer = this.#performer): Promise<void> {
		const read = readComposeAct(act.id);
		if (read === undefined) {
			throw new EngineError('invalid', `${act.id} is no act of a compose service's rollout`, { advice: 'Plan it again.' });
		}
		await guarded(async () => performer.hooks.before?.(act, performer.state));
		const began = performance.now();
		await withEngineBack(performer, async () => this.#measured(read.act, read.place, performer));
		await guarded(async () => performer.hooks.after?.(act, performer.state, performance.now() - began));
	}

	async #measured(act: ComposeAct, place: number, performer: ComposePerformer): Promise<void> {
		if (replacing.has(act)) {
			const { project } = performer.data.files;
			const ran = (await performer.look()).all.filter(({ running }) => running).map(({ id }) => id);
			await withGap(performer.calls.connection, { ran, project, service: performer.data.service }, async () => performer.perform(act, place), ({ downAt, upAt }) => {
				this.#downAt ??= ran.length === 0 ? undefined : downAt;
				if (this.#downAt !== undefined && upAt !== undefined) {
					this.#gapMs = upAt - this.#downAt;
				}
			});
			this.#startedAt = act === 'take' ? this.#startedAt : performance.now();
			return;
		}
		await performer.perform(act, place);
		if ((act === 'prove' || act === 'check') && this.#startedAt !== undefined) {
			this.#provedMs = performance.now() - this.#startedAt;
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

/** Who tells of the move, or closes it, has to know that it does not hold by itself. */
const nextUpWords = ({ ownImage }: ComposePerformer['data']): string =>
	ownImage === undefined ? '' : `. The project's own files still name ${ownImage}: the next \`up\` that is not ours brings it back, unless they are changed`;

async function guarded(hook: () => Promise<void> | undefined): Promise<void> {
	try {
		await hook();
	} catch (error) {
		throw new HookError('a hook failed', { cause: error });
	}
}

/** An act that the engine's going away cut off is done again once it is back: every act may be repeated. */
async function withEngineBack(performer: ComposePerformer, run: () => Promise<void>): Promise<void> {
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
