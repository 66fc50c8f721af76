const keyCharacter = /[\w.\-/@]/;

/** `\"`, `\\`, `\n` and the like within a quoted value. */
const unquote = (quoted: string): string => {
	try {
		const value: unknown = JSON.parse(quoted);
		return typeof value === 'string' ? value : quoted;
	} catch {
		return quoted.slice(1, -1);
	}
};

/** Index after a quoted string that begins at `from`, or -1 where it does not end. */
const quotedEnd = (text: string, from: number): number => {
	for (let at = from + 1; at < text.length; at++) {
		if (text[at] === '\\') at++;
		else if (text[at] === '"') return at + 1;
	}
	return -1;
};

/**
 * Pairs of a logfmt line: `key=value`, `key="quoted value"`, bare keys.
 * @returns `undefined` where the line is something else: it does not begin with a pair, has fewer than two, or has talk in it
 */
export const parseLogfmt = (text: string): readonly (readonly [string, string])[] | undefined => {
	if (!/^[\w.\-/@]+=/.test(text)) return undefined;
	const pairs: (readonly [string, string])[] = [];
	let at = 0;
	let bare = 0;
	while (at < text.length) {
		if (text[at] === ' ') {
			at++;
			continue;
		}
		const keyStart = at;
		while (at < text.length && keyCharacter.test(text[at] ?? '')) at++;
		if (at === keyStart) return undefined;
		const key = text.slice(keyStart, at);
		if (text[at] !== '=') {
			if (at < text.length && text[at] !== ' ') return undefined;
			bare++;
			pairs.push([key, 'true']);
			continue;
		}
		at++;
		if (text[at] === '"') {
			const end = quotedEnd(text, at);
			if (end < 0 || (end < text.length && text[end] !== ' ')) return undefined;
			pairs.push([key, unquote(text.slice(at, end))]);
			at = end;
			continue;
		}
		const end = text.indexOf(' ', at);
		const stop = end < 0 ? text.length : end;
		pairs.push([key, text.slice(at, stop)]);
		at = stop;
	}
	const whole = pairs.length - bare;
	return whole >= 2 && whole > bare ? pairs : undefined;
};
