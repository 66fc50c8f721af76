import { homedir } from 'node:os';
import process from 'node:process';
import type { Engine } from '../domain/engine.ts';
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

/** No engine could be chosen; `tried` says what was looked at. */
export class NoEngine extends Error {
	override readonly name = 'NoEngine';
	readonly resolution: Extract<Resolution, { kind: 'failed' }>;
	constructor(resolution: Extract<Resolution, { kind: 'failed' }>) {
		super(resolution.message);
		this.resolution = resolution;
	}
}

/** The engine the person means. @throws NoEngine */
export const openEngine = async (choice: EngineChoice): Promise<Engine> => {
	const resolution = await findEngine(choice);
	if (resolution.kind === 'failed') throw new NoEngine(resolution);
	return openDocker(resolution.target, { clock: systemClock });
};

/** What to tell a person without an engine: what failed, what was tried, what to do. */
export const noEngineWords = ({ resolution }: NoEngine): string => {
	const tried = resolution.tried.map((each) => `  ${each.address === '' ? each.origin : each.address} (${each.origin}): ${each.outcome}`);
	return [
		`sitrep: ${resolution.message}`,
		...(tried.length === 0 ? [] : ['Tried:', ...tried]),
		resolution.advice,
		'To try sitrep without an engine of your own: npm run demo',
	].join('\n');
};
