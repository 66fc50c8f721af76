const unit = (sign: string): string => sign.charCodeAt(0).toString(16).padStart(4, '0');
const within = (value: string): string => JSON.stringify(value).slice(1, -1);

/** In JSON: as it must be; with slashes, or the signs of HTML, or all that is not ASCII escaped as well; and within JSON that is itself a text in JSON. */
export const jsonForms = (value: string): readonly string[] => {
	const plain = within(value);
	const beyondAscii = /[\u007f-\uffff]/g;
	const forms = [
		plain,
		plain.replaceAll('/', '\\/'),
		plain.replaceAll(/[<>&\u2028\u2029]/g, (sign) => `\\u${unit(sign)}`),
		...[plain, plain.replaceAll('/', '\\/')].flatMap((form) => [form.replaceAll(beyondAscii, (sign) => `\\u${unit(sign)}`), form.replaceAll(beyondAscii, (sign) => `\\u${unit(sign).toUpperCase()}`)]),
	];
	return [...forms, ...forms.map(within)];
};

/** In XML and HTML, with either way of writing the quotes. */
export const pageForms = (value: string): readonly string[] => {
	const plain = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
	return [plain, ...['&quot;', '&#34;'].flatMap((double) => ["'", '&#39;', '&#x27;', '&apos;'].map((single) => plain.replaceAll('"', double).replaceAll("'", single)))];
};

/** Signs that bash puts a backslash before in `printf %q`. */
const special = /[\s!"$&'()*,;<>?[\\\]^`{|}]/g;

/** Between the quotes of a shell, of SQL or of a program's own strings, or with backslashes and no quotes. */
export const shellForms = (value: string): readonly string[] => {
	const bare = value.replaceAll(special, String.raw`\$&`);
	const control = value.replaceAll('\\', '\\\\').replaceAll('\n', String.raw`\n`).replaceAll('\r', String.raw`\r`).replaceAll('\t', String.raw`\t`);
	return [
		...[String.raw`'\''`, `'"'"'`, String.raw`\'`, "''"].map((tick) => value.replaceAll("'", tick)),
		value.replaceAll(/["$\\`]/g, String.raw`\$&`),
		bare,
		bare.replace(/^[#~]/, String.raw`\$&`),
		control,
		control.replaceAll("'", String.raw`\'`),
	];
};
