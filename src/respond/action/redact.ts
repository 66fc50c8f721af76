import { formsOf } from '../process/secretForms.ts';

/** What stands in the place of a secret. */
export const secretMark = '(secret)';

/** Shorter secrets would turn every text into marks: they are replaced only where they stand as a word of their own. */
const shortestAnywhere = 4;

/**
 * Texts under which a secret may turn up: those of the supervisor's files, and without blanks around it. The longest
 * first. Of a secret shorter than 4 characters: none, see {@link redactor}.
 */
export const secretForms = (secrets: Iterable<string>): readonly string[] => {
	const forms = new Set<string>();
	for (const secret of secrets) {
		if (secret.length < shortestAnywhere) continue;
		for (const form of [secret.trim(), ...formsOf(secret).map((bytes) => Buffer.from(bytes).toString('utf8'))]) {
			if (form.length >= shortestAnywhere) forms.add(form);
		}
	}
	return [...forms].sort((a, b) => b.length - a.length);
};

export interface Redactor {
	text(text: string): string;
	/** Texts and keys in it, at any depth. */
	value(value: unknown): unknown;
	record(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
}

const wordCharacter = /[\p{L}\p{N}_]/u;

/** Stretches of `text` that are this form. */
const places = (text: string, form: string, wordOnly: boolean, found: [number, number][]): void => {
	for (let at = text.indexOf(form); at !== -1; at = text.indexOf(form, at + 1)) {
		const end = at + form.length;
		if (wordOnly && (wordCharacter.test(text.charAt(at - 1)) || wordCharacter.test(text.charAt(end)))) continue;
		found.push([at, end]);
	}
};

/**
 * Replaces secrets by `(secret)`, in every form of {@link secretForms}; overlapping ones together. A secret shorter than 4
 * characters is replaced only as it is, and where no letter, digit or underscore stands beside it.
 */
export const redactor = (secrets: Iterable<string>): Redactor => {
	const all = [...new Set(secrets)].filter((secret) => secret !== '');
	const forms = secretForms(all);
	const short = all.filter((secret) => secret.length < shortestAnywhere);
	const text = (from: string): string => {
		const found: [number, number][] = [];
		for (const form of forms) places(from, form, false, found);
		for (const form of short) places(from, form, true, found);
		if (found.length === 0) return from;
		// A mark that stands there already stays one: what was made harmless is not marked twice.
		places(from, secretMark, false, found);
		found.sort((a, b) => a[0] - b[0]);
		let out = '';
		let done = 0;
		let [start, end] = found[0] ?? [0, 0];
		const put = (): void => {
			out += from.slice(done, start) + secretMark;
			done = end;
		};
		for (const [nextStart, nextEnd] of found.slice(1)) {
			if (nextStart < end) {
				end = Math.max(end, nextEnd);
				continue;
			}
			put();
			[start, end] = [nextStart, nextEnd];
		}
		put();
		return out + from.slice(done);
	};
	const deep = (from: unknown): unknown => {
		if (typeof from === 'string') return text(from);
		if (typeof from === 'number' || typeof from === 'boolean') {
			// A secret that is all digits may come back as a number.
			const words = String(from);
			return all.includes(words) ? secretMark : from;
		}
		if (Array.isArray(from)) return from.map(deep);
		if (typeof from !== 'object' || from === null) return from;
		return record(from);
	};
	const record = (from: object): Readonly<Record<string, unknown>> => Object.fromEntries(Object.entries(from).map(([key, each]) => [text(key), deep(each)]));
	if (all.length === 0) return { text: (from) => from, value: (from) => from, record: (from) => from };
	return { text, value: deep, record };
};
