import type { DraftStep } from './draft.ts';
import { cut } from './titles.ts';

/** `Expected:`, `Expected output:`, `Prints:` and what follows. */
const marker = /^[\s>*_-]*(?:(?:you )?should (?:see|print|return|show)|expect(?:ed|s)?(?:[ -](?:output|results?|response|answer|value|status))?|(?:sample |example )?output|returns?|prints?|results?|=>|->|→|⇒)[\s*_]*(?::|：|-|–|(?<=[>→⇒]))?[\s*_]*/i;

/** Whether a text tells what a command is expected to print, and the text it tells. */
export const expectedText = (text: string): string | undefined => {
	const found = marker.exec(text)?.[0];
	// Without a colon or the like a sentence merely begins with the word.
	if (found === undefined || !/[:：>→⇒]|output|should/i.test(found)) return undefined;
	return text.slice(found.length).trim();
};

const field = (key: string): string => (/^[A-Za-z_]\w*$/.test(key) && !/^(?:true|false|null|in|has|size|type)$/.test(key) ? `json.${key}` : `json[${JSON.stringify(key)}]`);

const ofJson = (text: string): string | undefined => {
	if (!/^\{[\s\S]*\}$/.test(text)) return undefined;
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return undefined;
	}
	if (typeof value !== 'object' || value === null) return undefined;
	const plain = Object.entries(value).filter(([, each]) => typeof each === 'string' || typeof each === 'boolean' || (typeof each === 'number' && Number.isSafeInteger(each)));
	return plain.length === 0 || plain.length > 10 ? undefined : plain.map(([key, each]) => `${field(key)} == ${JSON.stringify(each)}`).join(' && ');
};

/**
 * CEL for an expected output: fields of JSON, or a text that has to be printed. Nothing for words about the output, which
 * a person has to judge.
 * @param literally true where the text is the output itself, as in a block of its own
 */
export const expectationFrom = (text: string, literally: boolean): string | undefined => {
	const quoted = /^(`+)([^`]+)\1\.?$/.exec(text)?.[2] ?? /^"([^"]+)"\.?$/.exec(text)?.[1];
	const output = (quoted ?? text).trim();
	if (output === '' || output.length > 300 || output.includes('\n')) return ofJson(output);
	const json = ofJson(output);
	if (json !== undefined) return `exitCode == 0 && ${json}`;
	// A status code is no part of what curl prints; of several words nobody knows whether they are printed or meant.
	if (!literally && quoted === undefined && !/^(?![1-5]\d\d$)[\w.:/+-]+$/.test(output)) return undefined;
	return `exitCode == 0 && stdout.contains(${JSON.stringify(output)})`;
};

/** Whether a text is short enough to stand as a note beside its step, with those that are there. */
export const fitsBeside = (step: DraftStep, text: string): boolean => text.length <= 2000 && step.notes.join('').length <= 8000;

/** Gives the last step an expectation, or a note where it has one or cannot be put in CEL. @returns true where the text has become an `expect` */
export const expectOf = (step: DraftStep, text: string, literally: boolean): boolean => {
	const { body } = step;
	const expect = body.kind === 'command' && body.expect === undefined ? expectationFrom(text, literally) : undefined;
	step.notes.push(`Expected: ${cut(text, 2000)}`);
	if (expect === undefined || body.kind !== 'command') return false;
	body.expect = expect;
	return true;
};
