import { formatDuration } from '../../domain/duration.ts';
import type { ContainerAction } from '../../domain/playbook/step.ts';
import type { ActionTrace } from '../../domain/run/action.ts';
import { engineWords, findContainer, onlyLooks, stateWords } from './containerWork.ts';
import type { ActionPorts } from './ports.ts';

/** Time of one look at the engine, ms. */
const lookTimeoutMs = 5000;

const relativeTo = (startedAt: number | undefined, at: number): string => {
	if (startedAt === undefined) return '';
	return at >= startedAt ? `: ${formatDuration(at - startedAt)} after the step began` : ': before the step began';
};

/** What the engine says now of a container that somebody was acting on: evidence, never a verdict. */
export const traceContainer = async (action: ContainerAction, startedAt: number | undefined, ports: ActionPorts): Promise<ActionTrace> => {
	const read = onlyLooks(action) ? { repeatable: true } : {};
	try {
		const options = { timeoutMs: lookTimeoutMs };
		const { id, name } = await findContainer(ports.engine, action.name, options);
		const found = await ports.engine.inspect(id, options);
		if (found === undefined) return { kind: 'unknown', evidence: [`${name} is gone`], ...read };
		const now = ports.clock.now();
		const evidence = [`${name} is ${stateWords(found)}`];
		const { startedAt: up, finishedAt: down } = found;
		if (up !== undefined && up > 0) evidence.push(`started ${formatDuration(now - up)} ago${relativeTo(startedAt, up)}`);
		if (found.state !== 'running' && down !== undefined && down > 0) evidence.push(`ended ${formatDuration(now - down)} ago${relativeTo(startedAt, down)}`);
		return { kind: 'unknown', evidence, ...read };
	} catch (error) {
		return { kind: 'unknown', evidence: [`the engine says nothing of ${action.name}: ${engineWords(error)}`], ...read };
	}
};
