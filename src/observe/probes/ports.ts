import type { Clock } from '../../domain/clock.ts';
import type { ExecRequest, ExecResult } from '../../domain/engine.ts';

/** What probes need from the world. */
export interface ProbePorts {
	readonly clock: Clock;
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** Runs a command inside a running container of the service. @throws EngineError, or Error where none runs */
	readonly exec?: (serviceId: string, request: ExecRequest) => Promise<ExecResult>;
}

/** What every kind of probe is made from. */
export interface ProbeIdentity {
	readonly serviceId: string;
	readonly intervalMs: number;
	readonly timeoutMs: number;
}
