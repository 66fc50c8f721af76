import { writeFile } from 'node:fs/promises';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { defaultRange } from '../../src/drill/rangeNames.ts';
import { describeMachine } from '../bench/machine.ts';
import { Drills, type Done } from './drills.ts';
import { exercises } from './exercises/index.ts';
import type { RollbackCase } from './rollback/case.ts';
import { rollbackCases } from './rollback/cases.ts';
import type { RollbackRecovery } from './rollback/outcome.ts';
import { rollbackSection, rollbackWords, type RollbackDone } from './rollback/table.ts';
import { readResults, resultsJson, type Results } from './results.ts';
import { differsWords, drillsPage, missionKeysPerSecond, missionWords, recoveredWords, seconds } from './page.ts';

const missionId = 'mission';
const missionExercise = 'crash';
const rollbackMissionId = 'rollback-mission';
const rollbackMissionCase = 'rollback-crash-0';

const { values: flags, positionals: asked } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean' }, list: { type: 'boolean' }, from: { type: 'string', multiple: true }, times: { type: 'string', default: '1' } } });
if (flags.list === true) {
	for (const { id, title, playbook } of exercises) console.log(`${id.padEnd(26)}${playbook.padEnd(34)}${title}`);
	for (const { id, title, playbook } of rollbackCases) console.log(`${id.padEnd(26)}${playbook.padEnd(34)}a new version: ${title}`);
	console.log(`${rollbackMissionId.padEnd(26)}${rollbackMissionCase} by a person who types ${missionKeysPerSecond} keys a second`);
	console.log(`${missionId.padEnd(26)}a whole P0 (${missionExercise}) by a person who types ${missionKeysPerSecond} keys a second`);
	process.exit(0);
}
const names = [...exercises.map(({ id }) => id), ...rollbackCases.map(({ id }) => id), missionId, rollbackMissionId];
const unknown = asked.filter((name) => !names.includes(name));
const times = Number(flags.times);
if (!Number.isInteger(times) || times < 1 || times > 100) {
	console.error('--times takes a whole number from 1 to 100: how often each rollback is done');
	process.exit(2);
}
if (unknown.length > 0) {
	console.error(`no such drill: ${unknown.join(', ')}\nThere are: ${names.join(', ')}`);
	process.exit(2);
}
/** Progress goes where it does not mix with the answer. */
const say = (line: string): void => (flags.json === true ? console.error(line) : console.log(line));
const writePage = async ({ machine, done, mission, rollbacks, rollbackMission }: Results, runs: number): Promise<void> => {
	if (mission === undefined || done.length !== exercises.length || rollbacks.length !== rollbackCases.length) {
		const there = new Set([...done.map(({ exercise }) => exercise.id), ...rollbacks.map(({ about }) => about.id), ...(mission === undefined ? [] : [missionId])]);
		throw new Error(`for the page are missing: ${names.filter((name) => name !== rollbackMissionId && !there.has(name)).join(', ')}`);
	}
	const section = rollbackSection(rollbacks, rollbackMission === undefined ? undefined : { keysPerSecond: missionKeysPerSecond, done: rollbackMission });
	await writeFile(new URL('../../docs/drills.md', import.meta.url), drillsPage({ machine, all: done, mission, date: new Date().toISOString().slice(0, 10), runs, rollbacks: section }));
	say('\nwritten: docs/drills.md');
};
if (flags.from !== undefined) {
	const results = await readResults(flags.from);
	await writePage(results, flags.from.length);
	if (results.failed.length > 0) say(`failed: ${results.failed.join(', ')}`);
	process.exit(results.failed.length > 0 ? 1 : 0);
}
const wanted = (name: string): boolean => asked.length === 0 || asked.includes(name);

const over = new AbortController();
const stop = (): void => {
	if (over.signal.aborted) process.exit(130);
	over.abort(new Error('stopped'));
	console.error('stopping, and removing what was made; once more to leave everything behind');
};
process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop);

const tell = (done: Done): void => {
	const { exercise, playbook, written } = done;
	const alert = exercise.trouble === undefined || exercise.silent === true ? '' : playbook.alert === '' ? '; the row of the service said of no trouble' : `; ${playbook.alert}`;
	say(`\n${exercise.id}: ${exercise.title}${alert}`);
	say(`  ${playbook.failure === undefined ? 'ok    ' : 'FAILED'}  ${exercise.playbook}: ${recoveredWords(playbook)}, over after ${seconds(playbook.wholeMs)}, ${playbook.steps.carriedOut} steps, ${playbook.keys} keys; ${playbook.end}`);
	if (playbook.failure !== undefined) say(playbook.failure.replaceAll(/^/gm, '          '));
	for (const fact of playbook.facts) say(`          ${fact}`);
	if (written !== undefined) say(`          written commands: ${recoveredWords(written)}, over after ${seconds(written.wholeMs)}, ${written.keys} keys; ${differsWords(done)}`);
};

