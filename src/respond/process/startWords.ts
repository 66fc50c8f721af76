import { accessSync, constants, statSync } from 'node:fs';

const isFolder = (path: string): boolean => {
	try {
		return statSync(path).isDirectory();
	} catch {
		return false;
	}
};

const canEnter = (path: string): boolean => {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
};

/** Why a program could not be started, in words. The system's own error blames the program also where the folder is missing. */
export const startWords = (error: unknown, program: string, workingDir: string, path: string | undefined): string => {
	const code = error instanceof Error && 'code' in error ? error.code : undefined;
	if (!isFolder(workingDir)) return `the working folder ${workingDir} does not exist`;
	if (!canEnter(workingDir)) return `the working folder ${workingDir} may not be entered`;
	if (code === 'ENOENT') {
		return program.includes('/') ? `there is no program ${program}, or the interpreter it names is missing` : `there is no program ${program} in PATH (${path ?? 'not set'})`;
	}
	if (code === 'EACCES') return `${program} may not be run: it is not executable, or lies where you have no access`;
	if (code === 'E2BIG') return `the arguments and the environment of ${program} are longer than the system allows`;
	if (code === 'ENOEXEC') return `${program} is no program of this system: a script needs a first line that begins with #!`;
	if (code === 'EAGAIN') return `the system refuses another process (${program}): its limit of processes is reached`;
	return `${program}: ${error instanceof Error ? error.message : String(error)}`;
};
