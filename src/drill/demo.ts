import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { EngineError } from '../domain/engine.ts';
import { drillBreak, drillDown, drillUp, type DrillIo } from './command.ts';
import { demoEnvironment } from './demoEnvironment.ts';
import { demoFolder, readRecord, removeRecord, writeRecord } from './demoRecord.ts';
import { answers, type EngineHost } from './engineClient.ts';
import { faultNamed } from './faults.ts';
import { ensureEngine, findEngine, NoEngineError } from './findEngine.ts';
import { destroyPrivateEngine } from './privateEngine.ts';

const usage = `npm run demo                       real containers on an engine of this machine, one of which breaks, and the console on them
npm run demo -- --fault NAME       another fault than out-of-memory
npm run demo -- --down             takes everything of it away again
`;

/** Time to look at a healthy range before it breaks, ms. */
const calmMs = 8000;

const write = (line: string): void => void process.stderr.write(`${line}\n`);
const io: DrillIo = { out: write, say: write };
const silent: DrillIo = { out: () => {}, say: () => {} };

type Environment = ReturnType<typeof demoEnvironment>;

/** The demo from end to end. @returns the exit code */
export async function demo(argv: readonly string[]): Promise<number> {
	try {
		const { values } = parseArgs({
			args: [...argv],
			options: { down: { type: 'boolean' }, fault: { type: 'string', default: 'out-of-memory' }, help: { type: 'boolean', short: 'h' } },
		});
		if (values.help === true) {
			process.stdout.write(usage);
			return 0;
		}
		const folder = demoFolder(process.env, process.getuid?.() ?? -1);
		if (values.down === true) {
			return await takeAway(folder);
		}
		return await show(folder, faultNamed(values.fault).name);
	} catch (error) {
		write(error instanceof Error ? error.message : String(error));
		if (error instanceof NoEngineError || (error instanceof EngineError && error.advice !== undefined)) {
			write(error.advice ?? '');
		}
		return 1;
	}
}

async function show(folder: string, fault: string): Promise<number> {
	const ensured = await ensureEngine(process.env, join(folder, 'engine'), write);
	const { host } = ensured;
	const privateEngine = ensured.kind === 'private';
	await writeRecord(folder, { host, privateEngine, packages: ensured.installed.packages });
	write(privateEngine ? `private engine: ${host}` : `engine: ${host} (${ensured.origin})`);
	// A range of an earlier demo has a history of restarts, which would be told as trouble: a new one has none.
	await drillDown(host, silent, { keepImages: true });
	await drillUp(host, io);
	const environment = demoEnvironment(process.env, { host, privateEngine }, folder);
	const code = process.stdout.isTTY ? await watchItBreak(host, fault, environment) : await tell(host, fault, environment);
	if (privateEngine) write(`Other commands see it with: export ${Object.entries(environment).map(([name, value]) => `${name}=${value}`).join(' ')}`);
	write('The containers run on. Again: npm run demo   Take everything away: npm run demo -- --down');
	return code;
}

/** The console on a healthy range, on which something breaks after some seconds. */
async function watchItBreak(host: EngineHost, fault: string, environment: Environment): Promise<number> {
	const over = new AbortController();
	const breaking = sleep(calmMs, undefined, { signal: over.signal })
		.then(async () => drillBreak(host, silent, fault))
		// The screen is the console's: a fault that could not be made is told once it is free again.
		.catch((error: unknown) => (over.signal.aborted ? undefined : error));
	const code = await runSitrep(environment, []);
	over.abort();
	const failure = await breaking;
	if (failure !== undefined) {
		write(`The fault ${fault} could not be made: ${failure instanceof Error ? failure.message : 'unknown error'}`);
	}
	return code;
}

/** Without a terminal: what `sitrep status` says of the broken range. */
async function tell(host: EngineHost, fault: string, environment: Environment): Promise<number> {
	await drillBreak(host, io, fault);
	await sleep(5000);
	return runSitrep(environment, ['status']);
}

async function runSitrep(environment: Environment, argv: readonly string[]): Promise<number> {
	const launcher = fileURLToPath(new URL('../../bin/sitrep', import.meta.url));
	const child = spawn(process.execPath, [launcher, ...argv], { stdio: 'inherit', env: { ...process.env, ...environment } });
	// The terminal's own signals reach the console as well, and it alone answers them.
	const ignore = () => {};
	const forward = (signal: NodeJS.Signals) => void child.kill(signal);
	process.on('SIGINT', ignore).on('SIGTERM', forward).on('SIGHUP', forward);
	try {
		return await new Promise<number>((resolve, reject) => {
			child.once('error', reject);
			child.once('exit', (code) => resolve(code ?? 1));
		});
	} finally {
		process.off('SIGINT', ignore).off('SIGTERM', forward).off('SIGHUP', forward);
	}
}

async function takeAway(folder: string): Promise<number> {
	const record = await readRecord(folder);
	if (record?.privateEngine === true) {
		await destroyPrivateEngine(join(folder, 'engine'));
		write('Removed the private engine with its containers, networks, images and data.');
	} else {
		const host = record?.host ?? (await hostNow());
		if (host !== undefined && (await answers(host, 5000))) {
			await drillDown(host, io);
		} else {
			write(host === undefined ? 'No engine answers, and no demo is on record.' : `${host} does not answer: what the demo made there is still there. Start it, then run this again.`);
			return record === undefined ? 0 : 1;
		}
	}
	await removeRecord(folder);
	if (record !== undefined && record.packages.length > 0) {
		write(`Debian's packages stay installed. To remove what the demo added: apt-get purge ${record.packages.join(' ')}`);
	}
	return 0;
}

async function hostNow(): Promise<EngineHost | undefined> {
	const found = await findEngine(process.env);
	return found.kind === 'found' ? found.host : undefined;
}
