import { z } from 'zod';
import { id, line, prose } from './names.ts';
import { paramsSchema } from './param.ts';
import { stepSchema } from './step.ts';

const lines = () => z.union([line(), z.array(line())]);

export const playbookSchema = z
	.strictObject({
		schemaVersion: z.literal(1).meta({ description: 'Always 1.' }),
		id: id().meta({ description: 'Its name, unique among all playbooks, such as `p09-p0-container-crashed`.' }),
		version: z
			.string({ error: 'expected a version as text, such as 1.0.0' })
			.regex(/^\d+\.\d+\.\d+(?:-[\w.]+)?$/, { error: 'expected a version such as 1.0.0' })
			.meta({ description: 'Version of the playbook, such as `1.0.0`.' }),
		kind: z.enum(['incident', 'rollback', 'deploy', 'maintenance', 'check']).meta({ description: 'What it is for. In a `rollback` every change wants an `undo`.' }),
		severity: z.enum(['P0', 'P1', 'P2', 'P3']).exactOptional().meta({ description: 'How bad the trouble is that it treats.' }),
		title: line().meta({ description: 'Its name on screen.' }),
		summary: prose().exactOptional().meta({ description: 'What it does, a few sentences.' }),
		source: line(1000).exactOptional().meta({ description: 'Where the procedure comes from.' }),
		notes: z.array(prose()).exactOptional().meta({ description: 'Why it differs from the written procedure, one note each.' }),
		triggers: z
			.array(z.strictObject({ rule: line(64).meta({ description: 'Id of a rule, built in or from sitrep.yaml.' }) }))
			.exactOptional()
			.meta({ description: 'Rules: while one of them fires on a service, the playbook offers itself first.' }),
		appliesTo: z
			.strictObject({
				service: lines().exactOptional().meta({ description: 'Ids or names of services; `*` stands for any characters. An empty list: none; it is offered to nobody, and is started by its id.' }),
				image: lines().exactOptional().meta({ description: 'Images; `*` stands for any characters.' }),
			})
			.exactOptional()
			.meta({ description: 'Services it is for. Default: all.' }),
		params: paramsSchema.exactOptional().meta({ description: 'What it wants to know before it runs, by name.' }),
		phases: z
			.record(
				id(),
				z.strictObject({
					title: line().exactOptional().meta({ description: 'Default: the id in words.' }),
					budgetMinutes: z.number().min(0.1).max(10_080).exactOptional().meta({ description: 'Minutes since the start of the run by which it should be over.' }),
				}),
			)
			.exactOptional()
			.meta({ description: 'Stretches of the playbook with a time budget, by id. A step may also declare its phase itself.' }),
		steps: z.array(stepSchema).min(1).max(500).meta({ description: 'What is done, in order.' }),
		draft: z.boolean().exactOptional().meta({ description: 'Nobody has reviewed it yet: it does not run. Default false.' }),
		reviewed: z
			.strictObject({
				by: line().meta({ description: 'Who reviewed it.' }),
				at: line(40).meta({ description: 'When, such as `2026-11-21`.' }),
			})
			.exactOptional()
			.meta({ description: 'Who reviewed the draft it was made from.' }),
	})
	.meta({ title: 'sitrep playbook', description: 'A written procedure that sitrep runs step by step.' });

/** A playbook as it stands in YAML. */
export type PlaybookSource = z.output<typeof playbookSchema>;
