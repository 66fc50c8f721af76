import type { Document, LineCounter } from 'yaml';
import { complaintsOf } from '../../config/issues.ts';
import { placeOf } from '../../config/place.ts';
import { formatPath } from '../../config/problem.ts';
import { suggest } from '../../config/suggest.ts';
import { readYaml } from '../../config/yaml.ts';
import type { PlaybookProblem } from '../../domain/playbook/problem.ts';
import { checkPlaybook } from './check/playbook.ts';
import type { PlaybookComplaint } from './complaint.ts';
import { formatError } from './complaint.ts';
import { withKinds } from './kind.ts';
import type { PlaybookSource } from './schema/playbook.ts';
import { playbookSchema } from './schema/playbook.ts';
import { stepSchema } from './schema/step.ts';
import { playbookShape } from './shape.ts';

/** A playbook is some hundred lines; what is larger than this is something else. Characters. */
const maxLength = 1_000_000;

/** A text as a playbook: what stands in it, and the means to tell where. */
export interface ParsedPlaybook {
	/** Absent where the format is not met. */
	readonly source?: PlaybookSource;
	readonly problems: readonly PlaybookProblem[];
	/** Gives a complaint its file, line and column. */
	readonly problemOf: (complaint: PlaybookComplaint) => PlaybookProblem;
}

const byPlace = (a: PlaybookProblem, b: PlaybookProblem): number => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);

/** In the order of the file. */
export const sortProblems = (problems: readonly PlaybookProblem[]): readonly PlaybookProblem[] => [...problems].sort(byPlace);

let keys: readonly string[] | undefined;

/** Every key that a step of any kind may have. */
const stepKeys = (): readonly string[] => (keys ??= [...new Set(stepSchema.options.flatMap((each) => Object.keys(each.shape)))]);

/** A step whose kind cannot be told: most often a key is misspelt. */
const unknownKind = (path: readonly PropertyKey[], step: unknown): PlaybookComplaint => {
	const known = stepKeys();
	const odd = typeof step === 'object' && step !== null ? Object.keys(step).filter((key) => !known.includes(key)) : [];
	const hints = odd.map((key) => {
		const meant = suggest(key, known);
		return `${key} is not known${meant === undefined ? '' : `, did you mean ${meant}`}`;
	});
	return formatError(path, `no kind; expected kind, or a key that tells it: run, sh, container, http, database, choices, instructions, fields, of, message, steps or playbook${hints.length === 0 ? '' : `; ${hints.join('; ')}`}`);
};

const at = (value: unknown, path: readonly PropertyKey[]): unknown => path.reduce<unknown>((here, step) => (typeof here === 'object' && here !== null ? Reflect.get(here, step) : undefined), value);

/** Reads the text of a playbook and checks its format. @param file its name, for messages */
export const parsePlaybook = (text: string, file: string): ParsedPlaybook => {
	const whole = (message: string, rule: string): ParsedPlaybook => ({
		problems: [{ rule, level: 'error', file, line: 1, column: 1, path: '', message }],
		problemOf: ({ rule: id, level, path, message: words }) => ({ rule: id, level, file, path: formatPath(path), message: words }),
	});
	if (text.length > maxLength) return whole(`too large to be a playbook: ${text.length} characters, at most ${maxLength} are read`, 'yaml');
	const read = readYaml(text, file);
	if (read.problems !== undefined) return { ...whole('', 'yaml'), problems: read.problems.map((each) => ({ rule: 'yaml', level: 'error', ...each })) };
	if (read.value === null || read.value === undefined) return whole('empty; expected at least schemaVersion, id, version, kind, title and steps', 'schema');
	const problemOf = placed(read.document, read.lines, file);
	const value = withKinds(read.value);
	const parsed = playbookSchema.safeParse(value);
	if (parsed.success) {
		const problems = sortProblems(checkPlaybook(parsed.data).map(problemOf));
		return problems.length > 0 ? { problems, problemOf } : { source: parsed.data, problems, problemOf };
	}
	const complaints = parsed.error.issues.flatMap((issue): readonly PlaybookComplaint[] => {
		const step = issue.path.slice(0, -1);
		if (issue.path.at(-1) === 'kind' && issue.path.length > 1 && at(value, issue.path) === undefined) return [unknownKind(step, at(value, step))];
		return complaintsOf(issue, value, playbookShape()).map((each) => ({ ...each, rule: 'schema', level: 'error' }));
	});
	return { problems: sortProblems(complaints.map(problemOf)), problemOf };
};

const placed =
	(document: Document, lines: LineCounter, file: string) =>
	(complaint: PlaybookComplaint): PlaybookProblem => ({
		rule: complaint.rule,
		level: complaint.level,
		file,
		...placeOf(document, lines, complaint),
		path: formatPath(complaint.path),
		message: complaint.message,
		...(complaint.wayOut === undefined ? {} : { wayOut: complaint.wayOut }),
	});
