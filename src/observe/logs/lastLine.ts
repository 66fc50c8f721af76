import type { Clock } from '../../domain/clock.ts';
import type { Engine } from '../../domain/engine.ts';
import type { LogSink } from '../../domain/log.ts';
import { engineTime } from './repeats.ts';
import { markerFlag } from './lineMeta.ts';
import type { LogRing } from './ring.ts';

/** The check itself is given up after this, ms. */
const checkTimeoutMs = 5000;
/** A line that has just been written may still be on its way through the stream, ms. */
const graceMs = 1000;

export type Checked = { readonly kind: 'current' } | { readonly kind: 'behind' } | { readonly kind: 'failed'; readonly why: string };

/** Time of the newest of the last lines of a ring, as an engine writes it; `''` where there is none. */
const newestIn = (ring: LogRing): string => {
	let newest = '';
	for (let seq = ring.next - 1; seq >= ring.first && ring.next - seq <= 100; seq--) {
		if ((ring.metaOf(seq) & markerFlag) !== 0) continue;
		const time = engineTime(ring.msOf(seq), ring.nanosOf(seq));
		if (time > newest) newest = time;
	}
	return newest;
};

/** Asks for the last line alone and compares: whether the engine has a newer one than the ring. */
export const isBehind = async (
	engine: Pick<Engine, 'logs'>,
	containerId: string,
	ring: LogRing,
	clock: Clock,
	stop: AbortSignal,
): Promise<Checked> => {
	let time = '';
	const sink: LogSink = {
		line(_bytes, _start, _end, atMs, nanos) {
			time = engineTime(atMs, nanos);
		},
	};
	const late = new AbortController();
	const cancel = clock.after(checkTimeoutMs, () => late.abort());
	const expired = new Promise<Checked>((resolve) => {
		late.signal.addEventListener('abort', () => resolve({ kind: 'failed', why: `the engine did not answer within ${checkTimeoutMs / 1000} s` }));
	});
	try {
		const asked = engine.logs(containerId, { follow: false, tail: 1, signal: AbortSignal.any([stop, late.signal]) }, sink);
		const failed = await Promise.race([asked.then(() => undefined), expired]);
		if (failed !== undefined) return failed;
	} catch (error) {
		return { kind: 'failed', why: error instanceof Error ? error.message : String(error) };
	} finally {
		cancel();
	}
	if (time <= newestIn(ring)) return { kind: 'current' };
	await new Promise<void>((resolve) => {
		clock.after(graceMs, resolve);
	});
	return time <= newestIn(ring) ? { kind: 'current' } : { kind: 'behind' };
};
