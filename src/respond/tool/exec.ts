import { type Engine, EngineError } from '../../domain/engine.ts';
import type { ToolSpec } from '../../domain/run/tool.ts';

/** What the tool says, and how it is told to stop. */
export interface ToolIo {
	readonly stdout: (bytes: Uint8Array) => void;
	readonly stderr: (bytes: Uint8Array) => void;
	/** Aborts at SIGTERM: the command is then ended inside the container. */
	readonly signal: AbortSignal;
}

/** Exit codes beside those of the command itself, as `docker run` and `timeout` use them. 143 is 128 and SIGTERM. */
export const execCodes = { timedOut: 124, notRun: 125, cancelled: 143 } as const;

/**
 * Runs a command inside a container, its output passed on as it comes, and ends it there when asked to or when its time is up.
 * @returns the command's exit code, or one of `execCodes`
 */
export const runExecTool = async (spec: Extract<ToolSpec, { tool: 'exec' }>, engine: Engine, io: ToolIo): Promise<number> => {
	const say = (words: string): void => io.stderr(Buffer.from(`sitrep: ${words}\n`));
	try {
		const result = await engine.exec(spec.container, {
			argv: spec.argv,
			env: spec.env,
			...(spec.workingDir === undefined ? {} : { workingDir: spec.workingDir }),
			timeoutMs: spec.timeoutMs,
			signal: io.signal,
			// It is passed on, and need not be kept here.
			maxOutputBytes: 0,
			onOutput: (stream, bytes) => io[stream](bytes),
		});
		if (result.note !== undefined) say(result.note);
		if (result.survivors.length > 0) say(`still running inside ${spec.container}, by their numbers there: ${result.survivors.join(', ')}`);
		if (result.timedOut) {
			say(`timed out after ${spec.timeoutMs / 1000} s`);
			return execCodes.timedOut;
		}
		if (result.cancelled) return execCodes.cancelled;
		if (result.lost || result.exitCode === undefined) {
			say(`the engine went away before it could say how ${spec.argv[0] ?? 'the command'} ended inside ${spec.container}: look whether it still runs`);
			return execCodes.notRun;
		}
		return result.exitCode;
	} catch (error) {
		if (!(error instanceof EngineError)) throw error;
		say(error.message);
		if (error.advice !== undefined) say(error.advice);
		return execCodes.notRun;
	}
};
