/** Below this a coded form is too common a text to be told from others. */
const smallestCoded = 4;
/** Lines of a secret of several lines are secrets of their own from this length on. */
const smallestLine = 12;

/**
 * Base64 of a text that stands anywhere within a longer one: its characters depend on where it begins among groups of
 * three bytes. Those that also hold bits of its neighbours are left off.
 */
const base64Forms = (value: string): readonly string[] => {
	const bytes = Buffer.from(value);
	return [0, 1, 2].flatMap((lead) => {
		const coded = Buffer.concat([Buffer.alloc(lead), bytes]).toString('base64').replace(/=+$/, '');
		const end = (lead + bytes.length) % 3 === 0 ? coded.length : coded.length - 1;
		const form = coded.slice([0, 2, 3][lead], end);
		return [form, form.replaceAll('+', '-').replaceAll('/', '_')];
	});
};

/** Percent-coded. Programs differ in which signs they leave as they are, in the blank, and in the case of the digits. */
const percentForms = (value: string): readonly string[] => {
	// A lone surrogate has no percent-coded form.
	const plain = encodeURIComponent(value.toWellFormed());
	const strict = plain.replaceAll(/[!'()*~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
	return [plain, strict, strict.replaceAll('%7E', '~'), new URLSearchParams({ v: value }).toString().slice(2)]
		.flatMap((form) => [form, form.replaceAll('%20', '+')])
		.flatMap((form) => [form, form.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase())]);
};

const jsonForms = (value: string): readonly string[] => {
	const plain = JSON.stringify(value).slice(1, -1);
	return [plain, plain.replaceAll('/', '\\/'), plain.replaceAll(/[\u0080-\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)];
};

const xmlForms = (value: string): readonly string[] => {
	const plain = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
	return [plain, plain.replaceAll('"', '&quot;').replaceAll("'", '&#39;')];
};

const hexForms = (value: string): readonly string[] => {
	const hex = Buffer.from(value).toString('hex');
	return [hex, hex.toUpperCase()];
};

/**
 * A text as it is, and as programs commonly write it: base64, percent-coded, in JSON, in XML, in hex, quoted for a shell.
 * @returns the longest first; none for an empty text
 */
export const formsOf = (secret: string): readonly Uint8Array[] => {
	const values = [secret, ...secret.split(/\r?\n/).filter((line) => line.length >= smallestLine)].filter((value) => value !== '');
	const coded = values
		.flatMap((value) => [base64Forms, percentForms, jsonForms, xmlForms, hexForms].flatMap((forms) => forms(value)).concat(value.replaceAll("'", String.raw`'\''`)))
		.filter((form) => form.length >= smallestCoded);
	return [...new Set([...values, ...coded])].map((form) => Buffer.from(form)).sort((a, b) => b.length - a.length);
};
