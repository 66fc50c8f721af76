import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { imageRepository, serviceNames } from '../../../src/drill/rangeNames.ts';
import type { LoadedPlaybook } from '../../../src/domain/playbook/playbook.ts';
import { until } from '../../../src/drill/until.ts';
import { journalTools } from '../../../src/record/tools.ts';
import { patienceMs } from '../../support/patience.ts';
import { keys, openTerminal } from '../../support/terminal.ts';
import { makeTestHome, type TestHome } from '../../support/terminalHome.ts';
import type { Exercise } from '../exercise.ts';
import { field } from '../field.ts';
import { Ground } from '../ground.ts';
import { Load } from '../load.ts';
import { readStats, turnStats, type LoadWindow } from '../loadStats.ts';
import { Person, type Offered } from '../person.ts';
import { RecoveryWatch } from '../recovery.ts';
import { bringAbout, confirmEffect, standingOf } from '../trouble.ts';
import { Typist } from '../typist.ts';
import { watchFile } from '../watchFile.ts';
import type { EngineHands, RollbackCase } from './case.ts';
import { deploy } from './cases.ts';
import { rememberVersions } from './history.ts';
import type { RecordedMove, RecordedRestore, RollbackRecovery } from './outcome.ts';

export interface RollbackTrial {
	/** Program that is started: the launcher. */
	readonly command: string;
	readonly host: string;
	readonly engine: EngineHands;
	/** Name of the range that is made for it. */
	readonly range: string;
	readonly playbook: LoadedPlaybook;
	readonly case: RollbackCase;
	readonly keysPerSecond?: number;
	/** Filters the services down to the range, where others use the engine as well. */
	readonly filter?: true;
	readonly signal?: AbortSignal;
}

/** Requests a second from outside: a gap is known to a twentieth of a second. */
const perSecond = 20;
/** How long the person looks for an alert before taking the page's word for it, ms. */
const alertMs = 15_000;

