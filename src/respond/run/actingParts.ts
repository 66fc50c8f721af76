import type { ChildRuns } from './children.ts';
import type { HeldLease } from './lease.ts';
import type { RunPorts } from './ports.ts';
import type { Recorder } from './recorder.ts';
import type { Secrets } from './secrets.ts';
import type { RunView } from './view.ts';

/** What a console needs to carry a run out. */
export interface ActingParts {
	readonly ports: RunPorts;
	readonly recorder: Recorder;
	readonly secrets: Secrets;
	readonly lease: HeldLease | undefined;
	readonly children: ChildRuns;
	readonly view: () => RunView;
	readonly folder: (execution: string) => string;
	/** Called when what it waits for, or the run within it, has changed. */
	changed(): void;
	/** Called once the end of the run is written. */
	over(): void;
}
