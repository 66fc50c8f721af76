import { Agent, request } from 'node:http';
import { clearTimeout, setTimeout } from 'node:timers';

/** What came of all requests so far. `sent` is `ok` + all that failed + `underWay`. Times in ms. */
export interface LoadCount {
	readonly sent: number;
	readonly ok: number;
	readonly failed: number;
	readonly underWay: number;
	/** How many failed, by why: `status 500`, `ECONNREFUSED`, `no answer within 2 s`. */
	readonly reasons: Readonly<Record<string, number>>;
	/** Longest time between two good answers; as exact as requests are dense. */
	readonly longestGapMs: number;
	/** From the first request that failed, as it was sent, to the last one, as it was sent; 0 where fewer than two failed. */
	readonly failingMs: number;
}

/** The same of a span of time. A request belongs to it by when it was sent. */
export type LoadSpan = Pick<LoadCount, 'sent' | 'failed' | 'reasons' | 'longestGapMs'>;

export interface LoadOptions {
	readonly url: string;
	readonly perSecond: number;
	/** A request without an answer by then has failed. */
	readonly answerMs?: number;
	/** At most so many at once; beyond it a request counts as failed, unsent by then: `too many under way`. */
	readonly most?: number;
}

const usualAnswerMs = 2000;
const usualMost = 500;
/** Requests that are remembered one by one: some hours of what a drill sends. */
const mostRemembered = 500_000;

interface Asked {
	/** `performance.now()` */
	readonly sentAt: number;
	/** The same; absent while it is under way. */
	endedAt?: number;
	/** Why it failed. */
	reason?: string;
}

/**
 * Asks an address so many times a second, whatever the answers are, and counts every request. Each has a connection of its own,
 * as clients have that come and go: one that is kept would hide that nobody listens any more.
 */
export class Load implements Disposable {
	readonly #options: Required<LoadOptions>;
	readonly #agent = new Agent({ keepAlive: false });
	readonly #began = performance.now();
	readonly #timer: NodeJS.Timeout;
	readonly #reasons = new Map<string, number>();
	readonly #asked: Asked[] = [];
	#due = 0;
	#sent = 0;
	#ok = 0;
	#failed = 0;
	#longestGapMs = 0;
	#lastOkAt = performance.now();
	#firstFailedAt: number | undefined;
	#lastFailedAt = 0;
	#stopped = false;
	#idle: (() => void) | undefined;

	constructor(options: LoadOptions) {
		this.#options = { answerMs: usualAnswerMs, most: usualMost, ...options };
		// A timer that comes late sends what is due by then: the number of requests does not depend on how busy this process is.
		this.#timer = globalThis.setInterval(() => this.#send(), Math.max(1, 1000 / options.perSecond));
	}

	get count(): LoadCount {
		return {
			sent: this.#sent,
			ok: this.#ok,
			failed: this.#failed,
			underWay: this.#sent - this.#ok - this.#failed,
			reasons: Object.fromEntries(this.#reasons),
			longestGapMs: this.#stopped ? this.#longestGapMs : Math.max(this.#longestGapMs, performance.now() - this.#lastOkAt),
			failingMs: this.#firstFailedAt === undefined ? 0 : this.#lastFailedAt - this.#firstFailedAt,
		};
	}

	/**
	 * What came of the requests of a span.
	 * @param from epoch ms; `to` the same
	 * @throws Error where too many were sent to remember each
	 */
	between(from: number, to: number): LoadSpan {
		if (this.#asked.length < this.#sent) throw new Error(`more than ${mostRemembered} requests: spans cannot be told any more`);
		const [begin, end] = [from - performance.timeOrigin, to - performance.timeOrigin];
		const within = this.#asked.filter(({ sentAt }) => sentAt >= begin && sentAt <= end);
		const failed = within.flatMap(({ reason }) => (reason === undefined ? [] : [reason]));
		const reasons = new Map<string, number>();
		for (const reason of failed) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
		const answers = this.#asked.flatMap(({ endedAt, reason }) => (endedAt === undefined || reason !== undefined || endedAt < begin || endedAt > end ? [] : [endedAt])).toSorted((a, b) => a - b);
		const moments = [begin, ...answers, end];
		const longestGapMs = Math.max(0, ...moments.slice(1).map((moment, index) => moment - (moments[index] ?? moment)));
		return { sent: within.length, failed: failed.length, reasons: Object.fromEntries(reasons), longestGapMs };
	}

	/** Sends no more, and waits for every answer. */
	async stop(): Promise<LoadCount> {
		this[Symbol.dispose]();
		if (this.#sent > this.#ok + this.#failed) {
			await new Promise<void>((resolve) => {
				this.#idle = resolve;
			});
		}
		return this.count;
	}

	[Symbol.dispose](): void {
		if (this.#stopped) return;
		this.#longestGapMs = Math.max(this.#longestGapMs, performance.now() - this.#lastOkAt);
		this.#stopped = true;
		globalThis.clearInterval(this.#timer);
	}

	#send(): void {
		const due = Math.floor(((performance.now() - this.#began) * this.#options.perSecond) / 1000);
		for (; this.#due < due; this.#due++) this.#ask();
	}

	#ask(): void {
		const asked: Asked = { sentAt: performance.now() };
		this.#sent++;
		if (this.#asked.length < mostRemembered) this.#asked.push(asked);
		if (this.#sent - this.#ok - this.#failed > this.#options.most) return this.#fail(asked, 'too many under way');
		let over = false;
		const end = (reason: string | undefined): void => {
			if (over) return;
			over = true;
			clearTimeout(late);
			if (reason === undefined) this.#answered(asked);
			else this.#fail(asked, reason);
		};
		const message = request(this.#options.url, { agent: this.#agent }, (response) => {
			response.resume();
			response.on('end', () => end((response.statusCode ?? 0) < 400 ? undefined : `status ${response.statusCode}`));
			response.on('error', (error) => end(codeOf(error)));
			response.on('close', () => end('answer cut off'));
		});
		const late = setTimeout(() => {
			end(`no answer within ${this.#options.answerMs / 1000} s`);
			message.destroy();
		}, this.#options.answerMs);
		message.on('error', (error) => end(codeOf(error)));
		message.end();
	}

	#answered(asked: Asked): void {
		const now = performance.now();
		asked.endedAt = now;
		this.#ok++;
		if (!this.#stopped) this.#longestGapMs = Math.max(this.#longestGapMs, now - this.#lastOkAt);
		this.#lastOkAt = now;
		this.#settled();
	}

	#fail(asked: Asked, reason: string): void {
		const { sentAt } = asked;
		asked.endedAt = performance.now();
		asked.reason = reason;
		this.#failed++;
		this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
		this.#firstFailedAt = Math.min(this.#firstFailedAt ?? sentAt, sentAt);
		this.#lastFailedAt = Math.max(this.#lastFailedAt, sentAt);
		this.#settled();
	}

	#settled(): void {
		if (this.#sent === this.#ok + this.#failed) this.#idle?.();
	}
}

const codeOf = (error: Error): string => ('code' in error && typeof error.code === 'string' ? error.code : error.message);

/** In one line: `12 of 840 requests failed (9 x ECONNREFUSED, 3 x ECONNRESET), longest gap 640 ms`. */
export const loadWords = ({ sent, failed, reasons, longestGapMs }: LoadSpan): string => {
	const why = Object.entries(reasons).map(([reason, count]) => `${count} x ${reason}`);
	return `${failed} of ${sent} requests failed${why.length === 0 ? '' : ` (${why.join(', ')})`}, longest gap ${Math.round(longestGapMs)} ms`;
};
