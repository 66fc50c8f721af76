import type { ResolvedAction, RunningAction } from '../../../domain/run/action.ts';
import type { OutputSummary } from '../../../domain/run/event.ts';
import type { WaitForStep, WatchStep } from '../../../domain/playbook/step.ts';
import { type Remains, remainsOf } from '../../../domain/run/remains.ts';
import { unmetWords } from '../expectation.ts';
import { judge } from '../judge.ts';
import { withOutcome } from '../scope.ts';
import type { JobContext } from './job.ts';

/** One look at the world; `undefined` where it shows nothing either way. */
export interface Look {
	readonly ok: boolean | undefined;
	readonly words: string;
	readonly result: Readonly<Record<string, unknown>>;
}

/** Folders of looks that are kept, the newest ones. */
const keptFolders = 5;
/** A request that hangs is one look, not all of them, ms. */
const longestRequestMs = 10_000;

const words = (step: WaitForStep | WatchStep, context: JobContext, look: Look): Look =>
	step.secret ? { ...look, words: look.ok === true ? 'ok' : 'not so' } : { ...look, words: context.secrets.redactor.text(look.words) };

const judgeWait = (context: JobContext, step: WaitForStep, done: boolean, doneWords: string, result: Readonly<Record<string, unknown>>): Look => {
	if (step.expect === undefined) return { ok: done, words: doneWords, result };
	const { holds, why } = judge(step.expect, withOutcome(context.view().scope, result));
	// What did not answer is what the person has to know, not that its answer is not known.
	if (holds === undefined) return { ok: undefined, words: done ? `${step.expect} cannot be told: ${why}` : doneWords, result };
	return { ok: holds, words: holds ? (doneWords === '' ? step.expect : doneWords) : unmetWords(step.expect, result), result };
};

const judgeWatch = (context: JobContext, step: WatchStep, done: boolean, doneWords: string, result: Readonly<Record<string, unknown>>): Look => {
	const scope = withOutcome(context.view().scope, result);
	const criteria = [...step.criteria, ...(step.expect === undefined ? [] : [{ title: step.expect, holds: step.expect }])];
	if (criteria.length === 0) return { ok: done, words: doneWords, result };
	const judged = criteria.map((each) => ({ title: each.title, ...judge(each.holds, scope) }));
	const broken = judged.filter((each) => each.holds === false);
	if (broken.length > 0) return { ok: false, words: `not so: ${broken.map((each) => each.title).join(', ')}`, result };
	const open = judged.filter((each) => each.holds === undefined);
	if (open.length > 0) return { ok: undefined, words: open.map((each) => `${each.title}: ${each.why}`).join('; '), result };
	return { ok: true, words: 'all criteria hold', result };
};

const judgeLook = (context: JobContext, step: WaitForStep | WatchStep, done: boolean, doneWords: string, result: Readonly<Record<string, unknown>>): Look =>
	words(step, context, step.kind === 'waitFor' ? judgeWait(context, step, done, doneWords, result) : judgeWatch(context, step, done, doneWords, result));

/** Looks again and again at one thing. Each look is an execution of its own, in a folder below that of the step. */
export class Looker {
	readonly #context: JobContext;
	readonly #step: WaitForStep | WatchStep;
	readonly #resolved: ResolvedAction | undefined;
	readonly #execution: string;
	readonly #folders: string[] = [];
	#count = 0;
	#running: RunningAction | undefined;
	/** Of all looks so far. */
	remains: Remains = {};
	/** Output of the newest look. */
	output: OutputSummary | undefined;
	folder: string | undefined;

	constructor(context: JobContext, step: WaitForStep | WatchStep, resolved: ResolvedAction | undefined, execution: string, from: number) {
		this.#context = context;
		this.#step = step;
		this.#resolved = resolved;
		this.#execution = execution;
		this.#count = from;
	}

	/** @param leftMs until the step times out */
	async look(leftMs: number): Promise<Look> {
		if (this.#resolved === undefined) return judgeLook(this.#context, this.#step, true, '', {});
		const { ports, secrets } = this.#context;
		this.#count++;
		this.folder = `${this.#context.folder(this.#execution)}/look-${this.#count}`;
		this.#forgetOld(this.folder);
		const bound = this.#resolved.action.kind === 'http' ? Math.min(leftMs, longestRequestMs) : leftMs;
		try {
			this.#running = await ports.actions.start(this.#resolved, { folder: this.folder, timeoutMs: Math.max(1000, bound), secrets: secrets.texts, hideOutput: this.#step.secret, about: this.#context.about(this.#step.id, this.#execution) });
			const end = await this.#running.ended;
			this.output = end.output;
			this.remains = remainsOf(this.remains, end);
			return judgeLook(this.#context, this.#step, end.outcome === 'done', end.words, end.result);
		} catch (error) {
			return { ok: undefined, words: secrets.redactor.text(error instanceof Error ? error.message : String(error)), result: {} };
		} finally {
			this.#running = undefined;
		}
	}

	async cancel(): Promise<void> {
		const end = await this.#running?.cancel().catch(() => undefined);
		if (end !== undefined) this.remains = remainsOf(this.remains, end);
	}

	detach(): void {
		this.#running?.detach();
	}

	#forgetOld(folder: string): void {
		this.#folders.push(folder);
		if (this.#folders.length <= keptFolders) return;
		const old = this.#folders.shift();
		if (old !== undefined) this.#context.ports.removeFolder?.(old);
	}
}
