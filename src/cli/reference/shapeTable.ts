import { z } from 'zod';

/** One field of a JSON shape. */
interface Field {
	/** `services[].alerts[].rule`. */
	readonly path: string;
	readonly type: string;
	readonly words: string;
}

type Schema = z.core.JSONSchema.BaseSchema;

const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A schema that may be null: what it is otherwise. */
const withoutNull = (schema: Schema): { readonly inner: Schema; readonly nullable: boolean } => {
	const options = schema.anyOf?.filter(isSchema);
	if (options === undefined) return { inner: schema, nullable: false };
	const rest = options.filter((each) => each.type !== 'null');
	return { inner: rest[0] ?? schema, nullable: rest.length < options.length };
};

const typeWords = (schema: Schema, nullable: boolean): string => {
	const base =
		schema.const !== undefined
			? JSON.stringify(schema.const)
			: schema.enum !== undefined
				? schema.enum.map((value) => JSON.stringify(value)).join(', ')
				: Array.isArray(schema.type) ? schema.type.join(' or ') : (schema.type ?? 'any');
	return nullable ? `${base} or null` : base;
};

const walk = (schema: Schema, path: string, words: string): readonly Field[] => {
	const { inner, nullable } = withoutNull(schema);
	const said = words === '' ? (inner.description ?? '') : words;
	const own: readonly Field[] = path === '' ? [] : [{ path, type: typeWords(inner, nullable), words: said }];
	if (inner.type === 'array' && isSchema(inner.items)) {
		const { items } = inner;
		return items.type === 'object' ? [...own, ...properties(items, `${path}[]`)] : [{ path: `${path}[]`, type: typeWords(items, false), words: said }];
	}
	return inner.type === 'object' ? [...own, ...properties(inner, path)] : own;
};

const properties = (schema: Schema, path: string): readonly Field[] =>
	Object.entries(schema.properties ?? {}).flatMap(([name, value]) =>
		isSchema(value) ? walk(value, path === '' ? name : `${path}.${name}`, value.description ?? '') : [],
	);

const cell = (text: string): string => text.replaceAll('|', String.raw`\|`);

/** A shape as a Markdown table, one row a field. */
export const shapeTable = (shape: z.ZodType): string => {
	const rows = walk(z.toJSONSchema(shape), '', '').map(({ path, type, words }) => `| \`${path}\` | ${cell(type)} | ${cell(words)} |`);
	return ['| field | type | what it is |', '|---|---|---|', ...rows].join('\n');
};
