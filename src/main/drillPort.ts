import type { GlobalOptions } from '../cli/globals.ts';
import type { DrillPort } from '../cli/ports.ts';
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
	const io = (print: (line: string) => void) => ({ out: print, say: print });
	return {
		faults: faults.map(({ name, title }) => ({ name, title })),
		up: async ({ globals, print }) => void (await drillUp(await hostOf(globals), io(print))),
		down: async ({ globals, print }) => void (await drillDown(await hostOf(globals), io(print))),
		break: async ({ globals, fault, print }) => drillBreak(await hostOf(globals), io(print), fault),
		heal: async ({ globals, print }) => drillHeal(await hostOf(globals), io(print)),
	};
};
