import type { StepKind } from '../../domain/playbook/step.ts';

/** Keys that tell a kind where `kind` is left out, the most telling first. */
const tellingKeys: readonly (readonly [key: string, kind: StepKind])[] = [
	['choices', 'branch'],
	['criteria', 'watch'],
	['windowSeconds', 'watch'],
	['instructions', 'manual'],
	['checklist', 'manual'],
	['fields', 'input'],
	['of', 'approval'],
	['message', 'notify'],
	['steps', 'parallel'],
	['playbook', 'playbook'],
	['consecutiveSuccessLimit', 'waitFor'],
	['run', 'command'],
	['sh', 'command'],
	['container', 'container'],
	['http', 'http'],
	['database', 'database'],
	['rollout', 'rollout'],
];

/** Kinds that may be left out, with the keys that tell them. */
export const keysThatTell = (kind: string): readonly string[] => tellingKeys.filter((each) => each[1] === kind).map(([key]) => key);

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The kind of a step by what stands in it. */
const kindOf = (step: Readonly<Record<string, unknown>>): StepKind | undefined => tellingKeys.find(([key]) => key in step)?.[1];

const withKind = (step: unknown): unknown => {
	if (!isMap(step)) return step;
	const children = step['steps'];
	const inner = Array.isArray(children) ? { ...step, steps: children.map(withKind) } : step;
	if ('kind' in step) return inner;
	const kind = kindOf(step);
	return kind === undefined ? inner : { ...inner, kind };
};

/** The same playbook with the kind of every step written down. Whatever is no playbook comes back as it is. */
export const withKinds = (value: unknown): unknown => {
	if (!isMap(value) || !Array.isArray(value['steps'])) return value;
	return { ...value, steps: value['steps'].map(withKind) };
};
