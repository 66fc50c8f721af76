import type { Theme } from '../../src/console/theme.ts';
import type { Role } from '../../src/console/view.ts';

/** The code that ends a style; colours share one, and so do bold and dim. */
const endOf = (code: string): string => {
	switch (code) {
		case '1':
		case '2':
			return '22';
		case '4':
			return '24';
		case '7':
			return '27';
		default:
			return '39';
	}
};

const isIntensity = (code: string): boolean => code === '1' || code === '2';

/** `1;38;5;203` as its single codes, `1` and `38;5;203`. */
const split = (codes: string): readonly string[] => codes.match(/38;5;\d+|\d+/g) ?? [];

const cache = new WeakMap<Theme, Map<string, readonly string[]>>();

/** The codes that roles add up to in a theme; of two colours the later one holds. */
export const codesOf = (roles: Role | readonly Role[], theme: Theme, base: Role | undefined): readonly string[] => {
	const key = `${base ?? ''} ${String(roles)}`;
	let byKey = cache.get(theme);
	if (byKey === undefined) {
		byKey = new Map();
		cache.set(theme, byKey);
	}
	const known = byKey.get(key);
	if (known !== undefined) return known;
	const list = typeof roles === 'string' ? [roles] : roles;
	let codes: readonly string[] = [];
	for (const code of (base === undefined ? list : [base, ...list]).flatMap((role) => split(theme.roles[role]))) {
		codes = [...codes.filter((one) => (isIntensity(code) ? one !== code : endOf(one) !== endOf(code))), code];
	}
	byKey.set(key, codes);
	return codes;
};

const sequence = (codes: Iterable<string>): string => {
	let out = '';
	for (const code of new Set(codes)) out += `\u001b[${code}m`;
	return out;
};

/**
 * Writes styles in the very form in which Ink writes them itself: one code at a time, only what differs. Ink reads
 * every row of every frame character by character; a row in its own form is read once, any other one twice.
 */
export class Styler {
	#open: readonly string[] = [];

	/** The codes that lead from the open styles to the wanted ones. */
	to(wanted: readonly string[]): string {
		const from = this.#open;
		if (from === wanted) return '';
		const ended = from.filter((code) => (isIntensity(code) ? !wanted.includes(code) : !wanted.some((one) => endOf(one) === endOf(code))));
		const again = ended.some(isIntensity);
		const added = wanted.filter((code) => !from.includes(code) || (again && isIntensity(code)));
		const replaced = new Set(added.filter((code) => !isIntensity(code)).map(endOf));
		const kept = from.filter((code) => !ended.includes(code) && !replaced.has(endOf(code)) && !added.includes(code));
		this.#open = [...kept, ...added];
		return sequence(ended.toReversed().map(endOf)) + sequence(added);
	}
}
