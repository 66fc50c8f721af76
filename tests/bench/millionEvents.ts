import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { Actor, NewJournalEvent } from '../../src/domain/journal.ts';
import { openToWrite } from '../../src/record/database.ts';
import { eventText } from '../../src/record/row.ts';
import { actorOf } from '../../src/record/session.ts';
import { prepareWriting } from '../../src/record/writing.ts';

export const eventCount = 1_000_000;
/** Events of a run: some twenty steps, their looks and their answers. */
const eventsOfRun = 100;
/** Events written in one transaction while the journal is made. */
const batch = 10_000;

const actor: Actor = actorOf();
const runIdOf = (run: number): string => `2026-11-21-${String(run).padStart(6, '0')}`;

const eventOf = (index: number): NewJournalEvent => {
	const runId = runIdOf(Math.floor(index / eventsOfRun));
	const step = `step-${Math.floor((index % eventsOfRun) / 4)}`;
	const execution = `${step}.1`;
	const common = { actor, runId } as const;
	if (index % eventsOfRun === 0) {
		return {
			...common,
			event: {
				kind: 'run_started',
				playbookId: 'p09-p0-container-crashed',
				version: '1.0.0',
				title: 'P0: container crashed',
				hash: 'a'.repeat(64),
				text: 'schemaVersion: 1\nid: p09-p0-container-crashed\n'.padEnd(4000, '# the text of a playbook\n'),
				file: 'p09/container-crashed.yaml',
				params: { container: 'cloud-native-poc' },
				secrets: [],
				service: `service-${index % 12}`,
				engine: { name: 'prod-1', address: 'unix:///var/run/docker.sock', hostName: 'prod-1' },
				dryRun: false,
			},
		};
	}
	if (index % eventsOfRun === eventsOfRun - 1) return { ...common, event: { kind: 'run_ended', outcome: 'succeeded', words: 'all steps done' } };
	if (index % 4 === 1) {
		return { ...common, event: { kind: 'step_started', step, execution, attempt: 1, risk: 'change', confirmation: 'key', command: 'docker start cloud-native-poc', target: 'cloud-native-poc', undo: false } };
	}
	if (index % 4 === 2) return { ...common, event: { kind: 'step_looked', step, execution, ok: true, words: '200 in 12 ms' } };
	return {
		...common,
		event: { kind: 'step_ended', step, execution, outcome: 'done', words: 'exit 0', durationMs: 123, exitCode: 0, output: { bytes: 1200, lines: 14, droppedBytes: 0, folder: `runs/${runId}/${execution}` } },
	};
};

let made: string | undefined;

/** A folder for journals, on the disk of the folder for temporary files; gone with the process. */
export const journalFolder = (): string => {
	const folder = mkdtempSync(join(tmpdir(), 'sitrep-bench-journal-'));
	process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
	return folder;
};

/** A journal of a million events, made once. @returns its path */
export const millionEvents = (): string => {
	if (made !== undefined) return made;
	const path = join(journalFolder(), 'journal.db');
	const database = openToWrite(path);
	// The making is not what is measured.
	database.sqlite.pragma('synchronous = OFF');
	const writing = prepareWriting(database, path);
	const add = database.sqlite.transaction((from: number) => {
		writing.add(
			Array.from({ length: Math.min(batch, eventCount - from) }, (_, index) => eventText(eventOf(from + index), path)),
			Date.UTC(2026, 0, 1) + from,
		);
	});
	for (let from = 0; from < eventCount; from += batch) add(from);
	database.close();
	made = path;
	return path;
};

/** Names of some of its runs, from all over it. */
export const someRuns = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => runIdOf(Math.floor(((index + 0.5) * eventCount) / eventsOfRun / count)));
