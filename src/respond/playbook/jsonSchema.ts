import type { Shape } from '../../config/shape.ts';
import { keysThatTell } from './kind.ts';
import { playbookShape } from './shape.ts';

/** Keys of which one has to stand, where none is required by itself. */
const oneOfThem: Readonly<Record<string, readonly string[]>> = { command: ['run', 'sh'], manual: ['instructions', 'checklist'] };

/** Of a waitFor the body is that of another kind, so that its own has to be written down. */
const alwaysSaid: ReadonlySet<string> = new Set(['waitFor']);

/** A kind of step whose `kind` may be left out: one shape for each key that tells it. */
const relaxed = (step: Shape): readonly Shape[] => {
	const kind = step.properties?.['kind']?.const;
	const children = step.properties?.['steps'];
	const base: Shape = children === undefined ? step : { ...step, properties: { ...step.properties, steps: relaxedList(children) } };
	if (typeof kind !== 'string' || alwaysSaid.has(kind) || keysThatTell(kind).length === 0) return [base];
	const required = (base.required ?? []).filter((key) => key !== 'kind');
	const either = oneOfThem[kind];
	return either === undefined ? [{ ...base, required }] : either.map((key) => ({ ...base, required: [...required, key] }));
};

const relaxedList = (list: Shape): Shape => {
	const { oneOf, ...items } = list.items ?? {};
	return { ...list, items: { ...items, anyOf: (oneOf ?? []).flatMap(relaxed) } };
};

/** The format of playbooks as JSON Schema (draft 2020-12), for editors: what `sitrep playbook schema` prints. */
export const playbookJsonSchema = (): Shape => {
	const root = playbookShape();
	const steps = root.properties?.['steps'];
	return steps === undefined ? root : { ...root, properties: { ...root.properties, steps: relaxedList(steps) } };
};
