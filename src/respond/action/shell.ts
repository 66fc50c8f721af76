import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The shell that runs scripts. */
export interface Shell {
	readonly program: string;
	readonly kind: 'bash' | 'sh';
}

/** Where a script's own `$0` would stand: what error messages of the shell begin with. */
const scriptTitle = 'step';

/** On one line with the script's first, so that line numbers in messages stay right. Shells without the option go on without it. */
const pipefailWhereKnown = 'if (set -o pipefail) 2>/dev/null; then set -o pipefail; fi; ';

/**
 * Argument vector that runs a script: it ends at the first failure, at an unset variable, and with a failed part of a pipeline.
 * `--norc`: bash reads a person's settings even for a script where its standard input is a socket.
 */
export const scriptArgv = (shell: Shell, script: string): readonly [string, ...string[]] =>
	shell.kind === 'bash' ? [shell.program, '--norc', '-euo', 'pipefail', '-c', script, scriptTitle] : [shell.program, '-eu', '-c', pipefailWhereKnown + script, scriptTitle];

/** Inside a container nobody knows which shells there are: `sh` is the one to be expected. */
export const containerShell: Shell = { program: 'sh', kind: 'sh' };

/** bash where the path has one, else `/bin/sh`. */
export const findShell = (path: string | undefined): Shell => {
	for (const folder of (path ?? '').split(delimiter)) {
		if (!folder.startsWith('/')) continue;
		const program = join(folder, 'bash');
		try {
			accessSync(program, constants.X_OK);
			return { program, kind: 'bash' };
		} catch {
			// Not in this folder.
		}
	}
	return { program: '/bin/sh', kind: 'sh' };
};
