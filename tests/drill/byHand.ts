import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { Exercise, Written } from './exercise.ts';
import { Ground } from './ground.ts';
import type { Recovery } from './outcome.ts';
import { RecoveryWatch } from './recovery.ts';
import { bringAbout, confirmEffect } from './trouble.ts';

/** The longest that all commands together may take, ms. */
const shellLimitMs = 120_000;
/** How long is waited for the service after the last command, ms. */
const usualPatienceMs = 20_000;

/** The names of the range stand in the commands as in the procedure. */
const named = (text: string, ground: Ground): string =>
	text
		.replaceAll('http://localhost:8000', ground.url)
		.replaceAll(/\bcloud-native-poc\b(?!:)/g, ground.api)
		.replaceAll(/\brange-worker\b/g, ground.container('worker'))
		.replaceAll(':8000', `:${ground.port}`);

/** The same trouble, ended by the commands of the procedure, one after the other in a shell, each whatever the one before came to. */
export const byHand = async (options: { readonly host: string; readonly range: string; readonly exercise: Exercise; readonly written: Written; readonly signal?: AbortSignal }): Promise<Recovery> => {
	const { exercise, written } = options;
	const ground = await Ground.open(options.host, options.range, options.signal);
	const folder = await mkdtemp(join(tmpdir(), 'sitrep-written-'));
	try {
		// The procedure stands in the folder of the checkout, with the data beside it.
		await symlink(ground.folder, join(folder, 'data'));
		await symlink(join(ground.folder, 'backups'), join(folder, 'backups'));
		await mkdir(join(folder, 'logs'));
		await exercise.prepare?.(ground);
		const before = (await ground.inspect())?.Id;
		const at = await bringAbout(exercise, ground);
		const watch = new RecoveryWatch(() => (exercise.standing ?? ((each: Ground) => each.standing()))(ground));
		const script = `${written.commands.map((command) => named(command, ground)).join('\n')}\n`;
		await writeFile(join(folder, 'commands.sh'), script);
		const began = performance.now();
		const { code, last } = await shell(folder, options.host);
		const wholeMs = performance.now() - began;
		const failure = await confirmEffect(exercise, ground, watch, written.patienceMs ?? usualPatienceMs);
		await watch.stop();
		const after = await ground.inspect();
		const kept = exercise.mayLoseRows === true ? undefined : await ground.keepsLastRow();
		return {
			...(exercise.trouble === undefined || watch.wellSince === undefined ? {} : { recoveredMs: watch.wellSince - at }),
			wholeMs,
			keys: script.length,
			...(failure === undefined ? {} : { failure }),
			facts: [
				...(after === undefined ? ['the container is gone'] : []),
				...(after !== undefined && before !== undefined && after.Id !== before ? ['another container'] : []),
				...(kept === false ? ['the row written last is gone'] : []),
				...(failure !== undefined && code === 0 ? ['and the last command exits 0'] : []),
				...(failure !== undefined && code !== 0 ? [`the last command exits ${String(code)}${last === '' ? '' : `: ${last}`}`] : []),
			],
		};
	} finally {
		await rm(folder, { recursive: true, force: true });
		await ground.close();
	}
};

const shell = async (folder: string, host: string): Promise<{ readonly code: number | null; readonly last: string }> =>
	new Promise((resolve, reject) => {
		const child = spawn('bash', ['commands.sh'], { cwd: folder, env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', HOME: folder, DOCKER_HOST: host, LC_ALL: 'C' }, stdio: ['ignore', 'ignore', 'pipe'], timeout: shellLimitMs, killSignal: 'SIGKILL' });
		let stderr = '';
		child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr = `${stderr}${text}`.slice(-2000)));
		child.on('error', reject);
		child.on('close', (code) => resolve({ code, last: stderr.trim().split('\n').at(-1) ?? '' }));
	});
