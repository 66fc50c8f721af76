import { EngineError } from '../../../../domain/engine.ts';
import type { RolloutHooks, RolloutState } from '../../../../domain/rollout.ts';
import { fields, list, strings, text } from '../../narrow.ts';
import type { RolloutCalls } from '../calls.ts';
import { healthOf } from '../look.ts';
import { pinImage } from '../pins.ts';
import { prove, type ProofResult } from '../prove.ts';
import type { ComposeAct } from './acts.ts';
import type { ComposeData } from './data.ts';
import { lookAtService, type ComposeLook } from './look.ts';
import { writeOverride } from './override.ts';
import type { Replica } from './replicas.ts';
import { tidy } from './tidy.ts';
import type { ComposeTool } from './tool.ts';

/** What is brought back is seen to run this long, ms. */
const seenRunningMs = 1000;

/**
 * Carries out single acts of a compose service's move. Each looks first: what is done already is left alone, so that
 * all may be repeated after a crash at any point.
 */
export class ComposePerformer {
	readonly calls: RolloutCalls;
	readonly tool: ComposeTool;
	readonly data: ComposeData;
	readonly hooks: RolloutHooks;
	state: RolloutState;
	/** Words of the last proof. */
	proof = '';
	readonly #proved = new Set<string>();

	constructor(calls: RolloutCalls, tool: ComposeTool, data: ComposeData, hooks: RolloutHooks, state: RolloutState) {
		this.calls = calls;
		this.tool = tool;
		this.data = data;
		this.hooks = hooks;
		this.state = state;
	}

	async look(): Promise<ComposeLook> {
		return lookAtService(this.calls, this.state, this.data);
	}

	async perform(act: ComposeAct, place: number): Promise<void> {
		await this.#acts[act](place);
	}

	readonly #acts: Readonly<Record<ComposeAct, (place: number) => Promise<void>>> = {
		pin: async () => {
			const { subject, from, to } = this.state.plan;
			await pinImage(this.calls, subject.name, from.imageId);
			await pinImage(this.calls, subject.name, to.imageId);
		},
		write: async () => this.#write(this.state.plan.to),
		recreate: async () => {
			await tidy(this.calls, await this.look(), 'fresh');
			const { old, fresh, all } = await this.look();
			if (old.length > 0 || all.length < this.data.scale || fresh.some(({ running }) => !running)) {
				await this.#up(false);
			}
			await this.#know();
		},
		prove: async () => this.#prove(),
		take: async (place) => {
			const { all, old, fresh } = await this.look();
			const goes = old.find(({ id }) => id === this.data.old[place - 1]?.id) ?? old[0];
			// One that is missing has to be made first, and one that was brought back meanwhile has its turn too.
			if (goes !== undefined && all.length >= this.data.scale && fresh.length < place) {
				await this.#remove(goes);
			}
		},
		make: async () => {
			const { all, fresh } = await this.look();
			if (all.length < this.data.scale || fresh.some(({ running }) => !running)) {
				await this.#up(true);
			}
			await this.#know();
		},
		check: async () => this.#prove(),
		rewrite: async () => this.#write(this.state.plan.from),
		revert: async () => {
			await tidy(this.calls, await this.look(), 'old');
			const { all, fresh, old } = await this.look();
			if (fresh.length > 0 || all.length < this.data.scale || old.some((one) => this.#ought(one))) {
				// Those that were only set aside go on as they are: made again they would lose what they wrote.
				await this.#up(fresh.length === 0);
			}
		},
		reprove: async () => {
			for (const one of (await this.look()).old) {
				await this.#seen(one);
			}
		},
		back: async () => this.#back(),
	};

