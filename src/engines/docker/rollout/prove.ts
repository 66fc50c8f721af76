import { setTimeout as sleep } from 'node:timers/promises';
import type { RolloutHooks, RolloutSubject } from '../../../domain/rollout.ts';
import { startErrorWords } from '../startError.ts';
import { fields, list, number, text, type Fields } from '../narrow.ts';
import type { RolloutCalls } from './calls.ts';
import { seconds, type Proof } from './proof.ts';

/** A look costs the engine 0.3 ms. */
const everyMs = 50;
const outputWords = 200;

export interface ProofResult {
	readonly ok: boolean;
	readonly words: string;
}

/** Waits until a container is proved or has failed. @throws EngineError; the signal's reason */
export async function prove(calls: RolloutCalls, subject: RolloutSubject, proof: Proof, hooks: RolloutHooks): Promise<ProofResult> {
	const began = performance.now();
	let first: { readonly startedAt: string | undefined; readonly restarts: number; readonly at: number } | undefined;
	for (let said = ''; ; await sleep(everyMs, undefined, { signal: hooks.signal })) {
		const container = await calls.container(subject.id);
		const now = performance.now();
		first ??= { startedAt: startedAt(container), restarts: restartsOf(container), at: now };
		const over = endWords(container) ?? (startedAt(container) === first.startedAt && restartsOf(container) === first.restarts ? undefined : 'it ended and was started again');
		if (over !== undefined) {
			return { ok: false, words: over };
		}
		const state = fields(container?.['State']);
		const health = text(fields(state['Health'])['Status']);
		if (health === 'unhealthy') {
			return { ok: false, words: `unhealthy: ${lastHealthOutput(state)}` };
		}
		const ran = now - first.at;
		if (proof.kind === 'health' ? health === 'healthy' : ran >= proof.steadyMs) {
			const words = proof.kind === 'health' ? `healthy after ${seconds(now - began)}` : `ran for ${seconds(ran)}`;
			return askCaller(subject, words, proof, hooks);
		}
		if (now - began > proof.withinMs) {
			return { ok: false, words: `not healthy within ${seconds(proof.withinMs)}: ${lastHealthOutput(state)}` };
		}
		const words = proof.kind === 'health' ? `${health ?? 'no health yet'}: ${lastHealthOutput(state)}` : 'running';
		if (words !== said) {
			hooks.onProof?.(words);
			said = words;
		}
	}
}

/** The service's own probes have the last word. */
async function askCaller(subject: RolloutSubject, words: string, proof: Proof, hooks: RolloutHooks): Promise<ProofResult> {
	if (hooks.prove === undefined) {
		return { ok: true, words };
	}
	const signal = AbortSignal.timeout(Math.max(1, proof.withinMs));
	const either = hooks.signal === undefined ? signal : AbortSignal.any([signal, hooks.signal]);
	for (let last = ''; ; await sleep(everyMs, undefined, hooks.signal === undefined ? {} : { signal: hooks.signal })) {
		const answer = await hooks.prove(subject, either);
		if (answer.ok) {
			return { ok: true, words: `${words}; ${answer.words}` };
		}
		hooks.signal?.throwIfAborted();
		if (signal.aborted) {
			return { ok: false, words: `${words}, but not within ${seconds(proof.withinMs)}: ${answer.words}` };
		}
		if (answer.words !== last) {
			last = answer.words;
			hooks.onProof?.(last);
		}
	}
}

const restartsOf = (container: Fields | undefined): number => number(container?.['RestartCount']) ?? 0;
const startedAt = (container: Fields | undefined): string | undefined => text(fields(container?.['State'])['StartedAt']);

/** Why it is over with it; absent while it runs. */
export function endWords(container: Fields | undefined): string | undefined {
	if (container === undefined) {
		return 'it is gone';
	}
	const state = fields(container['State']);
	if (state['Running'] === true && state['Restarting'] !== true) {
		return undefined;
	}
	const killed = state['OOMKilled'] === true ? ', killed for memory' : '';
	const error = text(state['Error']);
	return `ended with ${number(state['ExitCode']) ?? '?'}${killed}${error === undefined ? '' : `: ${startErrorWords(error)}`}`;
}

function lastHealthOutput(state: Fields): string {
	const last = fields(list(fields(state['Health'])['Log']).at(-1));
	const output = (text(last['Output']) ?? '').replace(/\s+/g, ' ').trim();
	return output === '' ? (last['ExitCode'] === undefined ? 'no check has ended yet' : `the check ended with ${number(last['ExitCode']) ?? '?'}`) : output.slice(0, outputWords);
}
