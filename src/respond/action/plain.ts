const ofBigint = (value: bigint): number | string => {
	const number = Number(value);
	return Number.isSafeInteger(number) ? number : value.toString();
};

const isPlainObject = (value: object): boolean => {
	const prototype: unknown = Object.getPrototypeOf(value);
	return prototype === Object.prototype || prototype === null;
};

/** The library's own values (durations, unsigned integers, types) tell themselves as a bigint or as text, and have no fields of their own. */
const ofInstance = (value: object): unknown => {
	const primitive: unknown = value.valueOf();
	if (typeof primitive === 'bigint') return ofBigint(primitive);
	const fields = Object.entries(value);
	if (fields.length > 0) return Object.fromEntries(fields.map(([key, each]) => [key, toPlain(each)]));
	if ('name' in value && typeof value.name === 'string') return value.name;
	if ('seconds' in value && typeof value.seconds === 'bigint' && 'nanos' in value) return `${Number(value.seconds) + Number(value.nanos) / 1e9}s`;
	return Object.prototype.toString.call(value);
};

/** A value of an expression as plain JSON: integers that a number cannot hold become text, durations `90s`, times ISO 8601. */
export const toPlain = (value: unknown): unknown => {
	if (typeof value === 'bigint') return ofBigint(value);
	if (typeof value !== 'object' || value === null) return value;
	if (Array.isArray(value)) return value.map(toPlain);
	if (value instanceof Set) return [...value].map(toPlain);
	if (value instanceof Map) return Object.fromEntries([...value].map(([key, each]) => [String(key), toPlain(each)]));
	if (value instanceof Date) return value.toISOString();
	if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
	if (!isPlainObject(value)) return ofInstance(value);
	return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, toPlain(each)]));
};

/** A plain value as the text that stands in a template: text and numbers as they are, lists and objects as JSON. */
export const toText = (value: unknown): string => {
	if (typeof value === 'string') return value;
	return JSON.stringify(value) ?? '';
};
