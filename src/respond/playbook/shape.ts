import { z } from 'zod';
import type { Shape } from '../../config/shape.ts';
import { playbookSchema } from './schema/playbook.ts';

let shape: Shape | undefined;

/** The schema of a playbook as a plain tree, for suggestions, the reference and editors. */
export const playbookShape = (): Shape => {
	// The library types a JSON Schema as anything at all; ours holds no booleans in place of schemas.
	// oxlint-disable-next-line typescript/no-unsafe-type-assertion
	shape ??= z.toJSONSchema(playbookSchema, { io: 'input' }) as Shape;
	return shape;
};
