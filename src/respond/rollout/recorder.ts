import { formatLatency } from '../../domain/duration.ts';
import type { NewJournalEvent, VersionEvent } from '../../domain/journal.ts';
import type { RolloutAct, RolloutHooks, RolloutOutcome, RolloutPlan, RolloutState } from '../../domain/rollout.ts';
import type { RunEvent } from '../../domain/run/event.ts';
import { wordsOf } from './failure.ts';
import type { RolloutSpec, RolloutToolPorts } from './ports.ts';
import type { RequestCount } from './requests.ts';

/** An act could not be recorded, so it was not begun, and nothing after it. */
export class RecordLost extends Error {
	override readonly name = 'RecordLost';
	readonly act: RolloutAct;
	readonly undoing: boolean;
	constructor(act: RolloutAct, undoing: boolean, cause: unknown) {
		super(wordsOf(cause), { cause });
		this.act = act;
		this.undoing = undoing;
	}
}

/** Acts that take long enough for a person to wonder, ms. */
const worthSaying = 500;

/**
 * Writes a move into the journal. The end of an act is written together with the beginning of the next one: one durable write an act, of
 * which some fall into the time in which nobody answers.
 */
export class MoveRecorder {
	readonly #spec: RolloutSpec;
	readonly #ports: Pick<RolloutToolPorts, 'journal' | 'print'>;
	readonly #plan: RolloutPlan;
	#undoing: boolean;
	#pending: RunEvent[] = [];

	constructor(spec: RolloutSpec, ports: Pick<RolloutToolPorts, 'journal' | 'print'>, plan: RolloutPlan, undoing: boolean) {
		this.#spec = spec;
		this.#ports = ports;
		this.#plan = plan;
		this.#undoing = undoing;
	}

	/** @throws JournalError: then nothing may be done */
	async begin(): Promise<void> {
		const { service } = this.#spec;
		await this.#append([{ kind: 'rollout_begun', ...this.#place, service, plan: this.#plan, undoing: this.#undoing }]);
	}

	/** Hooks that record each act; they throw `RecordLost`. */
	get hooks(): RolloutHooks {
		return {
			before: async (act, state) => {
				this.#undoing ||= this.#takesBack(act);
				this.#ports.print(act.words);
				try {
					await this.#append([...this.#pending, this.#acted('begins', act, state)]);
				} catch (error) {
					throw new RecordLost(act, this.#undoing, error);
				}
				this.#pending = [];
			},
			after: async (act, state, tookMs) => {
				if (tookMs >= worthSaying) this.#ports.print(`${act.words}: ${formatLatency(tookMs)}`);
				this.#pending.push({ ...this.#acted('done', act, state), tookMs: Math.round(tookMs) });
			},
			onProof: (words) => this.#ports.print(`  ${words}`),
		};
	}

	/** Writes what is not written yet. @throws JournalError */
	async flush(): Promise<void> {
		const events = this.#pending;
		if (events.length === 0) return;
		await this.#append(events);
		this.#pending = [];
	}

	/** @throws JournalError: it is over all the same */
	async end(outcome: RolloutOutcome, requests: RequestCount | undefined, versions: readonly VersionEvent[]): Promise<void> {
		const { end, words, state, gapMs, provedMs, tookMs } = outcome;
		const ended: RunEvent = {
			kind: 'rollout_ended',
			...this.#place,
			planId: this.#plan.id,
			undoing: this.#undoing,
			end,
			words,
			...(state.freshId === undefined ? {} : { freshId: state.freshId }),
			...(gapMs === undefined ? {} : { gapMs: Math.round(gapMs) }),
			...(provedMs === undefined ? {} : { provedMs: Math.round(provedMs) }),
			tookMs: Math.round(tookMs),
			...(requests === undefined ? {} : { requests }),
		};
		await this.#append([...this.#pending, ended], versions);
		this.#pending = [];
	}

	get #place(): { readonly step: string; readonly execution: string } {
		return { step: this.#spec.step, execution: this.#spec.execution };
	}

	#acted(stage: 'begins' | 'done', act: RolloutAct, { freshId }: RolloutState): Extract<RunEvent, { kind: 'rollout_act' }> {
		return { kind: 'rollout_act', ...this.#place, planId: this.#plan.id, stage, act, undoing: this.#undoing, ...(freshId === undefined ? {} : { freshId }) };
	}

	/** Once it is taken back it stays so. */
	#takesBack(act: RolloutAct): boolean {
		const isIn = (acts: readonly RolloutAct[]): boolean => acts.some((each) => each.id === act.id && each.words === act.words);
		return !isIn(this.#plan.acts) && isIn(this.#plan.undoActs);
	}

	async #append(events: readonly RunEvent[], versions: readonly VersionEvent[] = []): Promise<void> {
		const { actor, runId } = this.#spec;
		await this.#ports.journal.append([...events.map((event): NewJournalEvent => ({ actor, runId, event })), ...versions.map((event): NewJournalEvent => ({ actor, event }))]);
	}
}
