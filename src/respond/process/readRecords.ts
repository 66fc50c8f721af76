import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { CommandEnd } from '../../domain/run/execution.ts';
import { type ExecutionIdentity, recordNames } from './records.ts';

const identitySchema = z.object({
	version: z.literal(1),
	mark: z.string().min(1),
	bootId: z.string(),
	supervisor: z.object({ pid: z.int(), start: z.number() }),
	child: z.object({ pid: z.int(), start: z.number() }).exactOptional(),
	startedAt: z.number(),
});

const endSchema = z.object({
	exitCode: z.int().exactOptional(),
	signal: z.string().exactOptional(),
	failedToStart: z.string().exactOptional(),
	timedOut: z.boolean(),
	cancelled: z.boolean(),
	startedAt: z.number(),
	endedAt: z.number(),
	durationMs: z.number(),
	bytes: z.number(),
	lines: z.number(),
	droppedBytes: z.number(),
	survivors: z.array(z.string()),
	left: z.array(z.string()).exactOptional(),
	note: z.string().exactOptional(),
});

/** A record that cannot be read as one: `unreadable` says why. */
export type Unreadable = { readonly unreadable: string };

const readRecord = async <T>(folder: string, name: string, schema: z.ZodType<T>): Promise<T | Unreadable | undefined> => {
	const path = join(folder, name);
	try {
		return schema.parse(JSON.parse(await readFile(path, 'utf8')));
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
		return { unreadable: `${path} cannot be read: ${error instanceof z.ZodError || error instanceof SyntaxError ? 'it is damaged' : error instanceof Error ? error.message : String(error)}` };
	}
};

export const readEnd = (folder: string): Promise<CommandEnd | Unreadable | undefined> => readRecord(folder, recordNames.end, endSchema);

export const readIdentity = (folder: string): Promise<ExecutionIdentity | Unreadable | undefined> => readRecord(folder, recordNames.identity, identitySchema);
