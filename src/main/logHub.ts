import type { LogTap } from '../console/logTap.ts';
import type { LogRings } from '../console/logs/rings.ts';
import type { ContainerSummary } from '../domain/container.ts';
import type { Engine } from '../domain/engine.ts';
import { systemClock } from '../domain/systemClock.ts';
import { followWords, type FollowState } from '../observe/logs/followState.ts';
import { LogFollowers } from '../observe/logs/followers.ts';
import { lastError } from '../observe/logs/lastError.ts';
import { gentlePace } from '../observe/logs/gentleStarts.ts';

/** Limits on log following, from sitrep.yaml. */
export interface LogLimits {
	readonly tail?: number | undefined;
	readonly focusedBytes?: number | undefined;
	readonly maxFollowed?: number | undefined;
}

/** States of a container in which its log can still grow, or tells why it ended. */
const worthFollowing = (container: ContainerSummary): boolean => container.state !== 'created' && container.state !== 'removing';

/** States in which there is nothing to count: the log is being opened, or its driver lets nobody read it. */
const unread: ReadonlySet<FollowState['kind']> = new Set(['connecting', 'none']);

/** The followers of an engine's logs, as judgement and the logs pane see them. */
export interface LogHub extends LogTap, LogRings {
	/** Reads every log at once instead of a few at a time: for a report, which is over before the last one's turn would come. */
	hurry(): void;
	close(): void;
}

/** Makes the followers of an engine's logs; they follow nothing before they are told to. */
export const logHub = (engine: Engine, limits: LogLimits): LogHub => {
	const listeners = new Set<() => void>();
	let skewMs = 0;
	void engine.info().then(
		(info) => {
			skewMs = info.clockSkewMs;
		},
		() => undefined,
	);
	const followers = new LogFollowers({
		engine,
		clock: systemClock,
		random: Math.random,
		pace: gentlePace,
		onChange: () => {
			for (const listener of listeners) listener();
		},
		...(limits.tail === undefined ? {} : { tail: limits.tail }),
		...(limits.focusedBytes === undefined ? {} : { focusedBytes: limits.focusedBytes }),
		...(limits.maxFollowed === undefined ? {} : { maxFollowed: limits.maxFollowed }),
	});
	const engineNow = (): number => Date.now() + skewMs;
	return {
		follow(containers, focusedIds) {
			const focused = new Set(focusedIds);
			followers.want(
				containers.filter(worthFollowing).map((container, index) => ({
					containerId: container.id,
					source: container.name,
					focused: focused.has(container.id),
					priority: -index,
				})),
			);
		},
		started: (containerId) => followers.containerStarted(containerId, engineNow()),
		// A log that was not opened yet, or that nobody can read, has no count, which is another thing than none written.
		counts: (containerId, _now, withinMs) =>
			unread.has(followers.stateOf(containerId).kind) ? undefined : followers.ringOf(containerId)?.rates.sum(engineNow() + 1000 - withinMs, engineNow() + 1000),
		lastError: (containerId) => {
			const ring = followers.ringOf(containerId);
			const found = ring === undefined ? undefined : lastError(ring);
			return found && { ...found, at: found.at - skewMs };
		},
		ring: (containerId) => followers.ringOf(containerId),
		state: (containerId) => followWords(followers.stateOf(containerId), Date.now()),
		words: () => followers.words,
		readAgain: (containerId, lines) => followers.readAgain(containerId, lines),
		onChange(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		engineNow,
		hurry: () => followers.hurry(),
		close: () => followers.close(),
	};
};
