import type { Redactor } from '../action/redact.ts';
import { redactor, secretMark } from '../action/redact.ts';
import { textsIn } from './values.ts';
import type { FoldedRun } from './track.ts';

/**
 * The secrets of a run at one console: in memory only, never stored. They are named as the run's `secretNames` name
 * them: `token` for a parameter, `login.password` for a field of an input.
 */
export class Secrets {
	readonly #values = new Map<string, string>();
	/** Results of steps whose output is secret, by step id and registered name. */
	readonly #results = new Map<string, unknown>();
	readonly #derived = new Set<string>();
	#redactor: Redactor | undefined;

	set(name: string, value: string): void {
		this.#values.set(name, value);
		this.#redactor = undefined;
	}

	value(name: string): string | undefined {
		return this.#values.get(name);
	}

	/** Keeps the result of a step whose output is secret for as long as this console lives. */
	keepResult(names: readonly string[], result: Readonly<Record<string, unknown>>): void {
		for (const name of names) this.#results.set(name, result);
		for (const text of textsIn(result)) for (const each of [text, text.trim()]) if (each.length >= 4) this.#derived.add(each);
		this.#redactor = undefined;
	}

	missing(state: FoldedRun): readonly string[] {
		return state.secretNames.filter((name) => !this.#values.has(name));
	}

	/** Texts made of secrets, such as the base64 of one. */
	derive(texts: readonly string[]): void {
		for (const text of texts) {
			if (this.#derived.has(text)) continue;
			this.#derived.add(text);
			this.#redactor = undefined;
		}
	}

	/** By dotted path, as expressions reach them. What is not known here reads `(secret)`. */
	paths(state: FoldedRun): Readonly<Record<string, string>> {
		return Object.fromEntries(state.secretNames.map((name) => [name.includes('.') ? name : `params.${name}`, this.#values.get(name) ?? secretMark]));
	}

	get results(): Readonly<Record<string, unknown>> {
		return Object.fromEntries(this.#results);
	}

	/** Everything that must reach no file. */
	get texts(): readonly string[] {
		return [...this.#values.values(), ...this.#derived].filter((text) => text !== '');
	}

	get redactor(): Redactor {
		this.#redactor ??= redactor(this.texts);
		return this.#redactor;
	}
}
