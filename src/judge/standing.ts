import type { ContainerSummary } from '../domain/container.ts';
import type { ContainerEnd, ContainerHistory, Service } from '../domain/service.ts';

/** Starts and ends of the last 10 minutes count as recent (P09 validation SOP: "restart count > 3 in 10 minutes"). */
export const recentMs = 10 * 60_000;
/** A container that restarts all the time is up for moments; up for less than this it still counts as down. */
const loopUpMs = 10_000;
/** Starts beyond the first within 10 minutes that make a restart loop. */
export const loopRestarts = 3;
/** What ended by itself longer ago than this, unmanaged and unnamed in sitrep.yaml, is history and no incident. */
const oldMs = 24 * 3_600_000;
/** Times of one end in events and in an inspect differ by less than this. */
const slackMs = 5000;

/** What sitrep.yaml says a service should be doing. */
export type Expected = 'running' | 'completed' | 'stopped';

/**
 * How one container stands.
 * - `up`: running, and healthy where it has a health check; `starting`: its health check has not answered yet
 * - `down`: not running though it should be; also a restart loop that is up for moments
 * - `stopped`: somebody asked for it; `completed`: a job that ended with 0; `idle`: created and never started, or being removed
 * - `old`: ended by itself more than a day ago and nobody claims it
 */
export type StandingKind = 'up' | 'starting' | 'unhealthy' | 'paused' | 'down' | 'stopped' | 'completed' | 'idle' | 'old';

export interface Standing {
	readonly container: ContainerSummary;
	readonly kind: StandingKind;
	/** Epoch ms since when, where it is known. */
	readonly since?: number;
	/** Starts beyond the first within the last 10 minutes. */
	readonly restarts: number;
	/** Ends within the last 10 minutes that nobody asked for. */
	readonly crashes: number;
	/** Memory kills within the last 10 minutes. */
	readonly oomKills: number;
	readonly lastEnd?: ContainerEnd;
	/** It ended, it is settled that nobody asked for it, and nothing is bringing it back. */
	readonly certain: boolean;
	/** The last end was a memory kill. */
	readonly oomKilled: boolean;
	readonly exitCode?: number;
}

/** Starts in the window; the very first start of a container is no restart. */
const countRestarts = (container: ContainerSummary, history: ContainerHistory | undefined, now: number): number => {
	if (history === undefined) return 0;
	const from = now - recentMs;
	const starts = history.starts.filter((at) => at >= from);
	if (starts.length === 0) return 0;
	const endsBefore = history.ends.some((end) => end.at <= (starts[0] ?? 0));
	const fresh = container.createdAt >= from && !endsBefore;
	return starts.length - (fresh ? 1 : 0);
};

/**
 * Whether somebody asked for the end of a container that is not running.
 *
 * Events say so (`asked`). Where the end is older than our events, the engine's policy does: with
 * `always` or `unless-stopped` it stays down only because it was stopped by hand, unless it failed to start.
 * A stop signal's own codes (143, 130) count as asked; 137 does not, for it is a kill as well.
 */
const wasAsked = (container: ContainerSummary, end: ContainerEnd | undefined): boolean => {
	if (end !== undefined) return end.asked;
	const detail = container.detail;
	if (detail?.error !== undefined && detail.error !== '') return false;
	if (detail?.oomKilled === true) return false;
	if (detail?.restartPolicy === 'always' || detail?.restartPolicy === 'unless-stopped') return true;
	return container.exitCode === 143 || container.exitCode === 130;
};

/**
 * A job is meant to end: it ended with 0 by itself, the engine is not told to bring it back, it publishes no port and
 * has no health check. Whatever lacks one of these is a service, and a service that ended is down, whatever its code.
 */
const isFinishedJob = (container: ContainerSummary): boolean => {
	if (container.exitCode !== 0) return false;
	const policy = container.detail?.restartPolicy ?? 'no';
	if (policy === 'always' || policy === 'unless-stopped') return false;
	return container.detail?.healthCheck === undefined && !container.ports.some((port) => port.host !== undefined);
};

const endedKind = (
	container: ContainerSummary,
	end: ContainerEnd | undefined,
	service: Service,
	expected: Expected | undefined,
	now: number,
): StandingKind => {
	const exitCode = end?.exitCode ?? container.exitCode;
	if (expected === 'running') return 'down';
	if (expected === 'stopped') return 'stopped';
	if (expected === 'completed') return exitCode === 0 ? 'completed' : wasAsked(container, end) ? 'stopped' : 'down';
	if (container.detail?.error !== undefined && container.detail.error !== '') return 'down';
	if (isFinishedJob(container)) return end?.asked === true ? 'stopped' : 'completed';
	if (wasAsked(container, end)) return 'stopped';
	const unclaimed =
		service.manager === 'none' && !service.configured && (container.detail?.restartPolicy ?? 'no') === 'no';
	if (unclaimed && container.finishedAt !== undefined && now - container.finishedAt > oldMs) return 'old';
	return 'down';
};

