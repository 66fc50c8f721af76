import type { Exercise } from '../exercise.ts';
import { quiet, withCpu, withMemory, withRoom } from './standings.ts';
import { mendSetting, values } from './work.ts';

/** Faults, each with the playbook that needs to know nothing of the service. */
export const genericExercises: readonly Exercise[] = [
	{ id: 'generic-crashed', title: 'crashed', playbook: 'generic-crashed', trouble: (ground) => ground.break('crash'), values },
	{ id: 'generic-unhealthy', title: 'health check fails', playbook: 'generic-unhealthy', trouble: (ground) => ground.break('health-failing'), values },
	{ id: 'generic-paused', title: 'paused', playbook: 'generic-paused', trouble: (ground) => ground.break('paused'), values },
	{
		id: 'generic-restart-loop',
		title: 'restart loop',
		playbook: 'generic-restart-loop',
		trouble: (ground) => ground.break('restart-loop'),
		values,
		byHand: { 'Mend what it asks for': mendSetting },
	},
	{ id: 'generic-out-of-memory', title: 'killed for memory', playbook: 'generic-out-of-memory', trouble: (ground) => ground.break('out-of-memory'), standing: withMemory, values },
	{ id: 'generic-high-cpu', title: 'processor used up', playbook: 'generic-high-cpu', trouble: (ground) => ground.break('cpu-burn'), standing: withCpu, values },
	{ id: 'generic-error-burst', title: 'errors fill the log', playbook: 'generic-error-burst', trouble: (ground) => ground.break('log-errors'), standing: quiet, values },
	{ id: 'generic-disk-full', title: 'disk full', playbook: 'generic-disk-full', trouble: (ground) => ground.break('disk-full'), standing: withRoom, values },
	{ id: 'generic-unreachable-port', title: 'port taken', playbook: 'generic-unreachable-port', trouble: (ground) => ground.break('port-taken'), values },
];
