import process from 'node:process';
import { exitCodes, signalCode } from '../cli/exitCodes.ts';
import type { GlobalOptions } from '../cli/globals.ts';
import type { Config } from '../config/schema.ts';
import { openConsole } from './openConsole.tsx';
import type { Setting } from './setting.ts';

/** Runs the console until it ends. @returns the exit code */
export const runConsole = async (globals: GlobalOptions, setting: Setting, config: Config | undefined): Promise<number> => {
	const end = await openConsole({
		setting,
		theme: !globals.color ? 'none' : globals.theme === 'auto' ? (config?.theme ?? 'auto') : globals.theme,
		ascii: globals.ascii,
		readOnly: globals.readOnly || config?.readOnly === true,
	});
	switch (end.kind) {
		case 'quit':
			return exitCodes.ok;
		case 'signal':
			return signalCode(end.signal);
		case 'hangup':
			return signalCode('SIGHUP');
		case 'crash':
			process.stderr.write(`sitrep: crashed: ${end.error instanceof Error ? (end.error.stack ?? end.error.message) : String(end.error)}\n  Please report this, with what you did before it.\n`);
			return exitCodes.failure;
	}
};
