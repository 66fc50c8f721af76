import { homedir } from 'node:os';
import { resolveTarget, systemProbes, type Tried } from '../engines/docker/index.ts';
import { answers, isLocal, type EngineHost } from './engineClient.ts';
import { engineReadiness, installEngine, type Installed } from './engineInstall.ts';
import { startPrivateEngine, type PrivateEngine } from './privateEngine.ts';

/** What came of looking for an engine. */
export type FoundEngine =
	| { readonly kind: 'found'; readonly host: EngineHost; readonly origin: string }
	| { readonly kind: 'none'; readonly why: string; readonly tried: readonly Tried[] };

/** The engine that sitrep itself would take, where it is on this machine and answers. */
export async function findEngine(env: Readonly<Record<string, string | undefined>>): Promise<FoundEngine> {
	const resolution = await resolveTarget({ env, homeDir: homedir(), uid: process.getuid?.() ?? -1, ...systemProbes });
	if (resolution.kind === 'failed') {
		return { kind: 'none', why: resolution.message, tried: resolution.tried };
	}
	const { address, origin } = resolution.target;
	if (!isLocal(address)) {
		return { kind: 'none', why: `${address} (${origin}) is not on this machine`, tried: resolution.tried };
	}
	if (await answers(address, 5000)) {
		return { kind: 'found', host: address, origin };
	}
	return { kind: 'none', why: `${address} (${origin}) does not answer`, tried: resolution.tried };
}

/** An engine to work on: one that was there, or our own. */
export type Ensured =
	| { readonly kind: 'found'; readonly host: EngineHost; readonly origin: string; readonly installed: Installed }
	| { readonly kind: 'private'; readonly host: EngineHost; readonly engine: PrivateEngine; readonly installed: Installed };

/** There is no engine and none can be started; `advice` says what a person can do. */
export class NoEngineError extends Error {
	override readonly name = 'NoEngineError';
	readonly advice: string;
	constructor(message: string, advice: string) {
		super(message);
		this.advice = advice;
	}
}

/**
 * Finds an engine, or starts one of our own in `dir`, with Debian's packages installed where they are missing.
 * @param say one line at a time about what is done
 * @throws NoEngineError where neither is possible
 */
export async function ensureEngine(
	env: Readonly<Record<string, string | undefined>>,
	dir: string,
	say: (line: string) => void,
	signal?: AbortSignal,
): Promise<Ensured> {
	const first = await findEngine(env);
	if (first.kind === 'found') {
		return { ...first, installed: { packages: [] } };
	}
	const readiness = await engineReadiness();
	if (readiness.kind === 'impossible') {
		throw new NoEngineError(`no container engine answers (${first.why}), and ${readiness.why}`, readiness.advice);
	}
	say(`no container engine answers: ${first.why}`);
	let installed: Installed = { packages: [] };
	if (readiness.kind === 'installable') {
		installed = await installEngine(say);
		// Where a service manager runs, the package has started the machine's own engine by now.
		const second = await findEngine(env);
		if (second.kind === 'found') {
			return { ...second, installed };
		}
	}
	say(`starting a private engine in ${dir}`);
	const engine = await startPrivateEngine({ dir, ...(signal === undefined ? {} : { signal }) });
	return { kind: 'private', host: engine.host, engine, installed };
}
