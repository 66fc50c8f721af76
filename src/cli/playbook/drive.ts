import type { RunHandle } from '../../domain/run/control.ts';
import type { RunState, StepState, Waiting } from '../../domain/run/state.ts';
import { formatLatency } from '../../domain/duration.ts';
import { answerWaiting, type Asker } from './answer.ts';

/** Why driving ended before the run did. */
export type DriveEnd = { readonly kind: 'over' } | { readonly kind: 'needs-terminal'; readonly why: string } | { readonly kind: 'left' };

export interface DriveOptions {
	/** Asks the person; absent where there is no terminal. */
	readonly asker?: Asker;
	/** `--yes`: changes are confirmed, destructive steps never. */
	readonly yes: boolean;
	readonly host: string;
	/** One line of progress. */
	readonly print: (line: string) => void;
	/** One record for a script. */
	readonly json?: (record: Readonly<Record<string, unknown>>) => void;
	/** Ends the driving; the run goes on as far as it can. */
	readonly signal: AbortSignal;
}

const marks: Readonly<Record<StepState['status'], string>> = { pending: '', running: 'run', done: 'done', failed: 'FAIL', skipped: 'skip', unknown: '?', cancelled: 'FAIL' };

const stepLine = (step: StepState, title: string): string => {
	const attempt = step.attempts.at(-1);
	const words = step.status === 'running' ? (attempt?.command ?? '') : (step.words ?? attempt?.words ?? '');
	const took = step.status === 'running' || attempt?.durationMs === undefined ? '' : `  (${formatLatency(attempt.durationMs)})`;
	return `${marks[step.status].padEnd(5)}${title}${words === '' ? '' : `: ${words}`}${took}`;
};

/** The run that acts now: a playbook within a playbook is answered by itself. */
const deepest = (handle: RunHandle): RunHandle => (handle.child === undefined ? handle : deepest(handle.child));

/** Tells what has changed in a run since the last look. */
class Teller {
	readonly #options: DriveOptions;
	readonly #told = new Map<string, string>();
	readonly #lines = new Map<string, number>();

	constructor(options: DriveOptions) {
		this.#options = options;
	}

	tell(handle: RunHandle): void {
		this.#steps(handle.state, handle);
		if (handle.child !== undefined) this.tell(handle.child);
	}

	#steps(state: RunState, handle: RunHandle): void {
		for (const step of state.steps) {
			const title = state.playbook.steps.find((each) => each.id === step.id)?.title ?? step.id;
			const key = `${state.id} ${step.id}`;
			const now = `${step.status} ${step.attempts.length} ${step.status === 'running' ? '' : (step.words ?? '')}`;
			if (step.attempts.length > 0) this.#output(handle, step);
			if (step.status === 'pending' || this.#told.get(key) === now) continue;
			this.#told.set(key, now);
			const attempt = step.attempts.at(-1);
			this.#options.json?.({ kind: 'step', runId: state.id, step: step.id, title, status: step.status, command: attempt?.command ?? null, words: step.words ?? attempt?.words ?? null, exitCode: attempt?.exitCode ?? null, durationMs: attempt?.durationMs ?? null });
			this.#options.print(stepLine(step, title));
		}
	}

	/** New lines of the newest try; what ran past is counted. */
	#output(handle: RunHandle, step: StepState): void {
		const execution = step.attempts.at(-1)?.execution;
		if (execution === undefined || this.#options.json !== undefined) return;
		const reader = handle.output(execution);
		try {
			const { lines, above } = reader.tail(200);
			const total = above + lines.length;
			const fresh = total - (this.#lines.get(execution) ?? 0);
			if (fresh <= 0) return;
			this.#lines.set(execution, total);
			if (fresh > lines.length) this.#options.print(`     | … ${fresh - lines.length} lines …`);
			for (const line of lines.slice(-fresh)) this.#options.print(`     | ${line.text}`);
		} finally {
			reader.close();
		}
	}
}

const waitingKey = (handle: RunHandle, waiting: Waiting): string => `${handle.id} ${handle.state.lastSeq} ${waiting.kind} ${'step' in waiting ? waiting.step : ''}`;

/**
 * Follows a run from a command line: tells each step, asks where the run waits, and returns when it is over, when somebody has to be
 * asked and nobody is there, or when the person leaves.
 */
export const drive = async (handle: RunHandle, options: DriveOptions): Promise<DriveEnd> => {
	const teller = new Teller(options);
	let wake = Promise.withResolvers<void>();
	const offs = new Map<string, () => void>();
	const listen = (to: RunHandle): void => {
		if (!offs.has(to.id)) offs.set(to.id, to.onChange(() => wake.resolve()));
		if (to.child !== undefined) listen(to.child);
	};
	const stopped = new Promise<void>((resolve) => {
		if (options.signal.aborted) resolve();
		options.signal.addEventListener('abort', () => resolve(), { once: true });
	});
	let refusedAt = '';
	try {
		for (;;) {
			wake = Promise.withResolvers();
			listen(handle);
			teller.tell(handle);
			if (handle.state.endedAt !== undefined) return { kind: 'over' };
			if (options.signal.aborted) return { kind: 'left' };
			const active = deepest(handle);
			const { waiting } = active;
			if (waiting !== undefined && active.role === 'acting' && waitingKey(active, waiting) !== refusedAt) {
				const answer = await answerWaiting(active, waiting, options);
				if (answer.kind === 'needs-terminal' || answer.kind === 'left') return answer;
				if (answer.kind === 'wait') refusedAt = waitingKey(active, waiting);
				if (answer.kind === 'command') {
					const refusal = await active.command(answer.command);
					if (refusal !== undefined) {
						options.print(`not done: ${refusal.refused}${refusal.advice === undefined ? '' : `. ${refusal.advice}`}`);
						if (options.asker === undefined) return { kind: 'needs-terminal', why: refusal.refused };
					}
				}
				continue;
			}
			const pause = Promise.withResolvers<void>();
			const timer = setTimeout(() => pause.resolve(), 500);
			await Promise.race([wake.promise, stopped, pause.promise]);
			clearTimeout(timer);
		}
	} finally {
		for (const off of offs.values()) off();
	}
};
