/** One thing wrong with a configuration file, where it stands, and what was wanted. */
export interface ConfigProblem {
	readonly file: string;
	/** From 1; absent where the file as a whole is meant. */
	readonly line?: number;
	/** From 1, in characters. */
	readonly column?: number;
	/** Such as `services.web.probes[0].interval`; empty for the file as a whole. */
	readonly path: string;
	/** What was expected, what was found, what was probably meant. Free of credentials. */
	readonly message: string;
}

/** `sitrep.yaml:12:7: services.web.probes[0].interval: expected a duration …, found "5"`. */
export const formatProblem = (problem: ConfigProblem): string => {
	const place = [problem.file, problem.line, problem.column].filter((part) => part !== undefined).join(':');
	return `${place}: ${problem.path === '' ? '' : `${problem.path}: `}${problem.message}`;
};

/** A configuration file that cannot be used, with everything that is wrong in it. */
export class ConfigError extends Error {
	override readonly name = 'ConfigError';
	readonly problems: readonly ConfigProblem[];
	constructor(problems: readonly ConfigProblem[]) {
		super(problems.map(formatProblem).join('\n'));
		this.problems = problems;
	}
}

export const formatPath = (path: readonly PropertyKey[]): string => {
	let text = '';
	for (const step of path) {
		if (typeof step === 'number') text += `[${step}]`;
		else if (/^[\w-]+$/.test(String(step))) text += text === '' ? String(step) : `.${String(step)}`;
		else text += `["${String(step)}"]`;
	}
	return text;
};
