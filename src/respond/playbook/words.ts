/** An id in words: `check-state` reads `Check state`. */
export const inWords = (id: string): string => {
	const words = id.replaceAll(/[-_]+/g, ' ').trim();
	return words === '' ? id : words.charAt(0).toUpperCase() + words.slice(1);
};

/** `a, b or c`. */
export const orList = (words: readonly string[]): string => (words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`);
