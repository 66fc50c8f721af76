import { setTimeout as sleep } from 'node:timers/promises';
import { EngineError } from '../../../domain/engine.ts';
import type { RolloutHooks, RolloutState } from '../../../domain/rollout.ts';
import { fields, strings, text, type Fields } from '../narrow.ts';
import type { ActId } from './acts.ts';
import { nameOf, type RolloutCalls } from './calls.ts';
import { createBody } from './createBody.ts';
import type { PlanData } from './data.ts';
import { idOf, isOn, isRunning, lookAt, networksOf, parkedPolicy, policyName, policyOf, type Look } from './look.ts';
import { giveNamesUp, joinWith, letAddressGo } from './names.ts';
import { endpointWith, type Attachment } from './networks.ts';
import { pinImage } from './pins.ts';
import { prove } from './prove.ts';
import { withPortHolder } from './portHolder.ts';
import { startPatiently } from './startPatiently.ts';
import { carryVolumes } from './volumes.ts';

/** The new one did not prove itself. */
export class UnprovedError extends Error {
	override readonly name = 'UnprovedError';
}

/** What clients have open when one leaves the name is answered within this, ms; longer requests are cut by its stop. */
const drainMs = 1000;

/**
 * Carries out single acts. Each looks first: what is done already is left alone, so that all may be repeated after a
 * crash at any point.
 */
export class Performer {
	readonly calls: RolloutCalls;
	readonly data: PlanData;
	readonly hooks: RolloutHooks;
	readonly apiVersion: string;
	state: RolloutState;
	/** Words of the last proof. */
	proof = '';
	/** Networks where what was open to the one that gave its names up was cut. */
	readonly cut = new Set<string>();

	constructor(calls: RolloutCalls, data: PlanData, hooks: RolloutHooks, apiVersion: string, state: RolloutState) {
		this.calls = calls;
		this.data = data;
		this.hooks = hooks;
		this.apiVersion = apiVersion;
		this.state = state;
	}

	async perform(id: ActId): Promise<void> {
		await this.#acts[id](await lookAt(this.calls, this.state, this.data));
	}