const all: Done[] = [];
const failed: string[] = [];
let mission: Done | undefined;
const rollbacks: RollbackDone[] = [];
let rollbackMission: RollbackRecovery | undefined;
const drills = await Drills.open(say, over.signal);
try {
	const machine = await describeMachine(drills.docker);
	for (const fact of machine) say(fact);
	const attempt = async (name: string, work: () => Promise<Done>): Promise<Done | undefined> => {
		if (over.signal.aborted || !wanted(name)) return undefined;
		try {
			const done = await work();
			if (over.signal.aborted) return undefined;
			tell(done);
			if (done.playbook.failure !== undefined) failed.push(name);
			return done;
		} catch (error) {
			// One drill that cannot be made must not take the others with it.
			if (!over.signal.aborted) say(`\n${name}\n  FAILED  ${error instanceof Error ? error.message : String(error)}`);
			failed.push(name);
			return undefined;
		}
	};
	/** What cannot be made, or does not do what it should, is told, and does not take the others with it. */
	const tellRollback = (name: string, recovery: RollbackRecovery): void => {
		if (recovery.failure === undefined) return;
		failed.push(name);
		say(`\n${name}\n  FAILED  ${recovery.failure.replaceAll('\n', '\n          ')}`);
	};
	const cannot = (name: string, error: unknown): void => {
		if (!over.signal.aborted) say(`\n${name}\n  FAILED  ${error instanceof Error ? error.message : String(error)}`);
		failed.push(name);
	};
	const attemptRollback = async (about: RollbackCase): Promise<RollbackDone | undefined> => {
		if (over.signal.aborted || !wanted(about.id)) return undefined;
		const done: RollbackRecovery[] = [];
		try {
			for (let turn = 0; turn < times && !over.signal.aborted; turn++) {
				const recovery = await drills.rollBack(about, { signal: over.signal });
				tellRollback(about.id, recovery);
				done.push(recovery);
			}
			const written = over.signal.aborted ? undefined : await drills.rollBackByHand(about, over.signal);
			return over.signal.aborted ? undefined : { about, times: done, ...(written === undefined ? {} : { written }) };
		} catch (error) {
			cannot(about.id, error);
			return done.length === 0 ? undefined : { about, times: done };
		}
	};
	const attemptRollbackMission = async (): Promise<RollbackRecovery | undefined> => {
		const about = rollbackCases.find(({ id }) => id === rollbackMissionCase);
		if (about === undefined || over.signal.aborted || !wanted(rollbackMissionId)) return undefined;
		try {
			const recovery = await drills.rollBack(about, { signal: over.signal, keysPerSecond: missionKeysPerSecond });
			tellRollback(rollbackMissionId, recovery);
			return recovery;
		} catch (error) {
			cannot(rollbackMissionId, error);
			return undefined;
		}
	};
	for (const exercise of exercises) {
		const done = await attempt(exercise.id, () => drills.run(exercise, { signal: over.signal }));
		if (done !== undefined) all.push(done);
	}
	const p0 = exercises.find(({ id }) => id === missionExercise);
	if (p0 !== undefined) mission = await attempt(missionId, () => drills.run(p0, { range: defaultRange, signal: over.signal, keysPerSecond: missionKeysPerSecond }));
	if (mission !== undefined) for (const line of missionWords(mission)) say(`  ${line}`);
	for (const about of rollbackCases) {
		const done = await attemptRollback(about);
		if (done === undefined) continue;
		rollbacks.push(done);
		say(`\n${about.id}: ${about.title}`);
		for (const line of rollbackWords(done)) say(`  ${line}`);
	}
	rollbackMission = await attemptRollbackMission();
	if (rollbackMission !== undefined) say(`\n${rollbackMissionId}: ${missionKeysPerSecond} keys a second, fault to healthy ${rollbackMission.recoveredMs === undefined ? 'never' : seconds(rollbackMission.recoveredMs)}, ${rollbackMission.keys} keys`);
	const results: Results = { machine, done: all, ...(mission === undefined ? {} : { mission }), rollbacks, ...(rollbackMission === undefined ? {} : { rollbackMission }), failed };
	if (flags.json === true) console.log(resultsJson(results));
	if (asked.length === 0 && mission !== undefined && all.length === exercises.length && rollbacks.length === rollbackCases.length) await writePage(results, 1);
	say(failed.length === 0 ? `\n${all.length + rollbacks.length * times + (mission === undefined ? 0 : 1) + (rollbackMission === undefined ? 0 : 1)} drills, all healed or done` : `\nfailed: ${failed.join(', ')}`);
} finally {
	await drills.close();
}
process.exitCode = failed.length > 0 || over.signal.aborted ? 1 : 0;
