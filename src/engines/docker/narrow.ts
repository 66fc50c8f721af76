/** A JSON object whose fields are not yet known. */
export type Fields = Readonly<Record<string, unknown>>;

const nothing: Fields = Object.freeze({});

/** The value as an object, or an empty one: a reply without the part reads as one with nothing in it. */
export function fields(value: unknown): Fields {
	return isFields(value) ? value : nothing;
}

export function isFields(value: unknown): value is Fields {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function list(value: unknown): readonly unknown[] {
	return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string | undefined {
	return typeof value === 'string' && value !== '' ? value : undefined;
}

export function number(value: unknown): number | undefined {
	return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

export function strings(value: unknown): readonly string[] {
	return list(value).filter((item): item is string => typeof item === 'string');
}

/** Only the string values of an object, such as labels. */
export function stringMap(value: unknown): Readonly<Record<string, string>> {
	const map: Record<string, string> = {};
	for (const [key, item] of Object.entries(fields(value))) {
		if (typeof item === 'string') {
			map[key] = item;
		}
	}
	return map;
}

/**
 * An RFC 3339 time as epoch ms. The engine writes year 1 for "never", which is no time.
 */
export function time(value: unknown): number | undefined {
	if (typeof value !== 'string' || value.startsWith('0001-')) {
		return undefined;
	}
	const at = Date.parse(value);
	return Number.isNaN(at) || at <= 0 ? undefined : at;
}

/** Parses JSON; `undefined` where it is none. */
export function parseJson(source: string): unknown {
	try {
		return JSON.parse(source) as unknown;
	} catch {
		return undefined;
	}
}
