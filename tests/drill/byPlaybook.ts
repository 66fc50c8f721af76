import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serviceNames } from '../../src/drill/rangeNames.ts';
import type { LoadedPlaybook } from '../../src/domain/playbook/playbook.ts';
import { journalTools } from '../../src/record/tools.ts';
import { openTerminal } from '../support/terminal.ts';
import { makeTestHome, type TestHome } from '../support/terminalHome.ts';
import type { Exercise } from './exercise.ts';
import { field, Ground } from './ground.ts';
import { confirmEffect, bringAbout } from './trouble.ts';
import type { PlaybookRecovery } from './outcome.ts';
import { Person, type Offered } from './person.ts';
import { RecoveryWatch } from './recovery.ts';
import { Typist } from './typist.ts';
import { watchFile } from './watchFile.ts';

export interface PlaybookTrial {
	/** Program that is started: the launcher. */
	readonly command: string;
	readonly host: string;
	/** Name of the range that is made for it. */
	readonly range: string;
	readonly playbook: LoadedPlaybook;
	readonly exercise: Exercise;
	readonly keysPerSecond?: number;
	readonly signal?: AbortSignal;
}

/** How long the person looks for an alert before taking the page's word for it, ms. */
const alertMs = 20_000;

/** A person at the real console, in a real terminal, ends the trouble with the playbook. What failed is in the outcome. */
export const byPlaybook = async (trial: PlaybookTrial): Promise<PlaybookRecovery> => {
	const ground = await Ground.open(trial.host, trial.range, trial.signal);
	const home = await makeTestHome();
	try {
		await writeFile(join(home.dir, 'sitrep.yaml'), watchFile(ground));
		return await recover(trial, ground, home);
	} finally {
		await home.remove();
		await ground.close();
	}
};

const recover = async (trial: PlaybookTrial, ground: Ground, home: TestHome): Promise<PlaybookRecovery> => {
	const { exercise, playbook } = trial;
	const state = join(home.dir, 'sitrep');
	await exercise.prepare?.(ground);
	const at = await bringAbout(exercise, ground);
	const watch = new RecoveryWatch(() => (exercise.standing ?? ((each: Ground) => each.standing()))(ground));
	const began = performance.now();
	let offered: Offered | undefined;
	let alert = '';
	let failure: string | undefined;
	await using terminal = await openTerminal({ command: trial.command, columns: 120, rows: 40, home, env: { DOCKER_HOST: trial.host, SITREP_STATE_DIR: state } });
	const hands = new Typist(terminal, trial.keysPerSecond);
	try {
		const person = new Person(terminal, hands, exercise, ground);
		alert = await person.goTo(serviceNames.api, exercise.trouble === undefined ? 0 : alertMs);
		offered = await person.start(playbook.playbook);
		await person.seeThrough(playbook.playbook);
	} catch (error) {
		failure = error instanceof Error ? error.message : String(error);
	}
	const wholeMs = performance.now() - began;
	const record = await readRecord(join(state, 'journal.db'));
	const wanted = exercise.ends ?? 'succeeded';
	if (record.outcome !== wanted) failure ??= `the run ended as ${record.outcome ?? 'not at all'}: ${record.end}; the screen:\n${terminal.text()}`;
	failure ??= await confirmEffect(exercise, ground, watch);
	await watch.stop();
	return {
		...(exercise.trouble === undefined || watch.wellSince === undefined ? {} : { recoveredMs: watch.wellSince - at }),
		wholeMs,
		keys: hands.keys,
		...(failure === undefined ? {} : { failure }),
		facts: (await ground.keepsLastRow()) === false && exercise.mayLoseRows === undefined ? ['the row written last is gone'] : [],
		steps: { carriedOut: record.carriedOut, changes: record.changes },
		end: record.end,
		alert,
		...(offered === undefined ? {} : { offered }),
	};
};

interface Record {
	readonly outcome?: string;
	readonly end: string;
	readonly carriedOut: number;
	readonly changes: number;
}

/** What the journal says of the run, and of those within it. */
const readRecord = async (journal: string): Promise<Record> => {
	let end = 'no record';
	let outcome: string | undefined;
	let carriedOut = 0;
	let changes = 0;
	if (!existsSync(journal)) return { end, carriedOut, changes };
	for await (const line of journalTools(journal).export({})) {
		const event: unknown = JSON.parse(line);
		const data = field(event, 'data');
		switch (field(event, 'kind')) {
			case 'step_started':
				carriedOut++;
				if (field(data, 'risk') !== 'read') changes++;
				break;
			case 'run_ended':
				// The outer one ends last.
				outcome = String(field(data, 'outcome'));
				end = String(field(data, 'words'));
				break;
			default:
		}
	}
	return { ...(outcome === undefined ? {} : { outcome }), end, carriedOut, changes };
};
