import type { RolloutWay } from '../../../../domain/rollout.ts';
import { fields, isFields, number, text, type Fields } from '../../narrow.ts';
import { seconds } from '../proof.ts';

/** How the cluster carries out a change of a service: its `UpdateConfig` or `RollbackConfig`. */
export interface MoveSettings {
	readonly order: RolloutWay;
	/** Tasks at a time; 0 means all at once. */
	readonly parallelism: number;
	/** Between two batches, ms. */
	readonly delayMs: number;
	/** How long a new task is watched for an end, ms. */
	readonly monitorMs: number;
	readonly failureAction: 'pause' | 'continue' | 'rollback';
	/** Part of the tasks that may fail, 0 to 1. */
	readonly maxFailureRatio: number;
}

/** Of Swarm, where a service says nothing (swarmkit, api/defaults/service.go). */
const defaultMonitorMs = 5000;

export function readSettings(value: unknown): MoveSettings {
	const config = fields(value);
	const action = text(config['FailureAction']);
	return {
		order: config['Order'] === 'start-first' ? 'start-first' : 'stop-first',
		parallelism: isFields(value) ? (number(config['Parallelism']) ?? 0) : 1,
		delayMs: (number(config['Delay']) ?? 0) / 1e6,
		monitorMs: (number(config['Monitor']) || defaultMonitorMs * 1e6) / 1e6,
		failureAction: action === 'continue' || action === 'rollback' ? action : 'pause',
		maxFailureRatio: number(config['MaxFailureRatio']) ?? 0,
	};
}

export const updateSettings = (spec: Fields): MoveSettings => readSettings(spec['UpdateConfig']);
export const rollbackSettings = (spec: Fields): MoveSettings => readSettings(spec['RollbackConfig']);

/** `1 at a time, each watched for 5 s; where a task fails Swarm pauses` */
export function settingsWords({ parallelism, delayMs, monitorMs, failureAction, maxFailureRatio }: MoveSettings): string {
	const failed = maxFailureRatio > 0 ? `where more than ${Math.round(maxFailureRatio * 100)} % of the tasks fail` : 'where a task fails';
	const then = { pause: 'pauses, and it is taken back from here', continue: 'goes on all the same', rollback: 'rolls back by itself' }[failureAction];
	return `${parallelism === 0 ? 'all at once' : `${parallelism} at a time`}${delayMs > 0 ? `, ${seconds(delayMs)} apart` : ''}, each watched for ${seconds(monitorMs)}; ${failed} Swarm ${then}`;
}

/** Whether all tasks may be down at the same time. */
export const allAtOnce = ({ parallelism }: MoveSettings, tasks: number): boolean => parallelism === 0 || parallelism >= tasks;
