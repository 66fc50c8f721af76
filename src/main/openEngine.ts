import { homedir } from 'node:os';
import process from 'node:process';
import { type Engine, EngineError } from '../domain/engine.ts';
import { systemClock } from '../domain/systemClock.ts';
import { openDocker, type Resolution, resolveTarget, systemProbes } from '../engines/docker/index.ts';

/** Which engine the person named, if any. */
export interface EngineChoice {
	readonly host?: string | undefined;
	readonly context?: string | undefined;
}

/** Finds the engine as the docker command line does. Nothing is opened yet. */
export const findEngine = (choice: EngineChoice): Promise<Resolution> =>
	resolveTarget({
		host: choice.host,
		context: choice.context,
		env: process.env,
		homeDir: homedir(),
		uid: process.getuid?.() ?? 0,
		...systemProbes,
	});

/** What to tell a person without an engine: what to do, what was tried, and how to see sitrep all the same. */
const advice = (resolution: Extract<Resolution, { kind: 'failed' }>): string =>
	[
		resolution.advice,
		...(resolution.tried.length > 1 ? ['Tried:', ...resolution.tried.map((each) => `  ${each.address === '' ? each.origin : each.address}: ${each.outcome}`)] : []),
		'To see sitrep on containers made to be broken: npm run demo',
	].join('\n  ');

/** The engine the person means. @throws EngineError that says what was tried */
export const openEngine = async (choice: EngineChoice): Promise<Engine> => {
	const resolution = await findEngine(choice);
	if (resolution.kind === 'failed') throw new EngineError(resolution.error, resolution.message, { advice: advice(resolution) });
	return openDocker(resolution.target, { clock: systemClock });
};
