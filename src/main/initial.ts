import type { InitialConfig } from '../cli/ports.ts';
import { candidatesFor, type Finding, initConfig } from '../config/init.ts';
import type { Engine } from '../domain/engine.ts';
import { groupServices } from '../observe/services.ts';

/** A service that is worth a probe answers within this, ms. */
const quickMs = 1500;
/** Bodies are read to this length, characters: a metrics page tells what it is in its first lines. */
const longestBody = 64_000;

const bodyOf = (text: string): { readonly json?: unknown; readonly body: string } => {
	const body = text.slice(0, longestBody);
	try {
		const json: unknown = JSON.parse(body);
		return { json, body };
	} catch {
		return { body };
	}
};

/** Asks what runs on the published ports, and writes a commented configuration from what answers. */
export const findInitial = async (engine: Engine): Promise<InitialConfig> => {
	const services = groupServices(await engine.list());
	const candidates = candidatesFor(services);
	const answers = await Promise.all(
		candidates.map(async (candidate): Promise<Finding | undefined> => {
			try {
				const response = await fetch(candidate.url, { signal: AbortSignal.timeout(quickMs), redirect: 'manual' });
				return { ...candidate, status: response.status, ...bodyOf(await response.text()) };
			} catch {
				// Nothing speaks HTTP there: no probe is guessed.
				return undefined;
			}
		}),
	);
	const findings = answers.filter((finding) => finding !== undefined);
	return {
		text: initConfig(services, findings),
		notes: [`${services.length} services, ${findings.length} of ${candidates.length} addresses answered`],
	};
};
