import { execa } from 'execa';
import { compileCommandExpectation } from '../../config/expectation.ts';
import type { ProbeConfigOf } from '../../config/probeSchema.ts';
import { formatLatency } from '../../domain/duration.ts';
import type { Probe } from '../../domain/probe.ts';
import type { Outcome } from './attempt.ts';
import { attempt } from './attempt.ts';
import type { ProbeIdentity, ProbePorts } from './ports.ts';

/** Bytes of each stream that are kept; the rest is read and let go. */
const maxOutputBytes = 64 * 1024;
const usual = 'exitCode == 0';

interface Ran {
	readonly exitCode: number;
	readonly stdout: string;
	readonly stderr: string;
}

/** Kills a process group, all of it; nobody left is fine. */
const killGroup = (pid: number): void => {
	try {
		process.kill(-pid, 'SIGKILL');
	} catch {
		// Already gone.
	}
};

const keep = (chunks: Buffer[], chunk: Buffer): void => {
	const kept = chunks.reduce((sum, each) => sum + each.length, 0);
	if (kept < maxOutputBytes) chunks.push(chunk.subarray(0, maxOutputBytes - kept));
};

/**
 * Runs a program in a process group of its own. The group is killed at the abort, and also when the program
 * itself has ended: what it left behind in the background would pile up with each run.
 */
const runHere = async (config: ProbeConfigOf<'command'>, environment: ProbePorts['environment'], signal: AbortSignal): Promise<Ran> => {
	const [program = '', ...args] = config.run;
	const child = execa(program, args, {
		detached: true,
		buffer: false,
		reject: false,
		stdin: 'ignore',
		extendEnv: false,
		env: { ...environment, ...config.env },
		...(config.directory === undefined ? {} : { cwd: config.directory }),
	});
	const stdout: Buffer[] = [];
	const stderr: Buffer[] = [];
	child.stdout?.on('data', (chunk: Buffer) => keep(stdout, chunk));
	child.stderr?.on('data', (chunk: Buffer) => keep(stderr, chunk));
	const kill = (): void => {
		if (child.pid !== undefined) killGroup(child.pid);
	};
	signal.addEventListener('abort', kill, { once: true });
	child.nodeChildProcess.on('exit', kill);
	const result = await child;
	signal.removeEventListener('abort', kill);
	if (result.exitCode === undefined && result.signal === undefined) throw new Error(result.code === 'ENOENT' ? `${program}: command not found` : (result.originalMessage ?? 'could not be started'));
	// A death by signal n is shown as shells show it, 128 + n; the number is not told here, so the name is.
	if (result.exitCode === undefined) throw new Error(`ended by ${result.signal ?? 'a signal'}`);
	return { exitCode: result.exitCode, stdout: Buffer.concat(stdout).toString('utf8'), stderr: Buffer.concat(stderr).toString('utf8') };
};

const runInside = async (config: ProbeConfigOf<'command'>, identity: ProbeIdentity, ports: ProbePorts, signal: AbortSignal): Promise<Ran> => {
	if (ports.exec === undefined) throw new Error('commands inside containers are not possible here');
	const result = await ports.exec(identity.serviceId, {
		argv: config.run,
		timeoutMs: identity.timeoutMs,
		signal,
		maxOutputBytes,
		...(config.env === undefined ? {} : { env: config.env }),
		...(config.directory === undefined ? {} : { workingDir: config.directory }),
	});
	if (result.lost || result.exitCode === undefined) throw new Error('the engine went away before the command ended');
	return { exitCode: result.exitCode, stdout: Buffer.from(result.stdout).toString('utf8'), stderr: Buffer.from(result.stderr).toString('utf8') };
};

const parseJson = (text: string): unknown => {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
};

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1)?.trim() ?? '';

/** Runs a command: argv, no shell. Figures: exitCode, latencyMs. */
export const commandProbe = (config: ProbeConfigOf<'command'>, identity: ProbeIdentity, ports: ProbePorts): Probe => {
	const expectation = compileCommandExpectation(config.expect ?? usual);
	const { clock } = ports;

	const run = async (signal: AbortSignal): Promise<Outcome> => {
		const began = clock.monotonic();
		const ran = await (config.inContainer === true ? runInside(config, identity, ports, signal) : runHere(config, ports.environment, signal));
		const latencyMs = clock.monotonic() - began;
		const ok = expectation.meets({ ...ran, json: parseJson(ran.stdout) });
		const said = lastLine(ran.stderr) || lastLine(ran.stdout);
		const came = `exit ${ran.exitCode} in ${formatLatency(latencyMs)}`;
		const why = typeof ok === 'string' ? `, but ${ok}` : ok || expectation.text === usual ? '' : `, expected ${expectation.text}`;
		return { ok: ok === true, words: `${came}${why}${said === '' ? '' : `: ${said}`}`, figures: { exitCode: ran.exitCode, latencyMs } };
	};

	return {
		name: config.name,
		kind: 'command',
		...identity,
		run: (signal) => attempt({ name: config.name, clock, timeoutMs: identity.timeoutMs, signal }, run),
	};
};
