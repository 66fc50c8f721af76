import { readFile } from 'node:fs/promises';
import type { Done } from './drills.ts';
import { exercises } from './exercises/index.ts';
import { field } from './field.ts';
import type { PlaybookRecovery, Recovery } from './outcome.ts';
import { rollbackCases } from './rollback/cases.ts';
import type { RollbackRecovery } from './rollback/outcome.ts';
import type { RollbackDone } from './rollback/table.ts';

/** What a run of the drills has found out: all of them, or those that were asked for. */
export interface Results {
	/** What it ran on, a fact a line. */
	readonly machine: readonly string[];
	readonly done: readonly Done[];
	readonly mission?: Done;
	readonly rollbacks: readonly RollbackDone[];
	readonly rollbackMission?: RollbackRecovery;
	/** Names of those that could not be made, or did not do what they should. */
	readonly failed: readonly string[];
}

interface PlainDone {
	readonly id: string;
	readonly playbook: PlaybookRecovery;
	readonly written: Recovery | null;
}

interface PlainRollback {
	readonly id: string;
	readonly times: readonly RollbackRecovery[];
	readonly written: Recovery | null;
}

/** Results as JSON, schema version 1. */
interface PlainResults {
	readonly schemaVersion: 1;
	readonly machine: readonly string[];
	readonly drills: readonly PlainDone[];
	readonly mission: PlainDone | null;
	readonly rollbacks: readonly PlainRollback[];
	readonly rollbackMission: RollbackRecovery | null;
	readonly failed: readonly string[];
}

const plainDone = ({ exercise, playbook, written }: Done) => ({
	id: exercise.id,
	title: exercise.title,
	playbookId: exercise.playbook,
	playbook,
	written: written ?? null,
	differs: exercise.written?.differs ?? null,
});

/** As one line of JSON. */
export const resultsJson = ({ machine, done, mission, rollbacks, rollbackMission, failed }: Results): string =>
	JSON.stringify({
		schemaVersion: 1,
		machine,
		drills: done.map(plainDone),
		mission: mission === undefined ? null : plainDone(mission),
		rollbacks: rollbacks.map(({ about, times, written }) => ({ id: about.id, title: about.title, times, written: written ?? null })),
		rollbackMission: rollbackMission ?? null,
		failed,
	} satisfies PlainResults);

const named = <T extends { readonly id: string }>(all: readonly T[], id: string): T => {
	const found = all.find((each) => each.id === id);
	if (found === undefined) throw new Error(`${id}: there is no such drill any more`);
	return found;
};

const doneOf = ({ id, playbook, written }: PlainDone): Done => ({ exercise: named(exercises, id), playbook, ...(written === null ? {} : { written }) });

/** @throws Error where the text is not what `resultsJson` writes, or names a drill that is gone */
export const resultsOf = (text: string): Results => {
	const read: unknown = JSON.parse(text);
	if (field(read, 'schemaVersion') !== 1) throw new Error('not the figures of a drill: schemaVersion 1 is missing');
	// Written by resultsJson, in this version of it.
	const { machine, drills, mission, rollbacks, rollbackMission, failed } = read as PlainResults;
	return {
		machine,
		done: drills.map(doneOf),
		...(mission === null ? {} : { mission: doneOf(mission) }),
		rollbacks: rollbacks.map(({ id, times, written }) => ({ about: named(rollbackCases, id), times, ...(written === null ? {} : { written }) })),
		...(rollbackMission === null ? {} : { rollbackMission }),
		failed,
	};
};

/**
 * Several runs as one, in the order of the page. A drill that several of them did is taken from the last one; of a rollback, every time counts.
 * @param parts at least one; the first names the machine
 */
export const joinResults = (parts: readonly Results[]): Results => {
	const last = <T>(of: (part: Results) => T | undefined): T | undefined => parts.map(of).findLast((each) => each !== undefined);
	const done = exercises.flatMap(({ id }) => last((part) => part.done.find(({ exercise }) => exercise.id === id)) ?? []);
	const healed = new Set(done.flatMap(({ exercise, playbook }) => (playbook.failure === undefined ? [exercise.id] : [])));
	const mission = last((part) => part.mission);
	const rollbackMission = last((part) => part.rollbackMission);
	return {
		machine: parts[0]?.machine ?? [],
		done,
		...(mission === undefined ? {} : { mission }),
		rollbacks: rollbackCases.flatMap((about) => {
			const of = parts.flatMap(({ rollbacks }) => rollbacks.filter((each) => each.about.id === about.id));
			const written = of.findLast((each) => each.written !== undefined)?.written;
			return of.length === 0 ? [] : [{ about, times: of.flatMap(({ times }) => times), ...(written === undefined ? {} : { written }) }];
		}),
		...(rollbackMission === undefined ? {} : { rollbackMission }),
		failed: [...new Set(parts.flatMap(({ failed }) => failed))].filter((name) => !healed.has(name)),
	};
};

export const readResults = async (files: readonly string[]): Promise<Results> =>
	joinResults(
		await Promise.all(
			files.map(async (file) => {
				try {
					return resultsOf(await readFile(file, 'utf8'));
				} catch (error) {
					throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
				}
			}),
		),
	);
