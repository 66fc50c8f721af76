/** Pieces of broken lines are told from other texts from this length on. */
const smallestPiece = 16;
/** Where programs break lines of base64: PEM and openssl, MIME and coreutils. */
const lineWidths = [64, 76] as const;

/** Characters that hold bits of nothing but the text, by how many bytes stand before it in its group of three. */
const ownFrom = [0, 2, 3] as const;

/**
 * Base64 of a text that stands anywhere within a longer one: its characters depend on where it begins among groups of
 * three bytes. Those that also hold bits of what stands before it are left off; so are those shared with what comes
 * after it, but for the form in which nothing does, which is filled up with `=` or not.
 */
export const base64Forms = (value: string): readonly string[] => {
	const bytes = Buffer.from(value);
	const forms = ownFrom.flatMap((from, lead) => {
		const padded = Buffer.concat([Buffer.alloc(lead), bytes]).toString('base64');
		const whole = padded.replace(/=+$/, '');
		const inner = (lead + bytes.length) % 3 === 0 ? whole : whole.slice(0, -1);
		return [padded, whole, inner].map((form) => form.slice(from));
	});
	const coded = bytes.toString('base64');
	const pieces = lineWidths
		.filter((width) => coded.length > width)
		.flatMap((width) => Array.from({ length: Math.ceil(coded.length / width) }, (_, index) => coded.slice(index * width, (index + 1) * width)))
		.filter((piece) => piece.length >= smallestPiece);
	return [...forms, ...pieces].flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')]);
};

/**
 * Signs that are left as they are in an address, beside letters and digits: by encodeURIComponent; by RFC 3986 (curl,
 * jq); before it; by Python's quote; by encodeURI; by forms; by Go in a path and in a password; by browsers in a password
 * and in a query.
 */
const unescaped = ["-_.!~*'()", '-_.~', '-_.', '-_.~/', ";,/?:@&=+$#-_.!~*'()", '-_.*', '-_.~$&+=:@', '-_.~$&+,;=', "-_.!~*'()$%&+,", "-_.!~*()$%&+,/:;=?@[]\\^`{|}"] as const;

const percent = (bytes: Uint8Array, kept: string): string =>
	Array.from(bytes, (byte) => {
		const sign = String.fromCharCode(byte);
		return byte < 0x80 && (/[A-Za-z0-9]/.test(sign) || kept.includes(sign)) ? sign : `%${byte.toString(16).padStart(2, '0').toUpperCase()}`;
	}).join('');

/** Percent-coded. Programs differ in which signs they leave as they are, in the blank, and in the case of the digits. */
export const percentForms = (value: string): readonly string[] => {
	const bytes = Buffer.from(value);
	return unescaped
		.map((kept) => percent(bytes, kept))
		.flatMap((form) => [form, form.replaceAll('%20', '+')])
		.flatMap((form) => [form, form.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase())]);
};

export const hexForms = (value: string): readonly string[] => {
	const hex = Buffer.from(value).toString('hex');
	return [hex, hex.toUpperCase()];
};
