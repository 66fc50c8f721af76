import { isAbsolute } from 'node:path';
import type { CommandSpec } from '../../domain/run/execution.ts';

/** A command that was not started, and of which nothing was written. */
export class CommandRefused extends Error {
	override readonly name = 'CommandRefused';
}

/** A NUL ends an argument for the system: what follows it would be lost without a word. */
const hasNul = (text: string): boolean => text.includes('\0');

/** Why a command must not be started, or `undefined`. */
export const refusalOf = (spec: CommandSpec): string | undefined => {
	const [program] = spec.argv;
	if (program === '') return 'the command has no program';
	const argument = spec.argv.findIndex(hasNul);
	if (argument !== -1) return `argument ${argument} of ${argument === 0 ? 'the command' : program} holds a NUL character, which no program can be given`;
	for (const [name, value] of Object.entries(spec.env)) {
		if (name === '' || name.includes('=') || hasNul(name)) return `${JSON.stringify(name)} is no name for an environment variable`;
		if (hasNul(value)) return `the environment variable ${name} holds a NUL character, which no program can be given`;
	}
	if (hasNul(spec.folder) || hasNul(spec.workingDir)) return `a folder of the command holds a NUL character: ${JSON.stringify(hasNul(spec.folder) ? spec.folder : spec.workingDir)}`;
	if (!isAbsolute(spec.folder)) return `the folder of the execution must be an absolute path: ${JSON.stringify(spec.folder)}`;
	if (!isAbsolute(spec.workingDir)) return `the working folder must be an absolute path: ${JSON.stringify(spec.workingDir)}`;
	return undefined;
};
