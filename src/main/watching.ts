import type { Live } from '../console/live.ts';
import { EngineError } from '../domain/engine.ts';
import type { Situation } from '../domain/situation.ts';
import { systemClock } from '../domain/systemClock.ts';
import { liveOf, type Setting } from './setting.ts';

/** What watches an engine without a screen, until it is closed. */
export interface Watch {
	readonly live: Live;
	close(): Promise<void>;
}

/** Longest wait for the engine's first list, ms: a loaded engine takes seconds, one that hangs is told apart by its pings. */
const firstListMs = 15_000;

/** Starts to observe. */
export const startWatch = (setting: Setting): Watch => {
	const stop = new AbortController();
	const live = liveOf(setting);
	setting.logs.hurry();
	// A report waits for every probe's first result: none of them begins later than it must.
	setting.startProbes(live, stop.signal, () => 0);
	const running = live.run(stop.signal);
	return {
		live,
		async close() {
			stop.abort();
			await running;
			await setting.close();
		},
	};
};

/**
 * Waits until the engine has been listed and everything in trouble has been looked at.
 * @throws EngineError where the engine does not answer
 */
export const listed = async (live: Live): Promise<void> => {
	if (!live.inventory.listed) {
		await new Promise<void>((resolve, reject) => {
			const over = (end: () => void): void => {
				off();
				cancel();
				end();
			};
			const cancel = systemClock.after(firstListMs, () => over(() => reject(new EngineError('unresponsive', `the engine sent no list within ${firstListMs / 1000} s`))));
			const off = live.inventory.onChange(() => {
				const { liveness, listed: done } = live.inventory;
				if (done) over(resolve);
				else if (liveness.kind === 'reconnecting') {
					over(() => reject(new EngineError('unreachable', liveness.why, liveness.advice === undefined ? {} : { advice: liveness.advice })));
				}
			});
		});
	}
	await live.inventory.settled();
};

/** Between two looks whether everything has been read, ms. */
const lookMs = 25;

/** Waits until every running container has been read twice and every rule can be judged, at most so long. */
export const settled = async (live: Live, mostMs: number): Promise<void> => {
	const until = systemClock.monotonic() + mostMs;
	const open = (): boolean =>
		live.statuses.some(
			({ inconclusive, figures, service }) =>
				inconclusive.length > 0 || (figures?.cpuPercent === undefined && service.containers.some((container) => container.state === 'running')),
		);
	while (open() && systemClock.monotonic() < until) {
		await new Promise<void>((resolve) => {
			setTimeout(resolve, lookMs);
		});
	}
};

/** The situation as it is known now. @throws EngineError where the engine does not tell its version */
export const situationOf = async (live: Live, setting: Setting): Promise<Situation> => ({
	at: systemClock.now(),
	engine: live.inventory.info ?? (await setting.engine.info()),
	services: live.statuses,
});
