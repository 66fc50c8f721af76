const names = new Set(['status', 'json', 'body', 'exitCode', 'stdout', 'stderr', 'result', 'headers']);
const maxShown = 80;

/** Paths such as `json.status` that an expression names, outside of its texts. */
const pathsIn = (expression: string): readonly string[] => {
	const bare = expression.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, ' ');
	const paths = [...bare.matchAll(/(?<![\w.])[a-zA-Z_]\w*(?:\.[a-zA-Z_]\w*(?!\w*\s*\())*/g)].map((match) => match[0]);
	return [...new Set(paths)].filter((path) => names.has(path.split('.')[0] ?? ''));
};

const at = (result: Readonly<Record<string, unknown>>, path: string): unknown => {
	let value: unknown = { ...result, result };
	for (const name of path.split('.')) {
		if (typeof value !== 'object' || value === null) return undefined;
		value = Object.getOwnPropertyDescriptor(value, name)?.value;
	}
	return value;
};

const show = (value: unknown): string => {
	const text = value === undefined ? 'nothing' : (JSON.stringify(value) ?? 'nothing');
	return text.length <= maxShown ? text : `${text.slice(0, maxShown)}…`;
};

/**
 * Why an expectation was not met: `expected status == 200, got 503`; where it names several values, each with its
 * name: `expected status == 200 && json.ok, got status 200, json.ok false`.
 */
export const unmetWords = (expression: string, result: Readonly<Record<string, unknown>>): string => {
	const paths = pathsIn(expression);
	const [only] = paths;
	if (only === undefined) return `expected ${expression}`;
	if (paths.length === 1) return `expected ${expression}, got ${show(at(result, only))}`;
	return `expected ${expression}, got ${paths.map((path) => `${path} ${show(at(result, path))}`).join(', ')}`;
};

/** Whether an expectation itself speaks of how the action ended; only then does it outvote a bad exit code or status. */
export const judgesEnd = (expression: string): boolean =>
	pathsIn(expression).some((path) => ['exitCode', 'status', 'result.exitCode', 'result.status'].includes(path));
