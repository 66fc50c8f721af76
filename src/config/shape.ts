import { z } from 'zod';
import { configSchema } from './schema.ts';

/** The parts of a JSON Schema that we read. */
export interface Shape {
	readonly type?: string | readonly string[];
	readonly const?: string | number;
	readonly enum?: readonly string[];
	readonly description?: string;
	readonly unit?: string;
	readonly minimum?: number;
	readonly maximum?: number;
	readonly properties?: Readonly<Record<string, Shape>>;
	readonly required?: readonly string[];
	readonly additionalProperties?: Shape | boolean;
	readonly propertyNames?: Shape;
	readonly items?: Shape;
	readonly anyOf?: readonly Shape[];
	readonly oneOf?: readonly Shape[];
}

let shape: Shape | undefined;

/** The schema of sitrep.yaml as a plain tree, for suggestions and the reference. */
export const configShape = (): Shape => {
	// The library types a JSON Schema as anything at all; ours holds no booleans in place of schemas.
	// oxlint-disable-next-line typescript/no-unsafe-type-assertion
	shape ??= z.toJSONSchema(configSchema, { io: 'input' }) as Shape;
	return shape;
};

/**
 * The part of a schema at a path of the file; `value` tells which kind of a choice is meant.
 * @param root whole schema; default that of sitrep.yaml
 */
export const shapeAt = (path: readonly PropertyKey[], value: unknown, root: Shape = configShape()): Shape | undefined => {
	let at: Shape | undefined = root;
	let here = value;
	for (const step of path) {
		at = chosen(at, here);
		here = typeof here === 'object' && here !== null ? Reflect.get(here, step) : undefined;
		if (typeof step === 'number') at = at?.items;
		else if (typeof step === 'string') at = at?.properties?.[step] ?? (typeof at?.additionalProperties === 'object' ? at.additionalProperties : undefined);
		if (at === undefined) return undefined;
	}
	return chosen(at, here);
};

const chosen = (at: Shape | undefined, value: unknown): Shape | undefined => {
	const choices = at?.oneOf;
	if (choices === undefined || typeof value !== 'object' || value === null) return at;
	return choices.find((each) => Object.entries(each.properties ?? {}).some(([key, own]) => own.const !== undefined && Reflect.get(value, key) === own.const)) ?? at;
};

/** Keys that may stand in a map of this shape. */
export const keysOf = (at: Shape | undefined): readonly string[] => Object.keys(at?.properties ?? {}).concat(at?.propertyNames?.enum ?? []);
