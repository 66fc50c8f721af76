import type { ContainerSummary } from '../../domain/container.ts';
import type { ContainerHistory } from '../../domain/service.ts';
import { endWords } from './standing.ts';

/** The present run of a container. */
export interface Beginning {
	/** Epoch ms by the engine's clock. */
	readonly at: number;
	/** False where only a list told it, which rounds: `Up 3 days`. */
	readonly exact: boolean;
}

/** Creation times of a list have no milliseconds. */
const roundedMs = 1000;
/** An event and an inspect differ by less than this about the same start, ms. */
const sameStartMs = 2000;

/** When the present run of a container began. The past is kept by name: what is older than the container was another's. */
export const beginningOf = (container: ContainerSummary, history: ContainerHistory | undefined, now: number): Beginning => {
	const last = history?.starts.at(-1);
	if (last !== undefined && last >= container.createdAt - roundedMs) return { at: last, exact: true };
	return { at: container.startedAt ?? now, exact: container.startedAt !== undefined && container.detail !== undefined };
};

/** @param lookedAt epoch ms at which it was last seen to run as `known` */
export const isAnotherRun = (known: Beginning, found: Beginning, lookedAt: number): boolean =>
	found.exact && found.at - known.at > sameStartMs && (known.exact || found.at > lookedAt);

/** How a run ended that nobody asked to end; undefined where none did. */
export const failureBetween = (history: ContainerHistory | undefined, from: number, to: number): string | undefined => {
	const end = history?.ends.findLast(({ at, asked, exitCode }) => at > from && at <= to && !asked && exitCode !== 0);
	return end === undefined ? undefined : endWords(end);
};

/** Why a container may not have been healthy all the time since it began; undefined where nothing says so. */
export const doubtOf = ({ health, detail }: ContainerSummary, history: ContainerHistory | undefined): string | undefined => {
	if (health === 'starting' || health === 'unhealthy') return `its health check says ${health}`;
	if (detail !== undefined && detail.policyRestarts > 0) return `it was restarted ${detail.policyRestarts === 1 ? 'once' : `${detail.policyRestarts} times`}`;
	if (detail !== undefined && (detail.failingStreak > 0 || detail.healthLog.some(({ exitCode }) => exitCode !== 0))) return 'its health check failed lately';
	return history !== undefined && history.ends.some(({ asked, exitCode }) => !asked && exitCode !== 0) ? 'it ended by itself within the last hour' : undefined;
};
