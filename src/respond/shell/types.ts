import type { Risk } from '../../domain/playbook/risk.ts';

/** What is odd about a script, one place each. */
export type ShellFindingKind =
	/** It is no shell script, or breaks off. */
	| 'syntax'
	/** A here-document without its end. */
	| 'heredoc'
	/** Waits for a person at a terminal. */
	| 'interactive'
	/** Does not end by itself. */
	| 'endless'
	/** A failure goes by unseen. */
	| 'masked-failure'
	/** curl takes an answer of 500 for a success. */
	| 'curl-no-fail'
	/** Something that has to be filled in first, such as `<container>`. */
	| 'placeholder'
	/** May ask for a password or a yes. */
	| 'may-ask';

export interface ShellFinding {
	readonly kind: ShellFindingKind;
	/** What was found. */
	readonly message: string;
	/** What to write instead. */
	readonly wayOut: string;
	/** Offsets in the script, half open. */
	readonly start: number;
	readonly end: number;
}

/** One word of a command. */
export interface ShellWord {
	/** As it is written. */
	readonly text: string;
	/** What the program gets; absent where only the run tells (a variable, a substitution, a template). */
	readonly value?: string;
}

/** One program that the script runs. */
export interface ShellCommand {
	/** Program, without its folder; empty where only the run tells; `>` for a redirection into a file, whose `argv` is the file. */
	readonly name: string;
	/** Program and arguments. */
	readonly argv: readonly ShellWord[];
	readonly text: string;
	/** Offsets in the script, half open. Of a command within quotes (`sh -c '…'`): those of what holds it. */
	readonly start: number;
	readonly end: number;
	readonly risk: Risk;
	/** Why it has this risk, such as `docker rm removes containers and what was written inside them`. */
	readonly why: string;
	/** False where it is a guess, because the program or its argument is not known. */
	readonly certain: boolean;
	/** Programs it runs under, the outermost first: `sudo`, `docker exec`, `sh -c`. */
	readonly within: readonly string[];
}

/** What a script would do, without running it. */
export interface ShellAnalysis {
	readonly commands: readonly ShellCommand[];
	/** The worst of its commands and redirections; `destructive` where it cannot be read. */
	readonly risk: Risk;
	/** Why, of the worst one. */
	readonly why: string;
	/** True where something known has this risk; false where it is assumed of something unknown. */
	readonly certain: boolean;
	/** Waits for a person. */
	readonly interactive: boolean;
	/** Does not end by itself. */
	readonly endless: boolean;
	readonly findings: readonly ShellFinding[];
	/** Variables it reads and does not set, in order of appearance; the shell's own left out. */
	readonly variables: readonly string[];
	/** False where it is no shell script. */
	readonly readable: boolean;
}
