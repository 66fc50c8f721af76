import { checkConfig } from './check.ts';
import type { TextComplaint } from './check.ts';
import { complaintsOf } from './issues.ts';
import { placeOf } from './place.ts';
import type { ConfigProblem } from './problem.ts';
import { ConfigError, formatPath } from './problem.ts';
import type { Config } from './schema.ts';
import { configSchema } from './schema.ts';
import { readYaml } from './yaml.ts';

/** Reads a whole file as text; rejects where it cannot. */
export type ReadFile = (path: string) => Promise<string>;

/** A configuration file is a few hundred lines; what is larger than this is something else, characters. */
const maxLength = 1_000_000;

/**
 * Reads and checks a configuration.
 * @throws ConfigError with everything that is wrong, each with file, line and column
 */
export const loadConfig = async (readFile: ReadFile, path: string): Promise<Config> => {
	let text: string;
	try {
		text = await readFile(path);
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		throw new ConfigError([{ file: path, path: '', message: `cannot be read: ${why}` }]);
	}
	return parseConfig(text, path);
};

/**
 * Checks the text of a configuration.
 * @param file its name, for messages
 * @throws ConfigError
 */
export const parseConfig = (text: string, file: string): Config => {
	if (text.length > maxLength) throw new ConfigError([{ file, path: '', message: `too large to be a configuration: ${text.length} characters` }]);
	const read = readYaml(text, file);
	if (read.problems !== undefined) throw new ConfigError(read.problems);
	const { document, lines, value } = read;
	const problemOf = (complaint: TextComplaint): ConfigProblem => ({ file, path: formatPath(complaint.path), message: complaint.message, ...placeOf(document, lines, complaint) });
	if (value === null || value === undefined) throw new ConfigError([{ file, line: 1, column: 1, path: '', message: 'empty; expected at least schemaVersion: 1' }]);
	const parsed = configSchema.safeParse(value);
	const complaints: readonly TextComplaint[] = parsed.success ? checkConfig(parsed.data) : parsed.error.issues.flatMap((issue) => complaintsOf(issue, value));
	if (!parsed.success || complaints.length > 0) {
		const problems = complaints.map(problemOf).sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
		throw new ConfigError(problems);
	}
	return parsed.data;
};
