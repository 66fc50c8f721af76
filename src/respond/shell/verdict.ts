import type { Risk } from '../../domain/playbook/risk.ts';
import { risks } from '../../domain/playbook/risk.ts';
import type { ShellCommand, ShellWord } from './types.ts';

/** What is to be said of one command. */
export interface Verdict {
	readonly risk: Risk;
	readonly why: string;
	readonly certain: boolean;
	/** Why it waits for a person. */
	readonly interactive?: string;
	/** Why it does not end. */
	readonly endless?: string;
	/** What it may ask. */
	readonly mayAsk?: string;
	/** Set where it takes an error for a success. */
	readonly noFail?: boolean;
	/** Commands that it runs in turn, the innermost included. */
	readonly inner?: readonly ShellCommand[];
	/** The program that runs them, as `docker exec`. */
	readonly wrapper?: string;
}

/** What a command reads from. */
export type Input = { readonly kind: 'none' } | { readonly kind: 'pipe' } | { readonly kind: 'file' } | { readonly kind: 'text'; readonly text: string };

/** What a handler of one program may ask for. */
export interface Context {
	readonly input: Input;
	/** Names of functions that the script defines. */
	readonly functions: ReadonlySet<string>;
	/** A command that this one runs. */
	argv(words: readonly ShellWord[], wrapper: string): Verdict;
	/** A script that this one runs. @param text absent where only the run tells */
	script(text: string | undefined, wrapper: string): Verdict;
}

export const read = (why: string): Verdict => ({ risk: 'read', why, certain: true });
export const change = (why: string): Verdict => ({ risk: 'change', why, certain: true });
export const destructive = (why: string): Verdict => ({ risk: 'destructive', why, certain: true });
/** What is not known may change something: it is never taken for a reader. */
export const unknown = (why: string): Verdict => ({ risk: 'change', why, certain: false });

/** The worse of two; of two alike the certain one, then the first. */
export const worse = <V extends { readonly risk: Risk; readonly certain: boolean }>(a: V, b: V): V => {
	const [left, right] = [risks.indexOf(a.risk), risks.indexOf(b.risk)];
	if (left !== right) return left > right ? a : b;
	return b.certain && !a.certain ? b : a;
};

/** Both hold: the worse risk, with everything that is odd about either. */
export const both = (a: Verdict, b: Verdict): Verdict => {
	const { risk, why, certain } = worse(a, b);
	return { ...b, ...a, risk, why, certain, inner: [...(a.inner ?? []), ...(b.inner ?? [])] };
};
