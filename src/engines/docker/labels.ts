import type { ContainerSummary } from '../../domain/container.ts';

type Ownership = Pick<ContainerSummary, 'group' | 'service' | 'replica' | 'manager'>;

/** Who owns a container, by the labels compose and Swarm put on it. */
export function ownership(labels: Readonly<Record<string, string>>): Ownership {
	const swarmService = labels['com.docker.swarm.service.name'];
	if (swarmService !== undefined) {
		return swarmOwnership(swarmService, labels);
	}
	const project = labels['com.docker.compose.project'] ?? labels['io.podman.compose.project'];
	const service = labels['com.docker.compose.service'];
	if (project === undefined || service === undefined) {
		return { manager: 'none' };
	}
	const number = Number(labels['com.docker.compose.container-number']);
	return { manager: 'compose', group: project, service, ...(Number.isInteger(number) && number > 0 ? { replica: number } : {}) };
}

function swarmOwnership(fullName: string, labels: Readonly<Record<string, string>>): Ownership {
	const stack = labels['com.docker.stack.namespace'];
	// A stack's services carry its name in front, which the group already says.
	const service = stack !== undefined && fullName.startsWith(`${stack}_`) ? fullName.slice(stack.length + 1) : fullName;
	// A task is named `service.slot.id`; a global service has a node's id for a slot.
	const slot = Number(labels['com.docker.swarm.task.name']?.slice(fullName.length + 1).split('.')[0]);
	return {
		manager: 'swarm',
		...(stack === undefined ? {} : { group: stack }),
		service,
		...(Number.isInteger(slot) && slot > 0 ? { replica: slot } : {}),
	};
}
