import type { ContainerSummary } from '../../domain/container.ts';
import type { ContainerEnd, ContainerHistory } from '../../domain/service.ts';
import type { ServiceStatus } from '../../domain/situation.ts';

/** How one version of a service stands at one look. */
export type VersionStanding =
	| { readonly kind: 'healthy' }
	/** It runs, and nothing can be said of it now. */
	| { readonly kind: 'unsure' }
	| { readonly kind: 'failing'; readonly words: string }
	/** `asked`: somebody stopped it, or it ended well. */
	| { readonly kind: 'stopped'; readonly words: string; readonly asked: boolean };

/** A container that has begun to run and has not ended. */
export const isActive = ({ state }: ContainerSummary): boolean => state === 'running' || state === 'paused' || state === 'restarting';

export const endWords = ({ exitCode, oom }: Pick<ContainerEnd, 'exitCode' | 'oom'>): string => (oom ? `killed for memory, exited ${exitCode}` : `exited ${exitCode}`);

const stoppedStanding = (containers: readonly ContainerSummary[], history: (containerId: string) => ContainerHistory | undefined): VersionStanding => {
	const last = containers.filter(({ state }) => state !== 'created').toSorted((a, b) => (b.finishedAt ?? 0) - (a.finishedAt ?? 0))[0];
	if (last === undefined) return { kind: 'stopped', words: 'removed', asked: true };
	const end = history(last.id)?.ends.at(-1);
	const exitCode = last.exitCode ?? end?.exitCode;
	if (exitCode === undefined) return { kind: 'stopped', words: 'stopped', asked: true };
	if (end?.asked === true) return { kind: 'stopped', words: `stopped, exited ${exitCode}`, asked: true };
	return { kind: 'stopped', words: endWords({ exitCode, oom: end?.oom === true || last.detail?.oomKilled === true }), asked: exitCode === 0 };
};

/**
 * Healthy: its containers run, their health checks are healthy or there are none, and no P0 or P1 alert fires on the service.
 * @param containers of this version alone
 */
export const standingOf = (
	containers: readonly ContainerSummary[],
	{ alerts, mark }: Pick<ServiceStatus, 'alerts' | 'mark'>,
	history: (containerId: string) => ContainerHistory | undefined,
): VersionStanding => {
	const active = containers.filter(isActive);
	if (active.length === 0) return stoppedStanding(containers, history);
	if (active.some(({ state, health }) => state === 'running' && health === 'unhealthy')) return { kind: 'failing', words: 'unhealthy' };
	const looping = active.find(({ state }) => state === 'restarting');
	if (looping !== undefined) return { kind: 'failing', words: looping.exitCode === undefined ? 'restarting' : `exited ${looping.exitCode}` };
	const serious = alerts.filter(({ severity }) => severity === 'P0' || severity === 'P1');
	const fires = serious.find(({ state, stale }) => state === 'firing' && stale === undefined);
	if (fires !== undefined) return { kind: 'failing', words: `${fires.severity}: ${fires.reason}` };
	const unclear = serious.length > 0 || mark === '?' || active.some(({ state, health }) => state === 'paused' || health === 'starting');
	return unclear ? { kind: 'unsure' } : { kind: 'healthy' };
};