/** A person at the real console, in a real terminal, presses `r` and sees the rollback through. What failed is in the outcome. */
export const byRollback = async (trial: RollbackTrial): Promise<RollbackRecovery> => {
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

const recover = async (trial: RollbackTrial, ground: Ground, home: TestHome): Promise<RollbackRecovery> => {
	const { case: about, signal } = trial;
	const state = join(home.dir, 'sitrep');
	const last = about.ranWell.at(-1);
	if (last !== undefined && (await versionOf(ground)) !== last) await deploy(ground, last);
	await rememberVersions(ground, state, about.ranWell);
	await about.prepare?.(ground);
	const at = await bringAbout(about, ground, signal);
	const window = await beginWindow(ground);
	const watch = new RecoveryWatch(() => standingOf(about, ground));
	using load = new Load({ url: `${ground.url}/api/items/1`, perSecond });
	const over = new AbortController();
	const meddling = about.meddle?.(ground, trial.engine, over.signal).catch((error: unknown) => {
		if (!over.signal.aborted) throw error;
	});
	// Its failure is told at the end: until then nobody waits for it.
	meddling?.catch(() => undefined);
	try {
		const began = performance.now();
		const { screen, failure: stuck, ...seen } = await atConsole(trial, ground, home, state);
		const wholeMs = performance.now() - began;
		await load.stop();
		const record = await readRecord(join(state, 'journal.db'));
		const unended = record.outcome === (about.ends ?? 'succeeded') ? undefined : `the run ended as ${record.outcome ?? 'not at all'}: ${record.end}; the screen:\n${screen}`;
		const unwell = stuck ?? unended ?? (await confirmEffect(about, ground, watch));
		const [endedOn, standing] = await Promise.all([versionOf(ground), ground.standing()]);
		const elsewhere = unwell === undefined && endedOn !== about.endsOn ? `version ${endedOn} runs, not ${about.endsOn}; the screen:\n${screen}` : unwell;
		if (about.meddle !== undefined && elsewhere === undefined) await meddling;
		const lost = elsewhere === undefined && about.mayLoseRows === undefined && (await ground.keepsLastRow()) === false;
		const sinceFault = await windowOf(ground, window);
		return {
			...(watch.wellSince === undefined ? {} : { recoveredMs: watch.wellSince - at }),
			wholeMs,
			...(elsewhere === undefined ? {} : { failure: elsewhere }),
			facts: lost ? ['the row written last is gone'] : [],
			steps: { carriedOut: record.carriedOut, changes: record.changes },
			end: record.end,
			endedOn,
			up: standing.well,
			...(record.restored === undefined ? {} : { restored: record.restored }),
			...(record.move === undefined ? {} : { move: record.move, requests: load.between(record.move.begunAt, record.move.endedAt) }),
			...(sinceFault === undefined ? {} : { sinceFault }),
			...seen,
		};
	} finally {
		over.abort();
		await meddling?.catch(() => undefined);
		await watch.stop();
	}
};

interface Window {
	readonly id: number;
	/** When the load generator was started: one that was started anew has counted something else. */
	readonly startedAt: string;
}

const startOfLoad = async (ground: Ground): Promise<string> => (await ground.inspect('loadgen'))?.State.StartedAt ?? '';

const beginWindow = async (ground: Ground): Promise<Window> => ({ startedAt: await startOfLoad(ground), id: (await turnStats(ground.docker, ground.name)).id + 1 });

/** What the load generator has counted since the fault, once every request of it is over. */
const windowOf = async (ground: Ground, { id, startedAt }: Window): Promise<LoadWindow | undefined> => {
	if ((await startOfLoad(ground)) !== startedAt) return undefined;
	await turnStats(ground.docker, ground.name);
	await until(async () => (await readStats(ground.docker, ground.name, id)).underWay === 0, { timeoutMs: patienceMs, everyMs: 100, what: 'every request to be over' });
	return readStats(ground.docker, ground.name, id);
};

/** Version that the service runs; empty where it does not. */
const versionOf = async (ground: Ground): Promise<string> => {
	const found = await ground.inspect();
	const version = (found?.Config.Env ?? []).find((each) => each.startsWith('APP_VERSION='))?.slice('APP_VERSION='.length);
	return found?.State.Running === true ? (version ?? `an image without a version, ${imageRepository}`) : '';
};

interface Seen {
	readonly keys: number;
	readonly alert: string;
	readonly offered?: Offered;
	readonly failure?: string;
	/** The last screen. */
	readonly screen: string;
}

const withEngine = (about: RollbackCase, engine: EngineHands): Exercise['failed'] =>
	Object.fromEntries(
		Object.entries(about.engineHelps ?? {}).map(([title, { said, work }]) => [
			title,
			{
				choose: 'Try it again' as const,
				work: async (ground: Ground, screen: string): Promise<void> => {
					// What a step came to stands in the right half, wrapped.
					const words = screen.split('\n').map((line) => line.slice(line.lastIndexOf('│') + 1).trim());
					if (!said.test(words.join(' '))) throw new Error(`"${title}" failed, and nothing says that ${said.source} is why; the screen:\n${screen}`);
					await work(ground, engine);
				},
			},
		]),
	);

/** What the person types at a shell prompt. */
const opening = [...Array.from('sitrep'), keys.enter];

/** Opens the console, presses `r`, sees the rollback through, and goes. */
const atConsole = async ({ command, host, range, case: about, engine, playbook, keysPerSecond, filter, signal }: RollbackTrial, ground: Ground, home: TestHome, state: string): Promise<Seen> => {
	if (keysPerSecond !== undefined) await sleep((opening.length * 1000) / keysPerSecond, undefined, signal === undefined ? {} : { signal });
	await using terminal = await openTerminal({ command, columns: 120, rows: 40, home, env: { DOCKER_HOST: host, SITREP_STATE_DIR: state } });
	const leave = (): void => void terminal.close();
	signal?.addEventListener('abort', leave, { once: true });
	const hands = new Typist(terminal, keysPerSecond);
	const person = new Person(terminal, hands, { ...about, failed: { ...about.failed, ...withEngine(about, engine) } }, ground);
	let alert = '';
	let offered: Offered | undefined;
	let failure: string | undefined;
	try {
		if (filter === true) {
			await terminal.waitFor(new RegExp(`${serviceNames.api} `));
			await person.filter(range);
		}
		alert = await person.goTo(serviceNames.api, about.silent === true ? 0 : alertMs);
		offered = await person.rollBack(playbook.playbook, serviceNames.api);
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
	readonly move?: RecordedMove;
	readonly restored?: RecordedRestore;
}

/** What the journal says of the run, of those within it, and of the move. */
const readRecord = async (journal: string): Promise<Record> => {
	let end = 'no record';
	let outcome: string | undefined;
	let carriedOut = 0;
	let changes = 0;
	let begunAt = Number.NaN;
	let move: RecordedMove | undefined;
	let restored: RecordedRestore | undefined;
	if (!existsSync(journal)) return { end, carriedOut, changes };
	for await (const line of journalTools(journal).export({})) {
		const event: unknown = JSON.parse(line);
		const data = field(event, 'data');
		switch (field(event, 'kind')) {
			case 'step_started':
				carriedOut++;
				if (field(data, 'risk') !== 'read') changes++;
				break;
			case 'step_ended':
				restored = restoreOf(field(data, 'value')) ?? restored;
				break;
			case 'rollout_begun':
				begunAt = epoch(field(event, 'at'));
				break;
			case 'rollout_ended':
				move = moveOf(data, begunAt, epoch(field(event, 'at')));
				break;
			case 'run_ended':
				// The outer one ends last.
				outcome = String(field(data, 'outcome'));
				end = String(field(data, 'words'));
				break;
			default:
		}
	}
	return { ...(outcome === undefined ? {} : { outcome }), end, carriedOut, changes, ...(move === undefined ? {} : { move }), ...(restored === undefined ? {} : { restored }) };
};

/** What a step of the database measured of a restore. */
const restoreOf = (value: unknown): RecordedRestore | undefined => {
	const [rpoSeconds, rtoMs, rowsLost] = [field(value, 'rpoSeconds'), field(value, 'rtoMs'), field(value, 'rowsLost')];
	return typeof rpoSeconds === 'number' && typeof rtoMs === 'number' ? { rpoSeconds, rtoMs, ...(typeof rowsLost === 'number' ? { rowsLost } : {}) } : undefined;
};

/** The record tells times as text or as a number. */
const epoch = (at: unknown): number => (typeof at === 'number' ? at : Date.parse(String(at)));

const moveOf = (data: unknown, begunAt: number, endedAt: number): RecordedMove => {
	const end = field(data, 'end');
	const gapMs = field(data, 'gapMs');
	return {
		end: end === 'swapped' || end === 'restored' ? end : 'stuck',
		words: String(field(data, 'words')),
		begunAt,
		endedAt,
		tookMs: Number(field(data, 'tookMs')),
		...(typeof gapMs === 'number' ? { gapMs } : {}),
	};
};
