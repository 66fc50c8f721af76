import type { Shape } from './shape.ts';

const typeNames: Readonly<Record<string, string>> = { string: 'text', boolean: 'true or false', integer: 'whole number', object: 'map' };

const typeName = (type: string): string => typeNames[type] ?? type;

/** Kind of a value in a word or two. */
export const kindOf = (shape: Shape): string => {
	if (shape.unit !== undefined) return shape.unit;
	if (shape.const !== undefined) return `\`${shape.const}\``;
	if (shape.enum !== undefined) return shape.enum.map((each) => `\`${each}\``).join(', ');
	if (shape.oneOf !== undefined) return 'one of the kinds below';
	if (shape.anyOf !== undefined) return shape.anyOf.map(kindOf).join(' or ');
	if (shape.items !== undefined) return shape.items.oneOf === undefined ? `list of ${kindOf(shape.items)}` : 'list';
	if (typeof shape.type !== 'string') return shape.type === undefined ? 'any' : shape.type.map(typeName).join(' or ');
	return typeName(shape.type);
};

/** Text that may stand in a cell of a table. */
export const cell = (text: string): string => text.replaceAll('|', '\\|');

/** A table of the keys of a map. @param left keys that are left out */
export const table = (shape: Shape, left: ReadonlySet<string> = new Set()): readonly string[] => [
	'| key | value | meaning |',
	'|---|---|---|',
	...Object.entries(shape.properties ?? {})
		.filter(([key]) => !left.has(key))
		.map(([key, each]) => {
			const needed = shape.required?.includes(key) === true ? ' Required.' : '';
			return `| \`${key}\` | ${cell(kindOf(each))} | ${cell(each.description ?? '')}${needed} |`;
		}),
];

export const section = (level: number, title: string, ...body: readonly (readonly string[])[]): readonly string[] => [`${'#'.repeat(level)} ${title}`, '', ...body.flatMap((part) => [...part, ''])];

/** A part of a schema that has to be there. */
export const part = (shape: Shape | undefined, what: string): Shape => {
	if (shape === undefined) throw new Error(`the schema has no ${what}`);
	return shape;
};
