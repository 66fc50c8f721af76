import { writeFile } from 'node:fs/promises';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { defaultRange } from '../../src/drill/rangeNames.ts';
import { describeMachine } from '../bench/machine.ts';
import { Drills, type Done } from './drills.ts';
import { exercises } from './exercises/index.ts';
import { differsWords, drillsPage, missionKeysPerSecond, missionWords, recoveredWords, seconds } from './page.ts';

const missionId = 'mission';
const missionExercise = 'crash';

const { values: flags, positionals: asked } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean' }, list: { type: 'boolean' } } });
if (flags.list === true) {
	for (const { id, title, playbook } of exercises) console.log(`${id.padEnd(26)}${playbook.padEnd(34)}${title}`);
	console.log(`${missionId.padEnd(26)}a whole P0 (${missionExercise}) by a person who types ${missionKeysPerSecond} keys a second`);
	process.exit(0);
}
const names = [...exercises.map(({ id }) => id), missionId];
const unknown = asked.filter((name) => !names.includes(name));
if (unknown.length > 0) {
	console.error(`no such drill: ${unknown.join(', ')}\nThere are: ${names.join(', ')}`);
	process.exit(2);
}
const wanted = (name: string): boolean => asked.length === 0 || asked.includes(name);
/** Progress goes where it does not mix with the answer. */
const say = (line: string): void => (flags.json === true ? console.error(line) : console.log(line));

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
	for (const exercise of exercises) {
		const done = await attempt(exercise.id, () => drills.run(exercise, { signal: over.signal }));
		if (done !== undefined) all.push(done);
	}
	const p0 = exercises.find(({ id }) => id === missionExercise);
	if (p0 !== undefined) mission = await attempt(missionId, () => drills.run(p0, { range: defaultRange, signal: over.signal, keysPerSecond: missionKeysPerSecond }));
	if (mission !== undefined) for (const line of missionWords(mission)) say(`  ${line}`);
	if (flags.json === true) {
		const plain = ({ exercise: { id, title, playbook: of, written: hand }, playbook, written }: Done): object => ({ id, title, playbookId: of, playbook, written: written ?? null, differs: hand?.differs ?? null });
		console.log(JSON.stringify({ schemaVersion: 1, machine, drills: all.map(plain), mission: mission === undefined ? null : plain(mission), failed }));
	}
	if (asked.length === 0 && mission !== undefined && all.length === exercises.length) {
		await writeFile(new URL('../../docs/drills.md', import.meta.url), drillsPage(machine, all, mission, new Date().toISOString().slice(0, 10)));
		say('\nwritten: docs/drills.md');
	}
	say(failed.length === 0 ? `\n${all.length + (mission === undefined ? 0 : 1)} drills, all healed or done` : `\nfailed: ${failed.join(', ')}`);
} finally {
	await drills.close();
}
process.exitCode = failed.length > 0 || over.signal.aborted ? 1 : 0;
