import { z } from 'zod';

// Commands import only the types of this file: the library behind it would cost each of them its start-up time.

const time = z.iso.datetime().describe('ISO 8601, UTC');
const version = z.literal(1).describe('grows when a field is taken away or changes its meaning');

/** What `journal verify --json` writes. */
export const journalVerifyShape = z.strictObject({
	schemaVersion: version,
	path: z.string(),
	intact: z.boolean(),
	events: z.number().describe('from the first on, as far as their links hold'),
	runs: z.number(),
	head: z.strictObject({ seq: z.number(), hash: z.string() }).nullable().describe('the newest event whose link holds'),
	flaw: z
		.strictObject({
			kind: z.enum(['changed', 'gap', 'reordered', 'projection', 'structure', 'unreadable']),
			seq: z.number().describe('of the event at which it shows'),
			expected: z.string(),
			found: z.string(),
			words: z.string(),
		})
		.nullable()
		.describe('the first thing that does not hold'),
});
export type JournalVerifyShape = z.infer<typeof journalVerifyShape>;

/** What `journal runs --json` writes. */
export const journalRunsShape = z.strictObject({
	schemaVersion: version,
	path: z.string(),
	more: z.boolean().describe('whether --limit left some out'),
	runs: z
		.array(
			z.strictObject({
				id: z.string(),
				playbook: z.string(),
				title: z.string(),
				service: z.string().nullable(),
				engine: z.string(),
				startedAt: time,
				endedAt: time.nullable().describe('null: it has no end yet'),
				outcome: z.string().nullable().describe('`succeeded`, `failed`, `cancelled`, `rolled-back`, `abandoned`'),
				startedBy: z.strictObject({ user: z.string(), person: z.string().nullable(), host: z.string() }),
				parent: z.string().nullable().describe('the run that opened it'),
				dryRun: z.boolean(),
			}),
		)
		.describe('newest first'),
});
export type JournalRunsShape = z.infer<typeof journalRunsShape>;

/** One line of `journal export`. */
export const journalEventShape = z.strictObject({
	seq: z.number().describe('from 1, without gaps'),
	at: z.number().describe('milliseconds since 1970, as it is hashed'),
	time,
	runId: z.string().optional(),
	incidentId: z.string().optional(),
	actor: z.strictObject({ user: z.string(), person: z.string().optional(), host: z.string(), session: z.string() }),
	kind: z.string(),
	data: z.record(z.string(), z.unknown()).describe('depends on the kind'),
	hash: z.string().describe('SHA-256 over the previous hash and [seq,at,runId,incidentId,actor,kind,data] as JSON, actor and data as JSON texts, null for what is absent'),
});
