import { setTimeout as sleep } from 'node:timers/promises';
import type { Actor } from '../../domain/journal.ts';
import type { RunHandle, StepOutput } from '../../domain/run/control.ts';
import type { RunState, StepState, Waiting } from '../../domain/run/state.ts';
import { remainsWords } from '../../domain/run/remains.ts';
import { formatBytes } from '../../domain/bytes.ts';
import { formatLatency } from '../../domain/duration.ts';
import { answerWaiting } from './answer.ts';
import type { DriveEnd, DriveOptions } from './driveOptions.ts';

const marks: Readonly<Record<StepState['status'], string>> = { pending: '', running: 'run', done: 'done', failed: 'FAIL', skipped: 'skip', unknown: '?', cancelled: 'FAIL' };

/** What the newest try of a step that has ended left behind, a line each. */
const remainsLines = (step: StepState): readonly string[] => {
	const attempt = step.attempts.at(-1);
	return attempt === undefined ? [] : remainsWords(attempt, step.words ?? attempt.words).map((text) => `     ! ${text}`);
};

const stepLine = (step: StepState, title: string): string => {
	const attempt = step.attempts.at(-1);
	const words = step.status === 'running' ? (attempt?.command ?? '') : (step.words ?? attempt?.words ?? '');
	const took = step.status === 'running' || attempt?.durationMs === undefined ? '' : `  (${formatLatency(attempt.durationMs)})`;
	return `${marks[step.status].padEnd(5)}${title}${words === '' ? '' : `: ${words}`}${took}`;
};

/** The run that acts now: a playbook within a playbook is answered by itself. */
const deepest = (handle: RunHandle): RunHandle => (handle.child === undefined ? handle : deepest(handle.child));

/** Newest lines of a step that are told; what stands above them is counted. */
const toldLines = 200;
/** What a step wrote is read from its files, a little after it was written: so long it is waited for once the step has ended, ms. */
const readOnMs = 2000;
const lookMs = 20;

/** What a step has written, as far as it was told. */
interface Told {
	readonly reader: StepOutput;
	total: number;
	/** The newest line told: it may not have ended yet, and is told again where it has grown. */
	last: string;
}

/** Tells what has changed in a run since the last look. */
class Teller {
	readonly #options: DriveOptions;
	readonly #told = new Map<string, string>();
	readonly #outputs = new Map<string, Told>();

	constructor(options: DriveOptions) {
		this.#options = options;
	}

	async tell(handle: RunHandle): Promise<void> {
		const { state } = handle;
		for (const step of state.steps) {
			const title = state.playbook.steps.find((each) => each.id === step.id)?.title ?? step.id;
			const key = `${state.id} ${step.id}`;
			const now = `${step.status} ${step.attempts.length} ${step.status === 'running' ? '' : (step.words ?? '')}`;
			const fresh = step.status !== 'pending' && this.#told.get(key) !== now;
			if (fresh) this.#told.set(key, now);
			// What is about to write stands above its output, what came of it below.
			if (fresh && step.status === 'running') this.#line(state, step, title);
			await this.#output(handle, step);
			if (fresh && step.status !== 'running') this.#line(state, step, title);
		}
		if (handle.child !== undefined) await this.tell(handle.child);
	}

	close(): void {
		for (const { reader } of this.#outputs.values()) reader.close();
	}

	#line(state: RunState, step: StepState, title: string): void {
		const attempt = step.attempts.at(-1);
		this.#options.json?.({ kind: 'step', runId: state.id, step: step.id, title, status: step.status, command: attempt?.command ?? null, words: step.words ?? attempt?.words ?? null, exitCode: attempt?.exitCode ?? null, durationMs: attempt?.durationMs ?? null, output: attempt?.output ?? null, survivors: attempt?.survivors ?? [], left: attempt?.left ?? [], note: attempt?.note ?? null });
		this.#options.print(stepLine(step, title));
		for (const line of remainsLines(step)) this.#options.print(line);
	}

	/** New lines of the newest try; what ran past is counted. */
	async #output(handle: RunHandle, step: StepState): Promise<void> {
		const attempt = step.attempts.at(-1);
		if (attempt === undefined || this.#options.json !== undefined) return;
		const key = `${handle.id} ${attempt.execution}`;
		const ended = attempt.endedAt !== undefined;
		let told = this.#outputs.get(key);
		if (told === undefined) {
			if (ended && (attempt.output?.bytes ?? 0) === 0) return;
			told = { reader: handle.output(attempt.execution), total: 0, last: '' };
			this.#outputs.set(key, told);
		} else if (ended && told.total === Number.POSITIVE_INFINITY) return;
		if (ended) await this.#readOn(told.reader, attempt.output?.lines ?? 0);
		this.#print(told, attempt.output?.droppedBytes ?? 0);
		if (!ended) return;
		told.reader.close();
		told.total = Number.POSITIVE_INFINITY;
	}

	async #readOn(reader: StepOutput, lines: number): Promise<void> {
		for (let waited = 0; waited < readOnMs; waited += lookMs) {
			const { above, lines: seen } = reader.tail(toldLines);
			if (above + seen.length >= lines) return;
			await sleep(lookMs);
		}
	}

	#print(told: Told, droppedBytes: number): void {
		const { lines, above } = told.reader.tail(toldLines);
		const total = above + lines.length;
		const grown = told.total > above && lines[told.total - above - 1]?.text !== told.last;
		const fresh = total - told.total + Number(grown);
		if (fresh > 0) {
			if (fresh > lines.length) this.#options.print(`     | … ${fresh - lines.length} lines …`);
			for (const line of lines.slice(-fresh)) this.#options.print(`     | ${line.text}`);
			told.total = total;
			told.last = lines.at(-1)?.text ?? '';
		}
		if (droppedBytes > 0) this.#options.print(`     | … ${formatBytes(droppedBytes)} from the middle of it were not kept …`);
	}
}

const whoIs = ({ person, user, host }: Actor): string => `${person ?? user} on ${host}`;

/** What is waited for, for as long as it is: each new try of a step asks anew. */
const waitingKey = (handle: RunHandle, waiting: Waiting): string => {
	const step = 'step' in waiting ? waiting.step : '';
	return `${handle.id} ${waiting.kind} ${step} ${handle.state.steps.find(({ id }) => id === step)?.attempts.length ?? 0}`;
};

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
	let acted = false;
	try {
		for (;;) {
			wake = Promise.withResolvers();
			listen(handle);
			await teller.tell(handle);
			if (acted && handle.role !== 'acting') options.print(`${handle.holder === undefined ? 'another console' : whoIs(handle.holder.holder)} took the run over; nothing more is started from here. Ctrl-C stops watching.`);
			acted = handle.role === 'acting';
			if (handle.state.endedAt !== undefined) return { kind: 'over' };
			if (options.signal.aborted) return { kind: 'left' };
			const active = deepest(handle);
			const { waiting } = active;
			if (waiting !== undefined && active.role === 'acting' && waitingKey(active, waiting) !== refusedAt) {
				const answer = await answerWaiting(active, waiting, options);
				if (answer.kind === 'needs-terminal' || answer.kind === 'left') return answer;
				refusedAt = answer.kind === 'wait' ? waitingKey(active, waiting) : '';
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
		teller.close();
		for (const off of offs.values()) off();
	}
};
