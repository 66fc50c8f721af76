/** Asks a person, line by line. `undefined`: the input has ended. */
export interface Asker {
	ask(question: string): Promise<string | undefined>;
	/** Without echo. */
	askSecret(question: string): Promise<string | undefined>;
}

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
