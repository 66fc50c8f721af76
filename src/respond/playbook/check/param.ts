import { unlike } from '../../action/paramChecks.ts';
import { matchesWhole, patternFlags, PatternError } from '../../action/pattern.ts';
import type { PlaybookComplaint } from '../complaint.ts';
import { formatError } from '../complaint.ts';
import type { ParamSource } from '../schema/param.ts';

type Path = readonly PropertyKey[];

const isPattern = (text: string): boolean => {
	try {
		patternFlags(text);
		return true;
	} catch (error) {
		if (error instanceof PatternError) return false;
		throw error;
	}
};

const fits = (pattern: string, value: string): boolean => {
	try {
		return matchesWhole(pattern, value);
	} catch (error) {
		// A pattern that is none is told of at its own place.
		if (error instanceof PatternError) return true;
		throw error;
	}
};

/** What is wrong with the default, in words. */
const defaultTrouble = (param: ParamSource): string | undefined => {
	const { type, min, max, choices, pattern } = param;
	const value = param.default;
	if (value === undefined) return undefined;
	const shown = JSON.stringify(value);
	if (type === 'secret') return 'a secret has no default: it is asked for';
	if (type === 'boolean') return typeof value === 'boolean' ? undefined : `expected true or false, found ${shown}`;
	if (type === 'integer' || type === 'number') {
		if (typeof value !== 'number') return `expected a number, found ${shown}`;
		if (type === 'integer' && !Number.isInteger(value)) return `expected a whole number, found ${shown}`;
		if (min !== undefined && value < min) return `expected ${min} or more, found ${shown}`;
		return max !== undefined && value > max ? `expected ${max} or less, found ${shown}` : undefined;
	}
	if (typeof value !== 'string') return `expected text in quotes, such as '${String(value)}', found ${shown}`;
	if (type === 'choice') return choices === undefined || choices.includes(value) ? undefined : `expected one of ${choices.join(', ')}, found ${shown}`;
	const expected = value === '' ? undefined : unlike(type, value);
	if (expected !== undefined) return `expected ${expected}, found ${shown}`;
	return pattern !== undefined && value !== '' && !fits(pattern, value) ? `expected what the pattern ${pattern} allows, found ${shown}` : undefined;
};

/** What the schema cannot see of one parameter. */
export const checkParam = (param: ParamSource, path: Path): readonly PlaybookComplaint[] => {
	const found: PlaybookComplaint[] = [];
	const numeric = param.type === 'integer' || param.type === 'number';
	if (param.type === 'choice' && param.choices === undefined) found.push(formatError([...path, 'choices'], 'missing; expected what may be chosen'));
	if (param.type !== 'choice' && param.choices !== undefined) found.push({ ...formatError([...path, 'choices'], `is of no use to a ${param.type}`, 'Set type: choice.'), atKey: true });
	for (const key of ['min', 'max'] as const) {
		if (param[key] !== undefined && !numeric) found.push({ ...formatError([...path, key], `is of no use to a ${param.type}, only to integer and number`), atKey: true });
	}
	if (param.pattern !== undefined) {
		if (numeric || param.type === 'boolean' || param.type === 'choice') found.push({ ...formatError([...path, 'pattern'], `is of no use to a ${param.type}`), atKey: true });
		else if (!isPattern(param.pattern)) found.push(formatError([...path, 'pattern'], `expected a regular expression, found ${JSON.stringify(param.pattern)}`));
	}
	const trouble = defaultTrouble(param);
	if (trouble !== undefined) found.push(formatError([...path, 'default'], trouble));
	return found;
};
