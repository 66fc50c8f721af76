/** One thing that lint has to say of a playbook. An `error` keeps it from running. */
export interface PlaybookProblem {
	/** Id of the lint rule, such as `masked-failure`; `schema` where the format itself is not met, `yaml` where it is no YAML. */
	readonly rule: string;
	readonly level: 'error' | 'warning';
	readonly file: string;
	/** From 1; absent where the file as a whole is meant. */
	readonly line?: number;
	/** From 1, in characters. */
	readonly column?: number;
	/** Such as `steps[3].sh`; empty for the file as a whole. */
	readonly path: string;
	/** What was found and what was expected. */
	readonly message: string;
	/** What to write instead. */
	readonly wayOut?: string;
}
