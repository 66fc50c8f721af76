import type { Clock } from '../../domain/clock.ts';
import type { Actor, Journal } from '../../domain/journal.ts';
import type { ParamValue } from '../../domain/playbook/param.ts';
import type { LoadedPlaybook } from '../../domain/playbook/playbook.ts';
import type { ActionRunner } from '../../domain/run/action.ts';
import type { StepOutput } from '../../domain/run/control.ts';
import type { Facts } from '../action/scope.ts';
import type { ParsePlaybook } from './fold.ts';

/** The engine that a run acts on, as its record names it. */
interface RunEngine {
	readonly name: string;
	readonly address: string;
	readonly hostName: string;
}

/** All that runs need from outside. */
export interface RunPorts {
	readonly journal: Journal;
	readonly actions: ActionRunner;
	/** What is known of a service at this moment, for `signal()` and `probe()`. */
	readonly facts: (service: string | undefined) => Facts;
	readonly clock: Clock;
	/** 0 to 1. */
	readonly random: () => number;
	/** A new id of a run. */
	readonly newId: () => string;
	readonly findPlaybook: (id: string) => LoadedPlaybook | undefined;
	readonly parse: ParsePlaybook;
	/** Values that a service gives to parameters of a playbook, by name. */
	readonly prefill?: (playbook: LoadedPlaybook, service: string | undefined) => Readonly<Record<string, ParamValue>>;
	/** Where executions keep their files: `<stateFolder>/runs/<runId>/<execution>/`. */
	readonly stateFolder: string;
	/** Where they keep them while the state folder takes nothing: reading steps run without a record. Absolute. */
	readonly spareFolder?: () => string;
	/** Reads the output in the folder of an execution; absent where it has none. */
	readonly openOutput: (folder: string) => StepOutput | undefined;
	/** Removes the folder of a look that is not needed any more. */
	readonly removeFolder?: (folder: string) => void;
	readonly engine: RunEngine;
	readonly actor: Actor;
}
