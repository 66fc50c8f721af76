import type { Risk } from '../../domain/playbook/risk.ts';
import type { ShellWord } from './types.ts';
import type { Context, Verdict } from './verdict.ts';

/** When something holds of a command line. */
export type When =
	| 'always'
	/** Where one of these options stands. */
	| { readonly with: readonly string[] }
	/** Where none of these options stands. */
	| { readonly without: readonly string[] };

/** What is known of a program, or of one of its subcommands. */
export interface CommandRule {
	readonly risk: Risk;
	/** What it does, as `removes files`. */
	readonly why: string;
	/** False where it is a guess. Default true. */
	readonly certain?: boolean;
	/** Options that take the next word as their value. */
	readonly valued?: readonly string[];
	/** Rules by the next plain word; one that is not among them is unknown. */
	readonly sub?: Readonly<Record<string, CommandRule>>;
	/** Without any plain word: this. */
	readonly bare?: CommandRule;
	/** Options that make it worse, or another thing altogether. */
	readonly options?: readonly (readonly [names: readonly string[], risk: Risk, why: string])[];
	/** With one of these it only reads. */
	readonly harmlessWith?: readonly string[];
	readonly interactive?: When;
	readonly endless?: When;
	/** May ask for a yes unless one of these options stands. */
	readonly asksWithout?: readonly string[];
	/** Judges the words itself; the rest of the rule is then not looked at. */
	readonly judge?: (words: readonly ShellWord[], context: Context) => Verdict;
}

type Extra = Omit<CommandRule, 'risk' | 'why'>;

export const reads = (why: string, extra: Extra = {}): CommandRule => ({ risk: 'read', why, ...extra });
export const changes = (why: string, extra: Extra = {}): CommandRule => ({ risk: 'change', why, ...extra });
export const destroys = (why: string, extra: Extra = {}): CommandRule => ({ risk: 'destructive', why, ...extra });
export const judged = (judge: NonNullable<CommandRule['judge']>): CommandRule => ({ risk: 'change', why: '', judge });
/** A program of subcommands. */
export const family = (sub: Readonly<Record<string, CommandRule>>, extra: Extra = {}): CommandRule => ({ risk: 'change', why: 'a subcommand that is not known', certain: false, sub, ...extra });

/** The same rule for several names. */
export const each = (names: string, rule: CommandRule): Readonly<Record<string, CommandRule>> => Object.fromEntries(names.split(' ').map((name) => [name, rule]));
