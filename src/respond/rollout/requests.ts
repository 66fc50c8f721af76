import type { RolloutToolPorts } from './ports.ts';

/** How requests to the watched address did. `longestGapMs`: from the first request that failed until one was answered again, at the longest. */
export interface RequestCount {
	readonly sent: number;
	readonly failed: number;
	readonly longestGapMs: number;
}

export interface RequestWatch {
	/** Asks on for a moment, then says what came of it. */
	stop(): Promise<RequestCount>;
}

const everyMs = 100;
const timeoutMs = 2000;
/** What is begun at the end of a move may still fail after it. */
const lingerMs = 1000;

interface Sent {
	readonly at: number;
	endedAt: number | undefined;
	failed: boolean;
}

const longestGap = (requests: readonly Sent[], now: number): number => {
	let longest = 0;
	let since: number | undefined;
	for (const { at, endedAt = now, failed } of requests) {
		if (failed) since ??= at;
		if (since !== undefined) longest = Math.max(longest, endedAt - since);
		if (!failed) since = undefined;
	}
	return Math.round(longest);
};

/** Asks an address ten times a second, each time on a connection of its own, whatever became of the request before. */
export const watchRequests = (url: string, { clock, request }: Pick<RolloutToolPorts, 'clock' | 'request'>): RequestWatch => {
	const requests: Sent[] = [];
	const open = new Set<Promise<void>>();
	const send = (): void => {
		const sent: Sent = { at: clock.monotonic(), endedAt: undefined, failed: false };
		requests.push(sent);
		const over = request(url, timeoutMs).then((end) => {
			sent.endedAt = clock.monotonic();
			sent.failed = end === 'failed';
			open.delete(over);
		});
		open.add(over);
	};
	send();
	const cancel = clock.every(everyMs, send);
	return {
		async stop() {
			await new Promise<void>((resolve) => void clock.after(lingerMs, resolve));
			cancel();
			await Promise.all(open);
			return { sent: requests.length, failed: requests.filter(({ failed }) => failed).length, longestGapMs: longestGap(requests, clock.monotonic()) };
		},
	};
};
