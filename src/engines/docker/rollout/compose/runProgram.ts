import type { RunProgram } from './ports.ts';

/** Of each stream; the files of a project, written out, are seldom more than 100 kB. */
const maxOutputBytes = 16 * 1024 * 1024;

/** In a process group of its own, all of which is killed: `docker compose` is two programs. */
export const runProgram: RunProgram = async ([program = '', ...args], { env, timeoutMs, signal }) => {
	// Loaded where there is a project to move: most moves are of a single container.
	const { execa } = await import('execa');
	const limit = AbortSignal.timeout(timeoutMs);
	const either = signal === undefined ? limit : AbortSignal.any([limit, signal]);
	const child = execa(program, args, { detached: true, reject: false, stdin: 'ignore', extendEnv: false, env, maxBuffer: maxOutputBytes });
	const kill = () => {
		if (child.pid !== undefined) {
			killGroup(child.pid);
		}
	};
	either.addEventListener('abort', kill, { once: true });
	if (either.aborted) {
		kill();
	}
	const end = await child;
	either.removeEventListener('abort', kill);
	return { exitCode: end.exitCode, missing: end.code === 'ENOENT', timedOut: limit.aborted && end.exitCode === undefined, stdout: end.stdout, stderr: end.stderr };
};

function killGroup(pid: number): void {
	try {
		process.kill(-pid, 'SIGKILL');
	} catch {
		// It has ended.
	}
}
