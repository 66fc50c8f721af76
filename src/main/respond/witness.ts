import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Responder } from '../../domain/run/control.ts';
import type { ActionRunner } from '../../domain/run/action.ts';
import { systemClock } from '../../domain/systemClock.ts';
import { openJournal } from '../../record/journal.ts';
import { actorOf } from '../../record/session.ts';
import { formatPlaybookProblem, loadPlaybook } from '../../respond/playbook/load.ts';
import { makeResponder } from '../../respond/run/responder.ts';
import { stateFolder } from './stateFolder.ts';

const notHere = 'this session carries nothing out';

/** Nothing is ever begun by a session that only looks on. */
const noActions: ActionRunner = {
	start: () => Promise.reject(new Error(notHere)),
	trace: () => Promise.resolve({ kind: 'unknown', evidence: [notHere] }),
	warm() {},
	close() {},
};

/**
 * A session that looks at runs and answers for them (an approval, an end in the record) without carrying anything out: it needs the record, and no
 * engine, which a second person may not even reach.
 */
export const openWitness = async (person: string | undefined): Promise<{ readonly open: (runId: string) => ReturnType<Responder['open']>; close(): Promise<void> }> => {
	const folder = stateFolder();
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	const journal = await openJournal(join(folder, 'journal.db'));
	const missing = () => ({ missing: notHere });
	const responder = makeResponder({
		journal,
		actions: noActions,
		facts: () => ({ signal: missing, probe: missing }),
		clock: systemClock,
		random: Math.random,
		newId: () => {
			throw new Error(notHere);
		},
		findPlaybook: () => undefined,
		parse(text, file) {
			const { loaded, problems } = loadPlaybook(text, file, '');
			if (loaded === undefined) throw new Error(problems.map(formatPlaybookProblem).join('\n'));
			return loaded.playbook;
		},
		stateFolder: folder,
		openOutput: () => undefined,
		engine: { name: '', address: '', hostName: '' },
		actor: actorOf(person === undefined ? {} : { person }),
	});
	return {
		open: (runId) => responder.open(runId, { act: false }),
		async close() {
			await responder.close();
			await journal.close();
		},
	};
};
