import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Actor, Journal, NewJournalEvent } from '../../src/domain/journal.ts';
import type { RunOutcome } from '../../src/domain/run/event.ts';
import { type JournalOptions, openJournal } from '../../src/record/journal.ts';
import { sessionOf } from '../../src/record/session.ts';

export const actor: Actor = { user: 'ops', host: 'prod-1', session: sessionOf() };

/** A folder that goes with the test. */
export const testFolder = async (): Promise<string> => {
	const folder = await mkdtemp(join(tmpdir(), 'sitrep-record-'));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	return folder;
};

/** A journal that is closed with the test. */
export const opened = async (path: string, options: JournalOptions = {}): Promise<Journal> => {
	const journal = await openJournal(path, options);
	onTestFinished(() => journal.close());
	return journal;
};

export const newJournal = async (options: JournalOptions = {}): Promise<Journal> => opened(join(await testFolder(), 'state', 'journal.db'), options);

export const note = (text: string, runId = 'run-1'): NewJournalEvent => ({ actor, runId, event: { kind: 'note_added', text } });

export const started = (runId: string, over: { readonly service?: string; readonly dryRun?: boolean; readonly parent?: string; readonly engine?: string } = {}): NewJournalEvent => ({
	actor,
	runId,
	event: {
		kind: 'run_started',
		playbookId: 'p09-p0-container-crashed',
		version: '1.0.0',
		title: 'P0: container crashed',
		hash: 'a'.repeat(64),
		text: 'schemaVersion: 1\n',
		file: 'p09/crashed.yaml',
		params: { container: 'cloud-native-poc' },
		secrets: [],
		engine: { name: 'prod-1', address: over.engine ?? 'unix:///var/run/docker.sock', hostName: 'prod-1' },
		dryRun: over.dryRun ?? false,
		...(over.service === undefined ? {} : { service: over.service }),
		...(over.parent === undefined ? {} : { parent: { runId: over.parent, execution: 'next.1' } }),
	},
});

export const ended = (runId: string, outcome: RunOutcome = 'succeeded'): NewJournalEvent => ({ actor, runId, event: { kind: 'run_ended', outcome, words: outcome === 'succeeded' ? 'all steps done' : outcome } });

export const takenBack = (runId: string): NewJournalEvent => ({ actor, runId, event: { kind: 'rollback_started', step: 'a', why: 'run run-1 is rolled back' } });

/** What a promise rejected with. @throws Error where it did not */
export const rejection = async (promise: Promise<unknown>): Promise<unknown> => {
	try {
		await promise;
	} catch (error) {
		return error;
	}
	throw new Error('it did not reject');
};
