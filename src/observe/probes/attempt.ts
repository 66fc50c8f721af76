import type { Clock } from '../../domain/clock.ts';
import { formatDuration, formatLatency } from '../../domain/duration.ts';
import type { ProbeResult } from '../../domain/probe.ts';
import { sanitiseText } from '../../domain/sanitise.ts';
import { redactText } from '../../config/redact.ts';

/** What one attempt of a probe found. */
export interface Outcome {
	readonly ok: boolean;
	/** In words; made harmless, free of credentials and one line by `attempt`. */
	readonly words: string;
	readonly figures?: Readonly<Record<string, number>>;
}

export interface AttemptOptions {
	readonly name: string;
	readonly clock: Clock;
	readonly timeoutMs: number;
	/** Ends the probe early, as at the end of the program. */
	readonly signal: AbortSignal;
}

/** Longest words of a result, characters. */
const maxWords = 160;

/** One harmless line: probes repeat what others wrote. */
export const resultWords = (text: string): string => {
	const line = redactText(sanitiseText(text.slice(0, 4096).replaceAll(/\s*[\r\n]+\s*/g, ' ')).trim());
	return line.length > maxWords ? `${line.slice(0, maxWords - 1)}…` : line;
};

/** Times as a person reads them where a limit was meant: `5 s`, `0.5 s`, `50 ms`. */
const limitWords = (ms: number): string => (ms >= 1000 && ms % 1000 === 0 ? formatDuration(ms) : formatLatency(ms));

/**
 * Runs one attempt and always ends within its timeout with a result: a thrown error is a failure, and so is
 * silence. The attempt gets a signal that aborts at the timeout and must let go of what it holds then.
 */
export const attempt = async (options: AttemptOptions, run: (signal: AbortSignal) => Promise<Outcome>): Promise<ProbeResult> => {
	const { name, clock, timeoutMs, signal } = options;
	const at = clock.now();
	const began = clock.monotonic();
	const controller = new AbortController();
	let ended: Outcome | undefined;
	const gaveUp = new Promise<Outcome>((resolve) => {
		const stop = (words: string): void => {
			resolve({ ok: false, words });
			controller.abort();
		};
		const cancel = clock.after(timeoutMs, () => stop(`no answer within ${limitWords(timeoutMs)}`));
		const cancelled = (): void => stop('cancelled');
		if (signal.aborted) cancelled();
		signal.addEventListener('abort', cancelled, { once: true });
		controller.signal.addEventListener('abort', () => {
			cancel();
			signal.removeEventListener('abort', cancelled);
		});
	});
	try {
		const running = run(controller.signal);
		// It may still fail after we gave up on it; nobody is left to hear of it.
		running.catch(() => undefined);
		ended = await Promise.race([running, gaveUp]);
	} catch (error) {
		ended = { ok: false, words: failureWords(error) };
	} finally {
		controller.abort();
	}
	return {
		probe: name,
		at,
		durationMs: clock.monotonic() - began,
		ok: ended.ok,
		words: resultWords(ended.words),
		figures: ended.figures ?? {},
	};
};

const codes: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'connection refused',
	ECONNRESET: 'connection reset',
	EPIPE: 'connection closed',
	ENOTFOUND: 'host name not known',
	EAI_AGAIN: 'host name cannot be looked up now',
	EHOSTUNREACH: 'host unreachable',
	ENETUNREACH: 'network unreachable',
	ETIMEDOUT: 'connection timed out',
	EACCES: 'permission denied',
	EPERM: 'not permitted',
	ENOENT: 'no such file',
	ENOTDIR: 'no such directory',
	EMFILE: 'too many open files',
	CERT_HAS_EXPIRED: 'certificate has expired',
	CERT_NOT_YET_VALID: 'certificate is not valid yet',
	DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate not trusted: self-signed',
	SELF_SIGNED_CERT_IN_CHAIN: 'certificate not trusted: self-signed in its chain',
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate not trusted: issuer not known',
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate not trusted: issuer not known',
	ERR_TLS_CERT_ALTNAME_INVALID: 'certificate is for another name',
	EPROTO: 'no TLS answer',
};

/** What an error says to a person; its code in words where we know it. */
export const failureWords = (error: unknown): string => {
	if (!(error instanceof Error)) return String(error);
	const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
	const known = codes[code];
	if (known !== undefined) return known;
	if (code.startsWith('HPE_')) return 'the answer is no HTTP';
	// Several addresses were tried; the first error is as good as any.
	if (error instanceof AggregateError && error.errors.length > 0) return failureWords(error.errors[0]);
	return error.message === '' ? (code === '' ? error.name : code) : error.message;
};
