/** Bound of a value that is kept in the journal, bytes of its JSON. */
export const maxValueBytes = 64 * 1024;

const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value) ?? '');

/** All texts within a JSON value. */
export const textsIn = (value: unknown): readonly string[] => {
	if (typeof value === 'string') return [value];
	if (typeof value !== 'object' || value === null) return [];
	return Object.values(value).flatMap(textsIn);
};

const endOf = (text: string, bytes: number): string => {
	const all = Buffer.from(text);
	return all.length <= bytes ? text : `(cut) ${all.subarray(all.length - bytes).toString('utf8').replace(/^\uFFFD+/, '')}`;
};

/**
 * A value that fits the journal. What is too large loses the beginning of its texts first, as the end of an output
 * tells more; then `json`, which can be large by itself; what still does not fit is left out, and says so.
 */
export const boundValue = (value: Readonly<Record<string, unknown>>, limit: number = maxValueBytes): Readonly<Record<string, unknown>> => {
	if (sizeOf(value) <= limit) return value;
	const shorter = (bytes: number, from: Readonly<Record<string, unknown>>) =>
		Object.fromEntries(Object.entries(from).map(([name, each]) => [name, typeof each === 'string' ? endOf(each, bytes) : each]));
	for (const bytes of [16_384, 4096, 512]) {
		const cut = shorter(bytes, value);
		if (sizeOf(cut) <= limit) return { ...cut, cut: true };
	}
	const { json: _, ...rest } = shorter(512, value);
	if (sizeOf(rest) <= limit) return { ...rest, cut: true };
	return { cut: true };
};
