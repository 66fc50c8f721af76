import { base64Forms, hexForms, percentForms } from './codedForms.ts';
import { jsonForms, pageForms, shellForms } from './quotedForms.ts';

/** Below this a coded form is too common a text to be told from others. */
const smallestCoded = 4;
/** Lines of a secret of several lines are secrets of their own from this length on. */
const smallestLine = 12;

/**
 * A text as it is, and as programs commonly write it: base64, percent-coded, in JSON, in XML, in hex, quoted for a shell.
 * @returns the longest first; none for an empty text
 */
export const formsOf = (secret: string): readonly Uint8Array[] => {
	const values = [secret, ...secret.split(/\r?\n/).filter((line) => line.length >= smallestLine)].filter((value) => value !== '');
	const coded = values.flatMap((value) => [base64Forms, percentForms, jsonForms, pageForms, hexForms, shellForms].flatMap((forms) => forms(value))).filter((form) => form.length >= smallestCoded);
	return [...new Set([...values, ...coded])].map((form) => Buffer.from(form)).sort((a, b) => b.length - a.length);
};
