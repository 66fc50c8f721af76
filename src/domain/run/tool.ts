import type { Actor } from '../journal.ts';
import type { DatabaseAction, RolloutAction } from '../playbook/step.ts';

/**
 * Work that needs more than a command of the host, done by a program of sitrep's own so that it survives the console:
 * the supervisor starts `node <tool>` like any other command. The spec, secrets included, is in its environment
 * variable `SITREP_TOOL_SPEC` as JSON, never in its arguments. What it has to say goes to stdout and stderr as text for people;
 * the value for later expressions goes to the file `value.json` in the folder of the execution (`SITREP_TOOL_FOLDER`), written
 * to the side and renamed. On SIGTERM it ends what it started, inside a container too, and exits with 143.
 */
export type ToolSpec =
	/** Runs a command inside a container; exits with its code. 125: it could not be run; 124: timed out. */
	| {
			readonly tool: 'exec';
			readonly engineAddress: string;
			/** Name of the docker context the address came from, where TLS files come from there. */
			readonly engineContext?: string;
			readonly container: string;
			readonly argv: readonly string[];
			readonly env: Readonly<Record<string, string>>;
			readonly workingDir?: string;
			readonly timeoutMs: number;
	  }
	/** A database step; exits with 0 where it did what it should, 1 where not. */
	/**
	 * A step of a move between versions. It records each act in the journal itself, so that it survives the console; exits with 0 where it
	 * did what it should, 1 where not.
	 */
	| {
			readonly tool: 'rollout';
			readonly action: RolloutAction;
			readonly engineAddress: string;
			readonly engineContext?: string;
			readonly timeoutMs: number;
			/** File of the journal. */
			readonly journal: string;
			readonly actor: Actor;
			readonly runId: string;
			readonly step: string;
			readonly execution: string;
			/** Id of the service, as versions are recorded under it. */
			readonly service: string;
			/** The service's own probes, as they stand in sitrep.yaml: they prove the new version where it has no health check. */
			readonly probes: readonly Readonly<Record<string, unknown>>[];
	  }
	| { readonly tool: 'database'; readonly action: DatabaseAction; readonly password?: string; readonly engineAddress: string; readonly engineContext?: string; readonly timeoutMs: number };

/** Environment variables between supervisor and tool. */
export const toolVariables = { spec: 'SITREP_TOOL_SPEC', folder: 'SITREP_TOOL_FOLDER' } as const;
