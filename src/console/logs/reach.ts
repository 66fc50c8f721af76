import { formatDuration } from '../../domain/duration.ts';
import type { RingLines } from '../../observe/logs/ringLines.ts';
import type { Since } from '../actions.ts';
import { sinceMs } from './settings.ts';

/**
 * Says so where the lines in hand do not go back as far as was asked for: the log was read from so many lines back and no
 * further, or the ring has given its oldest lines up. `undefined` where all that was asked for is there. How many
 * lines stand before in the engine's log only the engine could tell, and it would have to read them all.
 * @param readLines how many lines of history were asked for
 */
export const reachWords = (rings: readonly RingLines[], since: Since, engineNow: number, readLines: number): string | undefined => {
	if (since === 'tail') return undefined;
	const wanted = sinceMs(since);
	let shortest: number | undefined;
	for (const ring of rings) {
		const whole = ring.first === 0 && ring.next < readLines;
		if (whole || ring.count === 0) continue;
		const back = engineNow - (ring.index.ms[ring.first & ring.index.mask] ?? 0);
		if (wanted !== undefined && back >= wanted) continue;
		if (shortest === undefined || back < shortest) shortest = back;
	}
	return shortest === undefined ? undefined : `goes back ${formatDuration(Math.max(0, shortest))} only, older lines not read`;
};
