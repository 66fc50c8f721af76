import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { type Engine, EngineError } from '../domain/engine.ts';
import { toolVariables, type ToolSpec } from '../domain/run/tool.ts';
import { systemClock } from '../domain/systemClock.ts';
import { openDocker } from '../engines/docker/index.ts';
import { execCodes, runExecTool } from '../respond/tool/exec.ts';
import { findEngine } from './openEngine.ts';

/**
 * The program behind steps that need more than a command of this machine: see `ToolSpec`. It is started by a supervisor,
 * like any command, and so survives the console.
 */
const takeSpec = (): ToolSpec | undefined => {
	const text = process.env[toolVariables.spec];
	// What is started from here must not inherit it: it holds secrets.
	delete process.env[toolVariables.spec];
	return text === undefined ? undefined : JSON.parse(text);
};

const say = (words: string): void => void process.stderr.write(`sitrep: ${words}\n`);

/** The engine the console was connected to, and no other. @throws EngineError */
const openEngine = async (spec: ToolSpec): Promise<Engine> => {
	const resolution = await findEngine(spec.engineContext === undefined ? { host: spec.engineAddress } : { context: spec.engineContext });
	if (resolution.kind === 'failed') throw new EngineError(resolution.error, resolution.message, { advice: resolution.advice });
	if (resolution.target.address !== spec.engineAddress) {
		throw new EngineError('invalid', `docker context "${spec.engineContext ?? ''}" now points to ${resolution.target.address}, not to ${spec.engineAddress} as when the run began`, {
			advice: 'Nothing was done. Point the context back, or begin a new run.',
		});
	}
	return openDocker(resolution.target, { clock: systemClock });
};

/** The value for later expressions, whole or not at all. */
const keepValue = (value: unknown): void => {
	const folder = process.env[toolVariables.folder];
	if (folder === undefined) return;
	const path = join(folder, 'value.json');
	writeFileSync(`${path}.new`, JSON.stringify(value ?? null), { mode: 0o600 });
	renameSync(`${path}.new`, path);
};

const runDatabase = async (spec: Extract<ToolSpec, { tool: 'database' }>, signal: AbortSignal): Promise<number> => {
	const { runDatabaseTool } = await import('../respond/database/tool.ts');
	let opened: Promise<Engine> | undefined;
	const { ok, value } = await runDatabaseTool(spec.action, {
		...(spec.password === undefined ? {} : { password: spec.password }),
		engine: () => (opened ??= openEngine(spec)),
		timeoutMs: spec.timeoutMs,
		now: Date.now,
		print: (line) => void process.stdout.write(`${line}\n`),
		signal,
	});
	keepValue(value);
	return signal.aborted ? execCodes.cancelled : ok ? 0 : 1;
};

const runRollout = async (spec: Extract<ToolSpec, { tool: 'rollout' }>, signal: AbortSignal): Promise<number> => {
	const { runRollouts } = await import('./rolloutTool.ts');
	const { code, value } = await runRollouts(spec, () => openEngine(spec), (line) => void process.stdout.write(`${line}\n`), signal);
	keepValue(value);
	return code;
};

const run = async (signal: AbortSignal): Promise<number> => {
	const spec = takeSpec();
	if (spec === undefined) {
		say(`${toolVariables.spec} is not set: this program is started by sitrep for a step, not by hand`);
		return execCodes.notRun;
	}
	try {
		if (spec.tool === 'database') return await runDatabase(spec, signal);
		if (spec.tool === 'rollout') return await runRollout(spec, signal);
		return await runExecTool(spec, await openEngine(spec), { stdout: (bytes) => void process.stdout.write(bytes), stderr: (bytes) => void process.stderr.write(bytes), signal });
	} catch (error) {
		say(error instanceof Error ? error.message : String(error));
		if (error instanceof EngineError && error.advice !== undefined) say(error.advice);
		return spec.tool === 'exec' ? execCodes.notRun : 1;
	}
};

// The engine's timers keep no process alive; the work here must.
setInterval(() => undefined, 60_000);
const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());
process.exit(await run(stop.signal));
