import type { LogTap } from '../console/logTap.ts';
import type { LogRings } from '../console/logsPane.ts';
import type { ContainerSummary } from '../domain/container.ts';
import type { Engine } from '../domain/engine.ts';
import { systemClock } from '../domain/systemClock.ts';
import { followWords } from '../observe/logs/follow-state.ts';
import { LogFollowers } from '../observe/logs/followers.ts';

/** Limits on log following, from sitrep.yaml. */
export interface LogLimits {
	readonly tail?: number | undefined;
	readonly focusedBytes?: number | undefined;
	readonly maxFollowed?: number | undefined;
}

/** States of a container in which its log can still grow, or tells why it ended. */
const worthFollowing = (container: ContainerSummary): boolean => container.state !== 'created' && container.state !== 'removing';

/** The followers of an engine's logs, as judgement and the logs pane see them. */
export const logHub = (engine: Engine, limits: LogLimits): LogTap & LogRings & { close(): void } => {
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
		counts: (containerId, _now, withinMs) => followers.ringOf(containerId)?.rates.sum(engineNow() + 1000 - withinMs, engineNow() + 1000),
		ring: (containerId) => followers.ringOf(containerId),
		state: (containerId) => followWords(followers.stateOf(containerId), Date.now()),
		words: () => followers.words,
		readAgain: (containerId, lines) => followers.readAgain(containerId, lines),
		onChange(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		engineNow,
		close: () => followers.close(),
	};
};
