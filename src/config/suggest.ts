/** Edits (insert, delete, replace, swap of neighbours) that turn one word into another. */
const distance = (a: string, b: string): number => {
	let older: number[] = [];
	let before = Array.from({ length: b.length + 1 }, (_, index) => index);
	for (let i = 1; i <= a.length; i++) {
		const row = [i];
		for (let j = 1; j <= b.length; j++) {
			const same = a[i - 1] === b[j - 1];
			let least = Math.min((before[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (before[j - 1] ?? 0) + (same ? 0 : 1));
			if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, (older[j - 2] ?? 0) + 1);
			row.push(least);
		}
		older = before;
		before = row;
	}
	return before[b.length] ?? b.length;
};

/** The known word that was probably meant: at most a third of its letters wrong. */
export const suggest = (word: string, known: Iterable<string>): string | undefined => {
	if (word.length < 3 || word.length > 100) return undefined;
	let best: string | undefined;
	let least = Number.POSITIVE_INFINITY;
	for (const each of known) {
		const edits = distance(word.toLowerCase(), each.toLowerCase());
		if (edits < least && edits <= Math.max(1, Math.floor(each.length / 3))) {
			best = each;
			least = edits;
		}
	}
	return best;
};
