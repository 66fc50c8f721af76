import { isNode, isPair, LineCounter, parseDocument, visit } from 'yaml';
import type { Document, Node } from 'yaml';
import { checkConfig } from './check.ts';
import type { TextComplaint } from './check.ts';
import { complaintsOf } from './issues.ts';
import type { ConfigProblem } from './problem.ts';
import { ConfigError, formatPath } from './problem.ts';
import { redactText } from './redact.ts';
import type { Config } from './schema.ts';
import { configSchema } from './schema.ts';

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
	const lines = new LineCounter();
	const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, version: '1.2' });
	if (document.errors.length > 0) {
		throw new ConfigError(
			document.errors.map((error) => {
				const { line, col } = lines.linePos(error.pos[0]);
				return { file, line, column: col, path: '', message: redactText(error.message) };
			}),
		);
	}
	const problemOf = (complaint: TextComplaint): ConfigProblem => ({ file, path: formatPath(complaint.path), message: complaint.message, ...place(document, lines, complaint) });
	// A hundred aliases of aliases are an attack on memory, not a configuration; the library counts them.
	let value: unknown;
	try {
		value = document.toJS({ maxAliasCount: 100 });
	} catch (error) {
		throw new ConfigError([{ file, path: '', message: error instanceof Error ? error.message : String(error) }]);
	}
	if (value === null || value === undefined) throw new ConfigError([{ file, line: 1, column: 1, path: '', message: 'empty; expected at least schemaVersion: 1' }]);
	const parsed = configSchema.safeParse(value);
	const complaints: readonly TextComplaint[] = parsed.success ? checkConfig(parsed.data) : parsed.error.issues.flatMap((issue) => complaintsOf(issue, value));
	if (!parsed.success || complaints.length > 0) {
		const problems = complaints.map(problemOf).sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
		throw new ConfigError(problems);
	}
	return parsed.data;
};

/** Line and column of the nearest thing that stands in the file: the key, the value, or what should hold it. */
const place = (document: Document, lines: LineCounter, complaint: TextComplaint): { line: number; column: number } => {
	for (let length = complaint.path.length; length >= 0; length--) {
		const path = complaint.path.slice(0, length);
		const whole = length === complaint.path.length;
		const node = whole && complaint.atKey ? keyNode(document, path) : document.getIn(path, true);
		if (!isNode(node) || node.range === undefined || node.range === null) continue;
		const within = whole && complaint.offset !== undefined ? offsetInSource(node, complaint.offset) : 0;
		// A thing that is missing from a map is reported at the map's own key.
		const shown = whole || length === 0 ? node : (keyNode(document, path) ?? node);
		const { line, col } = lines.linePos((shown.range?.[0] ?? 0) + within);
		return { line, column: col };
	}
	return { line: 1, column: 1 };
};

/** Where a character of a text value stands in the file. Only a value on one line keeps its offsets. */
const offsetInSource = (node: Node, offset: number): number => {
	if (!('type' in node)) return 0;
	if (node.type === 'PLAIN') return offset;
	return node.type === 'QUOTE_SINGLE' || node.type === 'QUOTE_DOUBLE' ? offset + 1 : 0;
};

const keyNode = (document: Document, path: readonly PropertyKey[]): Node | undefined => {
	const last = path.at(-1);
	const holder = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
	let found: Node | undefined;
	if (!isNode(holder)) return undefined;
	visit(holder, {
		Pair(_key, pair, ancestors) {
			if (ancestors.length > 1) return visit.SKIP;
			if (isNode(pair.key) && 'value' in pair.key && String(pair.key.value) === String(last)) {
				found = pair.key;
				return visit.BREAK;
			}
			return visit.SKIP;
		},
	});
	if (found !== undefined || !isPair(holder)) return found;
	return undefined;
};
