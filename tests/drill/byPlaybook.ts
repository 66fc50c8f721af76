import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { serviceNames } from '../../src/drill/rangeNames.ts';
import type { LoadedPlaybook } from '../../src/domain/playbook/playbook.ts';
import { journalTools } from '../../src/record/tools.ts';
import { keys, openTerminal } from '../support/terminal.ts';
import { makeTestHome, type TestHome } from '../support/terminalHome.ts';
import type { Exercise } from './exercise.ts';
import { field } from './field.ts';
import { Ground } from './ground.ts';
import { bringAbout, confirmEffect, standingOf } from './trouble.ts';
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
	/** Filters the services down to the range, where others use the engine as well. */
	readonly filter?: true;
	readonly signal?: AbortSignal;
}

/** How long the person looks for an alert before taking the page's word for it, ms. */
const alertMs = 15_000;

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
	const { exercise } = trial;
	await exercise.prepare?.(ground);
	const at = await bringAbout(exercise, ground, trial.signal);
	const watch = new RecoveryWatch(() => standingOf(exercise, ground));
	try {
		const state = join(home.dir, 'sitrep');
		const began = performance.now();
		const { screen, failure: stuck, ...seen } = await atConsole(trial, ground, home, state);
		const wholeMs = performance.now() - began;
		const record = await readRecord(join(state, 'journal.db'));
		const unended = record.outcome === (exercise.ends ?? 'succeeded') ? undefined : `the run ended as ${record.outcome ?? 'not at all'}: ${record.end}; the screen:\n${screen}`;
		const failure = stuck ?? unended ?? (await confirmEffect(exercise, ground, watch));
		const lost = failure === undefined && exercise.mayLoseRows === undefined && (await ground.keepsLastRow()) === false;
		return {
			...(exercise.trouble === undefined || watch.wellSince === undefined ? {} : { recoveredMs: watch.wellSince - at }),
			wholeMs,
			...(failure === undefined ? {} : { failure }),
			facts: lost ? ['the row written last is gone'] : [],
			steps: { carriedOut: record.carriedOut, changes: record.changes },
			end: record.end,
			...seen,
		};
	} finally {
		await watch.stop();
	}
};

interface Seen {
	readonly keys: number;
	readonly alert: string;
	readonly offered?: Offered;
	readonly failure?: string;
	/** The last screen. */
	readonly screen: string;
}

/** What the person types at a shell prompt. */
const opening = [...Array.from('sitrep'), keys.enter];

/** Opens the console, sees the playbook through, and goes. */
const atConsole = async ({ command, host, range, exercise, playbook, keysPerSecond, filter, signal }: PlaybookTrial, ground: Ground, home: TestHome, state: string): Promise<Seen> => {
	if (keysPerSecond !== undefined) await sleep((opening.length * 1000) / keysPerSecond, undefined, signal === undefined ? {} : { signal });
	await using terminal = await openTerminal({ command, columns: 120, rows: 40, home, env: { DOCKER_HOST: host, SITREP_STATE_DIR: state } });
	const leave = (): void => void terminal.close();
	signal?.addEventListener('abort', leave, { once: true });
	const hands = new Typist(terminal, keysPerSecond);
	const person = new Person(terminal, hands, exercise, ground);
	let alert = '';
	let offered: Offered | undefined;
	let failure: string | undefined;
	try {
		if (filter === true) {
			await terminal.waitFor(new RegExp(`${serviceNames.api} `));
			await person.filter(range);
		}
		alert = await person.goTo(serviceNames.api, exercise.trouble === undefined || exercise.silent === true ? 0 : alertMs);
		offered = await person.start(playbook.playbook);
		await person.seeThrough(playbook.playbook);
	} catch (error) {
		failure = error instanceof Error ? error.message : String(error);
	}
	signal?.removeEventListener('abort', leave);
	return { keys: opening.length + hands.keys, alert, ...(offered === undefined ? {} : { offered }), ...(failure === undefined ? {} : { failure }), screen: terminal.text() };
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