	readonly #acts: Readonly<Record<ActId, (look: Look) => Promise<void>>> = {
		pin: async () => {
			const { from, to } = this.state.plan;
			await pinImage(this.calls, this.data.name, from.imageId);
			await pinImage(this.calls, this.data.name, to.imageId);
		},
		create: async ({ old, fresh }) => {
			const id = fresh === undefined ? await this.#create(needed(old, this.data.name)) : idOf(fresh);
			this.state = { ...this.state, freshId: id };
		},
		attach: async ({ fresh }) => {
			const made = needed(fresh, this.data.freshName);
			for (const attachment of this.data.attachments.filter((one) => !isOn(made, one))) {
				await this.calls.connect(attachment.id, idOf(made), endpointWith(attachment, this.#nameless ? [] : attachment.aliases));
			}
			// Made with a network that the old one was taken off by hand.
			for (const [name, id] of networksOf(made).filter(([name, id]) => !this.data.attachments.some((one) => one.name === name || one.id === id))) {
				await this.calls.disconnect(id ?? name, idOf(made));
			}
		},
		start: async ({ fresh }) => {
			if (!isRunning(fresh)) {
				await this.#start(idOf(needed(fresh, this.data.freshName)));
			}
		},
		prove: async ({ fresh }) => {
			const made = needed(fresh, this.data.freshName);
			const result = await prove(this.calls, { id: idOf(made), name: nameOf(made) }, this.data.proof, this.hooks);
			this.proof = result.words;
			if (!result.ok) {
				throw new UnprovedError(result.words);
			}
		},
		expose: async ({ fresh }) => {
			const made = needed(fresh, this.data.freshName);
			for (const attachment of this.data.attachments) {
				await joinWith(this.calls, made, attachment, [...new Set([...attachment.aliases, this.data.name])]);
			}
		},
		drain: async () => {
			await sleep(drainMs, undefined, { signal: this.hooks.signal });
		},
		divert: async ({ old }) => {
			const leaving = needed(old, this.data.asideName);
			// One that has ended, or was stopped before a crash, is found by no name.
			for (const attachment of isRunning(old) ? this.data.attachments.filter((one) => one.aliases.length > 0) : []) {
				await this.#giveNamesUp(leaving, attachment);
			}
		},
		park: async ({ old }) => {
			const parked = needed(old, this.data.name);
			if (policyName(policyOf(parked)) !== 'no') {
				await this.calls.setRestartPolicy(idOf(parked), parkedPolicy);
			}
		},
		stop: async ({ old }) => {
			if (isRunning(old)) {
				await this.calls.stop(this.data.oldId, this.data.stopSeconds);
			}
		},
		aside: async ({ old }) => this.#rename(needed(old, this.data.name), this.data.asideName),
		name: async ({ fresh }) => this.#rename(needed(fresh, this.data.freshName), this.data.name),
		rejoin: async ({ old }) => {
			const back = needed(old, this.data.name);
			for (const attachment of this.data.attachments) {
				await joinWith(this.calls, back, attachment, attachment.aliases);
			}
		},
		halt: async ({ fresh }) => {
			if (isRunning(fresh) && fresh !== undefined) {
				await this.calls.stop(idOf(fresh), this.data.stopSeconds);
			}
		},
		unname: async ({ fresh }) => {
			if (fresh !== undefined) {
				await this.#rename(fresh, this.data.freshName);
			}
		},
		back: async ({ old }) => this.#rename(needed(old, this.data.name), this.data.name),
		restart: async ({ old }) => {
			const back = needed(old, this.data.name);
			if (!isRunning(old)) {
				for (const attachment of this.data.attachments) {
					await letAddressGo(this.calls, back, attachment);
				}
				await this.#start(idOf(back));
			}
		},
		reprove: async ({ old }) => {
			const back = needed(old, this.data.name);
			// Its own ending may be why it was to be replaced: what is seen is told, and nothing hangs on it.
			const { prove: _, ...hooks } = this.hooks;
			const check = fields(fields(back['Config'])['Healthcheck']);
			const kind = text(strings(check['Test'])[0]) ?? 'NONE';
			const result = await prove(this.calls, { id: idOf(back), name: nameOf(back) }, { ...this.data.proof, steadyMs: Math.min(1000, this.data.proof.steadyMs), kind: kind === 'NONE' ? 'steady' : 'health' }, hooks);
			this.proof = result.ok ? result.words : `it runs, but: ${result.words}`;
		},
		unpark: async ({ old }) => {
			const back = needed(old, this.data.name);
			if (policyName(policyOf(back)) !== policyName(this.data.restartPolicy)) {
				await this.calls.setRestartPolicy(idOf(back), this.data.restartPolicy);
			}
		},
		withdraw: async ({ fresh }) => {
			// Stopped as it is, it would still be asked for the moment between its end and the loss of its names.
			for (const attachment of fresh !== undefined && isRunning(fresh) ? this.data.attachments : []) {
				await this.#giveNamesUp(needed(fresh, this.data.freshName), attachment);
			}
		},
		discard: async ({ fresh }) => {
			if (fresh !== undefined && nameOf(fresh) === this.data.freshName) {
				await this.calls.remove(idOf(fresh), true);
			}
		},
	};

	get #nameless(): boolean {
		return this.state.plan.way === 'start-first';
	}

	/** From the old one as it is, so that nothing of its environment has to be kept anywhere else. */
	async #create(old: Fields): Promise<string> {
		const { plan } = this.state;
		const image = fields((await this.calls.image(plan.from.imageId))?.['Config']);
		const body = createBody({ container: old, image, volumes: carryVolumes(old), attachments: this.data.attachments, apiVersion: this.apiVersion, nameless: this.#nameless });
		const named = await this.calls.image(plan.to.image);
		// A tag that was moved since the plan was shown would bring another image.
		const reference = text(named?.['Id']) === plan.to.imageId ? plan.to.image : plan.to.imageId;
		const made = { ...body, Image: reference, HostConfig: { ...fields(body['HostConfig']), RestartPolicy: this.data.restartPolicy } };
		return (await this.calls.create(this.data.freshName, made)).id;
	}

	async #rename(container: Fields, name: string): Promise<void> {
		if (nameOf(container) !== name) {
			await this.calls.rename(idOf(container), name);
		}
	}

	async #start(id: string): Promise<void> {
		try {
			await startPatiently(async () => this.calls.start(id), { monotonic: () => performance.now(), sleep });
		} catch (error) {
			// Where the list cannot be had either, the start's own error is the one to tell.
			throw withPortHolder(error, await this.calls.containers().catch(() => []));
		}
	}

	async #giveNamesUp(container: Fields, attachment: Attachment): Promise<void> {
		if (!(await giveNamesUp(this.calls, container, attachment, this.apiVersion))) {
			this.cut.add(attachment.name);
		}
	}
}

function needed(container: Fields | undefined, name: string): Fields {
	if (container === undefined) {
		throw new EngineError('not-found', `the container ${name} is gone`, { advice: 'Somebody else removed it. Look at what is there with `docker ps -a`.' });
	}
	return container;
}
