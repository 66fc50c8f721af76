/**
 * What an exit code means beyond its number, where that is known. Codes of 128 + n are deaths by signal n
 * (POSIX shells, and what engines report); 125 to 127 are the engine's own (docker run reference, exit status).
 */
const meanings: Readonly<Record<number, string>> = {
	125: 'the engine could not run it',
	126: 'command not executable',
	127: 'command not found',
	129: 'hangup',
	130: 'interrupted',
	132: 'illegal instruction',
	134: 'aborted',
	135: 'bus error',
	136: 'arithmetic error',
	137: 'killed',
	139: 'segmentation fault',
	143: 'terminated',
};

/** `exited 137, killed for memory`, `exited 139, segmentation fault`, `exited 1`. */
export const exitWords = (exitCode: number | undefined, oomKilled: boolean): string => {
	const meaning = oomKilled ? 'killed for memory' : exitCode === undefined ? undefined : meanings[exitCode];
	const exit = exitCode === undefined || exitCode < 0 ? 'exited' : `exited ${exitCode}`;
	return meaning === undefined ? exit : `${exit}, ${meaning}`;
};