/** Restarts and memory kills of a container in the last 10 minutes, from events. */
export const recentCounts = (container: ContainerSummary, history: ContainerHistory | undefined, now: number): { readonly restarts: number; readonly oomKills: number } => ({
	restarts: countRestarts(container, history, now),
	oomKills: history?.ends.filter((end) => end.oom && end.at >= now - recentMs).length ?? 0,
});

/** How one container of a service stands. Pure; times are epoch ms. */
export const standingOf = (
	container: ContainerSummary,
	service: Service,
	history: ContainerHistory | undefined,
	expected: Expected | undefined,
	now: number,
): Standing => {
	const from = now - recentMs;
	const recentEnds = history?.ends.filter((end) => end.at >= from) ?? [];
	const newestEnd = history?.ends.at(-1);
	const running = container.state === 'running' || container.state === 'paused';
	// The history goes by name: an earlier container of this name may have ended, this one not.
	const lastEnd = newestEnd !== undefined && (running || isOfThisEnd(newestEnd, container)) ? newestEnd : undefined;
	const restarts = countRestarts(container, history, now);
	const oomKilled = lastEnd?.oom === true || (!running && container.detail?.oomKilled === true);
	const exitCode = running ? lastEnd?.exitCode : (container.exitCode ?? lastEnd?.exitCode);
	const build = (kind: StandingKind, since: number | undefined): Standing => ({
		container,
		kind,
		restarts,
		crashes: recentEnds.filter((end) => !end.asked).length,
		oomKills: recentEnds.filter((end) => end.oom).length,
		certain: !running && lastEnd?.certain === true,
		oomKilled,
		...(since === undefined ? {} : { since }),
		...(lastEnd === undefined ? {} : { lastEnd }),
		...(exitCode === undefined ? {} : { exitCode }),
	});
	const endedAt = container.finishedAt ?? lastEnd?.at;
	switch (container.state) {
		case 'running': {
			const looping = recentEnds.filter((end) => !end.asked).length >= loopRestarts && now - (container.startedAt ?? 0) < loopUpMs;
			if (looping) return build('down', recentEnds.at(-1)?.at);
			if (container.health === 'unhealthy') return build('unhealthy', unhealthySince(container));
			return build(container.health === 'starting' ? 'starting' : 'up', container.startedAt);
		}
		case 'paused':
			return build('paused', undefined);
		case 'created':
			return container.detail?.error !== undefined && container.detail.error !== ''
				? build('down', container.createdAt)
				: build('idle', container.createdAt);
		case 'removing':
			return build('idle', undefined);
		case 'restarting':
			return build('down', endedAt);
		case 'exited':
		case 'dead':
			return build(endedKind(container, lastEnd, service, expected, now), endedAt);
		default:
			// A state no engine has told of yet: nothing can be said of it.
			return build('idle', undefined);
	}
};

/**
 * An end from the history belongs to this container's own last end, not to that of an earlier one of the same name,
 * nor to one before its last run. Without an inspect the time of its end is rounded to minutes or hours, and tells nothing.
 */
const isOfThisEnd = (end: ContainerEnd, container: ContainerSummary): boolean =>
	end.at >= container.createdAt - slackMs &&
	(container.detail === undefined || container.finishedAt === undefined || end.at >= container.finishedAt - slackMs);

/** Start of the failing streak at the end of the health log; the engine keeps 5 results, so it may have begun earlier. */
const unhealthySince = (container: ContainerSummary): number | undefined => {
	const log = container.detail?.healthLog ?? [];
	let since: number | undefined;
	for (let index = log.length - 1; index >= 0; index--) {
		const result = log[index];
		if (result === undefined || result.exitCode === 0) break;
		since = result.startedAt;
	}
	const streak = container.detail?.failingStreak ?? 0;
	const interval = container.detail?.healthCheck?.intervalMs ?? 0;
	const last = log.at(-1);
	if (last !== undefined && since !== undefined && streak > log.length) return last.startedAt - (streak - 1) * interval;
	return since;
};

/**
 * The containers that count: the newest of each replica number. An orchestrator leaves the ended containers
 * of earlier tasks behind; they are the service's past, not its present.
 */
export const currentContainers = (service: Service): readonly ContainerSummary[] => {
	if (service.containers.length < 2) return service.containers;
	const seen = new Set<number>();
	return service.containers.filter((container) => {
		if (container.replica === undefined) return true;
		if (seen.has(container.replica)) return false;
		seen.add(container.replica);
		return true;
	});
};
