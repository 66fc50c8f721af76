import type { Param } from '../../../domain/playbook/param.ts';
import type { ParamSource } from '../schema/param.ts';

/** Parameters with their defaults filled in. */
export const paramsOf = (source: Readonly<Record<string, ParamSource>>): Readonly<Record<string, Param>> =>
	Object.fromEntries(Object.entries(source).map(([name, each]) => [name, { ...each, optional: each.optional ?? false }]));
