import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { examplePlaybook } from '../../../src/respond/playbook/example.ts';
import { playbookJsonSchema } from '../../../src/respond/playbook/jsonSchema.ts';

const schema = z.fromJSONSchema(JSON.parse(JSON.stringify(playbookJsonSchema())) as Parameters<typeof z.fromJSONSchema>[0]);
const ok = (step: unknown): boolean => schema.safeParse({ schemaVersion: 1, id: 'p', version: '1.0.0', kind: 'check', title: 'T', steps: [step] }).success;

describe('playbookJsonSchema', () => {
	it('takes what the loader takes', () => {
		expect(schema.safeParse(parse(examplePlaybook)).success).toBe(true);
		expect(ok({ id: 'a', sh: 'ls', risk: 'read' })).toBe(true);
		expect(ok({ id: 'a', kind: 'waitFor', run: ['ls'] })).toBe(true);
		expect(ok({ id: 'a', steps: [{ id: 'b', run: ['ls'] }] })).toBe(true);
	});

	it('refuses what the loader refuses', () => {
		expect(ok({ id: 'a' })).toBe(false);
		expect(ok({ id: 'a', runn: ['ls'] })).toBe(false);
		expect(ok({ id: 'a b', run: ['ls'] })).toBe(false);
		expect(ok({ id: 'a', run: ['ls'], risk: 'none' })).toBe(false);
		expect(ok({ id: 'a', kind: 'rollout' })).toBe(false);
	});

	it('says what each key is', () => {
		const steps = playbookJsonSchema().properties?.['steps']?.items?.anyOf ?? [];
		expect(new Set(steps.map((step) => step.properties?.['kind']?.const)).size).toBe(14);
		for (const step of steps) for (const [key, each] of Object.entries(step.properties ?? {})) expect(each.description, key).toMatch(/.+/);
	});
});
