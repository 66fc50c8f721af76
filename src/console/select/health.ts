import type { ContainerSummary } from '../../domain/container.ts';
import { sanitiseText } from '../../domain/sanitise.ts';
import type { ServiceStatus } from '../../domain/situation.ts';
import type { HealthView } from '../view.ts';

/** The window in which restarts are counted, minutes. */
export const restartWindowMinutes = 10;

/** The replica worth looking at: one that is down or unhealthy before one that runs well. */
export const worstContainer = (containers: readonly ContainerSummary[]): ContainerSummary | undefined => {
	const rank = (container: ContainerSummary): number =>
		container.state !== 'running' ? 0 : container.health === 'unhealthy' ? 1 : container.health === 'starting' ? 2 : 3;
	let worst: ContainerSummary | undefined;
	for (const container of containers) {
		if (worst === undefined || rank(container) < rank(worst)) worst = container;
	}
	return worst;
};

/** The probe's own words come from inside the container: they are made harmless here. */
const harmless = (container: ContainerSummary): ContainerSummary => {
	const { detail } = container;
	const clean = { ...container, name: sanitiseText(container.name), image: sanitiseText(container.image) };
	if (detail === undefined) return clean;
	return {
		...clean,
		detail: {
			...detail,
			...(detail.error === undefined ? {} : { error: sanitiseText(detail.error) }),
			command: detail.command.map(sanitiseText),
			healthLog: detail.healthLog.map((result) => ({
				...result,
				output: result.output.split('\n').map(sanitiseText).join('\n'),
			})),
		},
	};
};

/** Everything the health pane shows of one service. */
export const healthView = (status: ServiceStatus | undefined, scroll: number): HealthView => {
	const base = { scroll, restarts: { count: status?.restarts ?? 0, windowMinutes: restartWindowMinutes } };
	if (status === undefined) {
		return {
			...base,
			alerts: [],
			inconclusive: [],
			probes: [],
			replicas: [],
			words: { kind: 'empty', text: 'no service selected' },
		};
	}
	const container = worstContainer(status.service.containers);
	return {
		...base,
		...(container === undefined ? {} : { container: harmless(container) }),
		alerts: status.alerts,
		inconclusive: status.inconclusive,
		probes: status.probes.map((result) => ({
			name: result.probe,
			ok: result.ok,
			words: sanitiseText(result.words),
			at: result.at,
		})),
		replicas: status.service.containers.filter((each) => each !== container),
		...(container === undefined
			? { words: { kind: 'empty' as const, text: 'no container: it stands in sitrep.yaml, and the engine has none of that name' } }
			: {}),
	};
};
