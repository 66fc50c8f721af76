import type { RunHandle } from '../../domain/run/control.ts';
import { childOf } from './childOf.ts';
import type { ChildRuns } from './children.ts';
import { stepState, underWay } from './moves.ts';
import type { FoldedRun } from './track.ts';

/** The run that is under way within a run which another console carries out. */
export class WatchedChild {
	readonly #runId: string;
	readonly #children: ChildRuns;
	readonly #changed: () => void;
	#child: { readonly execution: string; readonly handle: RunHandle } | undefined;

	constructor(runId: string, children: ChildRuns, changed: () => void) {
		this.#runId = runId;
		this.#children = children;
		this.#changed = changed;
	}

	get handle(): RunHandle | undefined {
		return this.#child?.handle;
	}

	/** Looks at the run within the step that is under way now, and at no other. @throws JournalError */
	async follow(state: FoldedRun): Promise<void> {
		const under = underWay(state);
		if (this.#child?.execution === under?.attempt.execution) return;
		await this.leave();
		if (under === undefined) return;
		const { execution, undo } = under.attempt;
		const runId = undo ? childOf(stepState(state, under.step.id))?.runId : undefined;
		const handle = await this.#children.watch(this.#runId, execution, runId);
		if (handle === undefined) return;
		this.#child = { execution, handle };
		this.#changed();
	}

	async leave(): Promise<void> {
		const before = this.#child;
		this.#child = undefined;
		await before?.handle.leave();
	}
}
