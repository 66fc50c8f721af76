import { fields, number, text, time, type Fields } from '../../narrow.ts';
import { parseReference, shortImage } from '../reference.ts';
import { markOfTemplate, modeOf, type Mark, type SwarmService } from './service.ts';

/** One run of one replica. */
export interface SwarmTask {
	readonly id: string;
	readonly mark: Mark;
	/** Its replica number; a node's id in a service that runs once on each node. */
	readonly place: string;
	readonly desired: string;
	readonly state: string;
	/** Why it ended or does not start; the cluster's own words. */
	readonly error?: string;
	readonly containerId?: string;
	/** When its state changed last, epoch ms; 0 where that is not told. */
	readonly at: number;
}

export function readTask(reply: Fields): SwarmTask {
	const status = fields(reply['Status']);
	const [error, containerId] = [text(status['Err']), text(fields(status['ContainerStatus'])['ContainerID'])];
	return {
		id: text(reply['ID']) ?? '',
		mark: markOfTemplate(fields(reply['Spec'])),
		place: String(number(reply['Slot']) || text(reply['NodeID']) || ''),
		desired: text(reply['DesiredState']) ?? '',
		state: text(status['State']) ?? '',
		...(error === undefined ? {} : { error }),
		...(containerId === undefined ? {} : { containerId }),
		at: time(status['Timestamp']) ?? 0,
	};
}

/** It answers, and has not been told to end. */
export const serves = ({ desired, state }: SwarmTask): boolean => desired === 'running' && state === 'running';

export const hasFailed = ({ state }: SwarmTask): boolean => state === 'failed' || state === 'rejected' || state === 'orphaned';

/** It is meant to run and does not yet. */
const isComing = (task: SwarmTask): boolean => (task.desired === 'running' || task.desired === 'ready') && !serves(task) && !hasFailed(task) && task.state !== 'complete' && task.state !== 'shutdown';

/** How many tasks there should be. Of a service that runs once on each node: on as many as it was placed. */
export function wantedOf({ spec }: SwarmService, tasks: readonly SwarmTask[]): number {
	const mode = modeOf(spec);
	return mode.kind === 'replicated' ? mode.replicas : new Set(tasks.filter(({ desired }) => desired === 'running' || desired === 'ready').map(({ place }) => place)).size;
}

/** Places at which a version answers, and what else there is. */
export interface Tally {
	readonly wanted: number;
	readonly running: number;
	/** That answer, of other versions. */
	readonly others: number;
	readonly starting: number;
	/** Tasks of the version that failed, by id. */
	readonly failed: ReadonlySet<string>;
	/** Why one of them failed or does not start. */
	readonly error?: string;
}

/** @param isIt whether a task is of the version that is counted */
export function tally(tasks: readonly SwarmTask[], wanted: number, isIt: (mark: Mark) => boolean): Tally {
	const own = tasks.filter(({ mark }) => isIt(mark));
	const failed = own.filter(hasFailed);
	const error = [...own.filter(isComing), ...failed].find((task) => task.error !== undefined)?.error;
	return {
		wanted,
		running: new Set(own.filter(serves).map(({ place }) => place)).size,
		others: tasks.filter((task) => serves(task) && !isIt(task.mark)).length,
		starting: own.filter(isComing).length,
		failed: new Set(failed.map(({ id }) => id)),
		...(error === undefined ? {} : { error }),
	};
}

/** `2 of 3 tasks run 1.0.0, 1 starting` */
export function tallyWords({ wanted, running, others, starting, error }: Tally, image: string): string {
	const more = [...(starting === 0 ? [] : [`${starting} starting`]), ...(others === 0 ? [] : [`${others} still ${others === 1 ? 'runs' : 'run'} another`])];
	return [`${running} of ${wanted} ${wanted === 1 ? 'task runs' : 'tasks run'} ${versionWords(image)}`, ...more].join(', ') + (error === undefined || running >= wanted ? '' : ` (${error})`);
}

/** A tag as people say it, else the beginning of an id. */
export function versionWords(image: string): string {
	const reference = parseReference(image);
	return reference === undefined ? shortImage(image) : (reference.tag ?? (reference.digest === undefined ? image : shortImage(reference.digest)));
}
