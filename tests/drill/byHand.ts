import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { volumeName } from '../../src/drill/rangeNames.ts';
import type { Exercise, Written } from './exercise.ts';
import { Ground } from './ground.ts';
import type { Recovery } from './outcome.ts';
import { RecoveryWatch } from './recovery.ts';
import { bringAbout, confirmEffect, standingOf } from './trouble.ts';

/** A command that has not ended by then is given up, as by Ctrl-C, ms. */
const giveUpMs = 15_000;
/** How long is waited for the service after the last command, ms. */
const usualPatienceMs = 20_000;

/** The names of the range stand in the commands as in the procedure. */
const named = (text: string, ground: Ground): string =>
	text
		.replaceAll('http://localhost:8000', ground.url)
		.replaceAll('cloud-native-poc_data', volumeName(ground.name))
		.replaceAll(/\bcloud-native-poc\b(?!:)/g, ground.api)
		.replaceAll(':8000', `:${ground.port}`);

export interface HandTrial {
	readonly host: string;
	/** Name of the range that is made for it. */
	readonly range: string;
	readonly exercise: Exercise;
	readonly written: Written;
	/** All at once, as a script, where it is not given. */
	readonly keysPerSecond?: number;
	readonly signal?: AbortSignal;
}

/** The same trouble, ended by the commands of the procedure, one after the other in a shell, each whatever the one before came to. */
export const byHand = async (trial: HandTrial): Promise<Recovery> => {
	const ground = await Ground.open(trial.host, trial.range, trial.signal);
	const folder = await mkdtemp(join(tmpdir(), 'sitrep-written-'));
	try {
		// The procedure stands in the folder of the checkout, with the data beside it.
		await symlink(ground.folder, join(folder, 'data'));
		await symlink(join(ground.folder, 'backups'), join(folder, 'backups'));
		await mkdir(join(folder, 'logs'));
		return await recover(trial, ground, folder);
	} finally {
		await rm(folder, { recursive: true, force: true });
		await ground.close();
	}
};

const recover = async (trial: HandTrial, ground: Ground, folder: string): Promise<Recovery> => {
	const { exercise, written, signal } = trial;
	await exercise.prepare?.(ground);
	const before = (await ground.inspect())?.Id;
	const at = await bringAbout(exercise, ground, signal);
	const watch = new RecoveryWatch(() => standingOf(exercise, ground));
	try {
		const began = performance.now();
		let keys = 0;
		let last: Ended = { words: 'exits 0', stderr: '' };
		const facts: string[] = [];
		for (const command of written.commands) {
			signal?.throwIfAborted();
			keys += command.length + 1;
			if (trial.keysPerSecond !== undefined) await sleep(((command.length + 1) * 1000) / trial.keysPerSecond, undefined, signal === undefined ? {} : { signal });
			last = await shell(named(command, ground), folder, trial.host);
			if (last.words.startsWith('given up')) facts.push(`\`${command}\` ${last.words}`);
		}
		const wholeMs = performance.now() - began;
		const failure = await confirmEffect(exercise, ground, watch, written.patienceMs ?? usualPatienceMs);
		const after = await ground.inspect();
		const kept = exercise.mayLoseRows === true || failure !== undefined ? undefined : await ground.keepsLastRow();
		if (after === undefined) facts.push('the container is gone');
		if (kept === false) facts.push('the row written last is gone');
		if (failure !== undefined) facts.push(`the last command ${last.words}${last.stderr === '' ? '' : `: ${last.stderr}`}`);
		if (after !== undefined && before !== undefined && after.Id !== before) facts.push('it is another container');
		return {
			...(exercise.trouble === undefined || watch.wellSince === undefined ? {} : { recoveredMs: watch.wellSince - at }),
			wholeMs,
			keys,
			...(failure === undefined ? {} : { failure }),
			facts,
		};
	} finally {
		await watch.stop();
	}
};

interface Ended {
	readonly words: string;
	/** Last line of it. */
	readonly stderr: string;
}

const shell = async (command: string, folder: string, host: string): Promise<Ended> =>
	new Promise((resolve, reject) => {
		const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', HOME: folder, DOCKER_HOST: host, LC_ALL: 'C' };
		const child = spawn('bash', ['-c', command], { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'], detached: true });
		let stderr = '';
		let late = false;
		const timer = setTimeout(() => {
			late = true;
			try {
				// Ctrl-C reaches everything the command has started.
				if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
			} catch {
				// It ended meanwhile.
			}
		}, giveUpMs);
		child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr = `${stderr}${text}`.slice(-2000)));
		child.on('error', reject);
		child.on('close', (code) => {
			clearTimeout(timer);
			resolve({ words: late ? `given up after ${giveUpMs / 1000} s` : `exits ${String(code)}`, stderr: stderr.trim().split('\n').at(-1) ?? '' });
		});
	});