	/** One of those that were moved, the worst first; then what is missing is made from the old version. */
	async #back(): Promise<void> {
		await tidy(this.calls, await this.look(), 'old');
		const before = await this.look();
		const goes = before.fresh.find((one) => !one.running || healthOf(one.container) === 'unhealthy') ?? before.fresh[0];
		if (goes !== undefined && before.all.length >= this.data.scale) {
			await this.#remove(goes);
		}
		const { all, old } = await this.look();
		if (all.length >= this.data.scale && !old.some((one) => this.#ought(one))) {
			return;
		}
		await this.#up(true);
		const known = new Set(all.filter(({ running }) => running).map(({ id }) => id));
		for (const one of (await this.look()).old.filter(({ id }) => !known.has(id))) {
			await this.#seen(one);
		}
	}

	/** It stands still, though it ran when the plan was made, or was made since. */
	#ought({ id, running }: Replica): boolean {
		return !running && (this.data.old.find((one) => one.id === id)?.running ?? true);
	}

	async #write(version: { readonly image: string; readonly imageId: string }): Promise<void> {
		const { override, service, carried } = this.data;
		await writeOverride(override, service, await this.#reference(version), carried, this.calls.connection.target.address);
	}

	/** A name that has come to mean another image since is no way to ask for this one: our own never does. */
	async #reference({ image, imageId }: { readonly image: string; readonly imageId: string }): Promise<string> {
		const named = await this.calls.image(image);
		return text(named?.['Id']) === imageId && !/^(?:sha256:)?[0-9a-f]{64}$/.test(image) ? image : pinImage(this.calls, this.state.plan.subject.name, imageId);
	}

	async #remove({ id, running }: Replica): Promise<void> {
		if (running) {
			await this.calls.stop(id, this.data.stopSeconds);
		}
		await this.calls.remove(id, false);
	}

	async #up(keep: boolean): Promise<void> {
		const { service, scale, neverPull, stopSeconds, override, files } = this.data;
		try {
			await this.tool.up(files, { overrides: [override], service, scale, keep, neverPull, stopSeconds }, this.hooks.signal);
		} catch (error) {
			this.hooks.signal?.throwIfAborted();
			// An engine that is gone is told by its own error: what waits for it to come back goes by that.
			await this.calls.connection.call({ method: 'GET', path: '/_ping', what: 'ping' }, { timeoutMs: 3000 });
			throw error;
		}
	}

	/** The newest one stands for all: it is what a next console asks for. */
	async #know(): Promise<void> {
		const id = (await this.look()).fresh.at(-1)?.id;
		this.state = id === undefined ? this.state : { ...this.state, freshId: id };
	}

	async #prove(): Promise<void> {
		const { fresh } = await this.look();
		if (fresh.length === 0) {
			throw new EngineError('not-found', `there is no container of ${this.state.plan.subject.name} on ${this.state.plan.to.image}`);
		}
		for (const one of fresh.filter(({ id }) => !this.#proved.has(id))) {
			const result = await this.#ask(one, this.data.proof, this.hooks);
			this.proof = this.data.scale === 1 ? result.words : `${one.name} ${result.words}`;
			if (!result.ok) {
				throw new EngineError('conflict', this.proof);
			}
			this.#proved.add(one.id);
		}
	}

	/** Its own ending may be why it was to be replaced: what is seen is told, and nothing hangs on it. */
	async #seen(one: Replica): Promise<void> {
		const { prove: _, ...hooks } = this.hooks;
		const [kind = 'NONE'] = strings(list(fields(fields(one.container['Config'])['Healthcheck'])['Test']));
		const proof = { ...this.data.proof, steadyMs: Math.min(seenRunningMs, this.data.proof.steadyMs), kind: kind === 'NONE' ? ('steady' as const) : ('health' as const) };
		const result = await this.#ask(one, proof, hooks);
		this.proof = result.ok ? result.words : `it runs, but: ${result.words}`;
	}

	async #ask({ id, name }: Replica, proof: ComposeData['proof'], hooks: RolloutHooks): Promise<ProofResult> {
		return prove(this.calls, { id, name }, proof, hooks);
	}
}
