import type { Clock } from './clock.ts';

/** The clock of this process. Its timers do not keep the process alive. */
export const systemClock: Clock = {
	now: () => Date.now(),
	monotonic: () => performance.now(),
	after(ms, run) {
		const timer = setTimeout(run, ms);
		timer.unref();
		return () => clearTimeout(timer);
	},
	every(ms, run) {
		const timer = setInterval(run, ms);
		timer.unref();
		return () => clearInterval(timer);
	},
};
