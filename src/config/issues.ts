import type { z } from 'zod';
import { redactText } from './redact.ts';
import type { Shape } from './shape.ts';
import { keysOf, shapeAt } from './shape.ts';
import { suggest } from './suggest.ts';

type Issue = z.core.$ZodIssue;

/** A complaint about one place of the file, not yet with its line. */
export interface Complaint {
	readonly path: readonly PropertyKey[];
	readonly message: string;
	/** The key itself is meant, not its value. */
	readonly atKey: boolean;
}

const kinds: Readonly<Record<string, string>> = {
	string: 'text',
	number: 'a number',
	int: 'a whole number',
	boolean: 'true or false',
	object: 'a map',
	record: 'a map',
	array: 'a list',
};

/** What stands there, short and free of secrets. */
const found = (path: readonly PropertyKey[], root: unknown): string => {
	let value = root;
	for (const step of path) value = typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined;
	if (value === undefined) return 'found nothing';
	if (value === null) return 'found no value';
	if (Array.isArray(value)) return 'found a list';
	if (typeof value === 'object') return 'found a map';
	if (path.includes('headers') || path.includes('env')) return 'found another value';
	const text = redactText(JSON.stringify(value));
	return `found ${text.length > 60 ? `${text.slice(0, 59)}…` : text}`;
};

const either = (values: readonly unknown[]): string => (values.length === 1 ? String(values[0]) : `one of ${values.map(String).join(', ')}`);

const expected = (issue: Issue): string => {
	if (issue.code === 'invalid_type') return issue.message.startsWith('expected') ? issue.message : `expected ${kinds[issue.expected] ?? issue.expected}`;
	if (issue.code === 'invalid_value') return `expected ${either(issue.values)}`;
	if (issue.code === 'invalid_union') return 'options' in issue && Array.isArray(issue.options) ? `expected ${either(issue.options)}` : 'expected one of its forms';
	if (issue.code === 'too_small') return issue.origin === 'number' || issue.origin === 'int' ? `expected ${Number(issue.minimum)} or more` : 'expected something, not nothing';
	if (issue.code === 'too_big') return issue.origin === 'string' ? `expected at most ${Number(issue.maximum)} characters` : `expected ${Number(issue.maximum)} or less`;
	return issue.message;
};

/**
 * Turns an issue of a schema into complaints that say what was expected, what was found and what was probably meant.
 * @param root the whole value that was checked
 * @param shape the schema as a tree; default that of sitrep.yaml
 */
export const complaintsOf = (issue: Issue, root: unknown, shape?: Shape): readonly Complaint[] => {
	if (issue.code === 'unrecognized_keys') {
		const known = keysOf(shapeAt(issue.path, root, shape));
		return issue.keys.map((key) => {
			const meant = suggest(key, known);
			const hint = meant === undefined ? (known.length === 0 ? '' : `; known here: ${known.join(', ')}`) : `; did you mean ${meant}`;
			return { path: [...issue.path, key], message: `unknown key${hint}`, atKey: true };
		});
	}
	if (issue.code === 'invalid_key') {
		const first = issue.issues[0];
		return [{ path: issue.path, message: first?.message ?? 'name not allowed', atKey: true }];
	}
	if (issue.code === 'invalid_union' && issue.errors.length > 0) {
		// The form that got furthest is the one that was meant.
		const deepest = issue.errors.flat().sort((a, b) => b.path.length - a.path.length)[0];
		if (deepest !== undefined) {
			return complaintsOf({ ...deepest, path: [...issue.path, ...deepest.path] }, root, shape);
		}
	}
	const what = found(issue.path, root);
	const values = issue.code === 'invalid_value' ? issue.values : issue.code === 'invalid_union' && 'options' in issue && Array.isArray(issue.options) ? issue.options : [];
	const word = /^found "(.*)"$/.exec(what)?.[1];
	const meant = word === undefined ? undefined : suggest(word, values.map(String));
	const missing = what === 'found nothing';
	const message = missing ? `missing; ${expected(issue)}` : `${expected(issue)}, ${what}${meant === undefined ? '' : `; did you mean ${meant}`}`;
	return [{ path: issue.path, message, atKey: false }];
};
