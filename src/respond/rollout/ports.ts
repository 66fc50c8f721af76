import type { Clock } from '../../domain/clock.ts';
import type { Engine, ExecRequest, ExecResult } from '../../domain/engine.ts';
import type { Actor, Journal } from '../../domain/journal.ts';
import type { Probe } from '../../domain/probe.ts';
import type { RolloutEngine } from '../../domain/rollout.ts';
import type { ToolSpec } from '../../domain/run/tool.ts';

/** What the program behind a rollout step is asked to do. */
export type RolloutSpec = Extract<ToolSpec, { tool: 'rollout' }>;

/** The part of the journal that moves are recorded in. */
export type MoveJournal = Pick<Journal, 'append' | 'readRun' | 'versions' | 'rollouts' | 'claim' | 'heartbeat' | 'release'>;

/** What came of one request: `failed` is no connection, no answer in time, or a 5xx. */
export type RequestEnd = 'answered' | 'failed';

/** What carrying out rollout steps needs of the world. */
export interface RolloutToolPorts {
	readonly rollout: RolloutEngine;
	readonly engine: Pick<Engine, 'inspect' | 'exec'>;
	readonly journal: MoveJournal;
	readonly clock: Clock;
	/** One line for the person. */
	readonly print: (line: string) => void;
	/** Aborts where the step is called off: a swap is then taken back. */
	readonly signal: AbortSignal;
	/** Makes probes out of the settings of sitrep.yaml. Called only when they are needed. @throws Error where a setting is none */
	readonly makeProbes: (service: string, settings: RolloutSpec['probes'], exec: (request: ExecRequest) => Promise<ExecResult>) => Promise<readonly Probe[]>;
	/** One GET on a connection of its own. Never rejects. */
	readonly request: (url: string, timeoutMs: number) => Promise<RequestEnd>;
	/** This process, which holds the service while it moves it. */
	readonly self: Actor;
}

/** What a rollout step came to. */
export interface RolloutResult {
	/** Whether it did what it should. */
	readonly ok: boolean;
	/** For later expressions: JSON, at most 64 KiB. `words` is what the step's row shows. */
	readonly value: Readonly<Record<string, unknown>>;
}
