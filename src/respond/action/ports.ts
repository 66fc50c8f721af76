import type { Clock } from '../../domain/clock.ts';
import type { Engine } from '../../domain/engine.ts';
import type { Actor, RolloutRecord } from '../../domain/journal.ts';
import type { RolloutEngine } from '../../domain/rollout.ts';
import type { OutputSummary } from '../../domain/run/event.ts';
import type { CommandSupervisor } from '../../domain/run/execution.ts';
import type { OutputText } from '../process/readOutput.ts';
import type { Shell } from './shell.ts';

/** Files in the folder of an execution. */
export interface ExecutionFiles {
	/** The ends of what an execution wrote, redacted. @param maxBytes of each stream */
	tails(folder: string, maxBytes: number): Promise<OutputText>;
	/** The value a tool left for later expressions; `undefined` where it left none. With `forget` its file goes. */
	value(folder: string, forget: boolean): Promise<unknown>;
	/** Keeps an output that no supervisor writes: an answer, the lines of a log. Makes the folder. */
	keep(
		folder: string,
		output: Iterable<{ readonly stream: 'stdout' | 'stderr'; readonly bytes: Uint8Array }>,
		options: { readonly secrets: readonly string[]; readonly hide: boolean },
	): Promise<OutputSummary>;
}

/** What moves between versions need beside the engine. */
export interface RolloutPorts {
	/** File of the journal: the program that moves a service writes each act there itself. */
	readonly journal: string;
	readonly actor: Actor;
	/** What is moved by this name: the id of its service, and that service's probes as they stand in sitrep.yaml. `undefined` where no service goes by it now. */
	readonly find: (name: string) => { readonly service: string; readonly probes: readonly Readonly<Record<string, unknown>>[] } | undefined;
	/** Moves of a service that the journal knows, newest first. @throws JournalError */
	readonly moves: (service: string) => Promise<readonly RolloutRecord[]>;
	/** Tells how a move stands; absent where the engine moves nothing. */
	readonly engine?: Pick<RolloutEngine, 'examine'>;
}

/** What carrying out actions needs of the world. */
export interface ActionPorts {
	readonly supervisor: CommandSupervisor;
	readonly engine: Engine;
	/** Name of the context the engine's address came from, where it came from one. */
	readonly engineContext?: string;
	/** Argument vector of sitrep's own tool program: see `ToolSpec`. */
	readonly tool: readonly [string, ...string[]];
	/** What that program gets beside the environment of commands. */
	readonly toolEnvironment?: Readonly<Record<string, string>>;
	/** Environment of every command on this machine. It has to name the engine the console is connected to, for commands that talk to one themselves. */
	readonly environment: Readonly<Record<string, string>>;
	/** Where commands run that name no folder. */
	readonly workingDir: string;
	readonly shell: Shell;
	readonly files: ExecutionFiles;
	readonly clock: Clock;
	readonly fetch: typeof fetch;
	/** Absent where nothing is moved between versions. */
	readonly rollout?: RolloutPorts;
}
