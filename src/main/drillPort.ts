import type { GlobalOptions } from '../cli/globals.ts';
import type { DrillPort, DrillRequest } from '../cli/ports.ts';
import { EngineError } from '../domain/engine.ts';

/** The address of the engine these options lead to. @throws EngineError */
const hostOf = async (globals: GlobalOptions): Promise<string> => {
	const { findEngine } = await import('./openEngine.ts');
	const resolution = await findEngine(globals);
	if (resolution.kind === 'failed') throw new EngineError(resolution.error, resolution.message, { advice: resolution.advice });
	return resolution.target.address;
};

/** The range and its faults, loaded only when a drill command runs. */
export const drillPort = async (): Promise<DrillPort> => {
	const [{ drillBreak, drillDown, drillHeal, drillUp }, { faults }] = await Promise.all([import('../drill/command.ts'), import('../drill/faults.ts')]);
	const io = ({ print, say }: DrillRequest) => ({ out: print, say });
	return {
		faults: faults.map(({ name, title }) => ({ name, title })),
		up: async (request) => void (await drillUp(await hostOf(request.globals), io(request), request)),
		down: async (request) => void (await drillDown(await hostOf(request.globals), io(request), request)),
		break: async (request) => drillBreak(await hostOf(request.globals), io(request), request.fault, request),
		heal: async (request) => drillHeal(await hostOf(request.globals), io(request), request.fault, request),
	};
};
