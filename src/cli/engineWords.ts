import type { EngineInfo } from '../domain/engine.ts';
import { sanitiseText } from '../domain/sanitise.ts';

/** `prod-1  docker 28.2.1  ssh://ops@prod-1 (DOCKER_HOST)`: which engine it is and why. */
export const engineWords = (engine: EngineInfo): string => {
	const { target } = engine;
	return sanitiseText(`${target.name}  ${target.kind} ${engine.version}  ${target.address} (${target.origin})`);
};
