import { compileHttpExpectation } from '../../config/expectation.ts';
import type { ProbeConfigOf } from '../../config/probeSchema.ts';
import { formatLatency } from '../../domain/duration.ts';
import type { Probe } from '../../domain/probe.ts';
import type { Outcome } from './attempt.ts';
import { attempt, failureWords } from './attempt.ts';
import { fetchText, resolveHeaders } from './fetchText.ts';
import { LatencyWindow } from './latencies.ts';
import type { ProbeIdentity, ProbePorts } from './ports.ts';

const maxBodyBytes = 1024 * 1024;
const usual = 'status >= 200 && status < 400';

const parseJson = (body: string): unknown => {
	try {
		return JSON.parse(body);
	} catch {
		return null;
	}
};

/** `503 in 5 ms: {"status":"unhealthy"}`: what came, and for a failure what it said. */
const words = (status: number, latencyMs: number, ok: boolean | string, text: string, body: string): string => {
	const came = `${status} in ${formatLatency(latencyMs)}`;
	if (ok === true) return came;
	if (typeof ok === 'string') return `${came}, but ${ok}`;
	const said = body.trim() === '' ? '' : `: ${body.trim().slice(0, 200)}`;
	return text === usual ? `${came}${said}` : `${came}, expected ${text}${said}`;
};

/** Asks an address over HTTP. Figures: ok, status, latencyMs, availability (percent), p95 (ms). */
export const httpProbe = (config: ProbeConfigOf<'http'>, identity: ProbeIdentity, ports: ProbePorts): Probe => {
	const expectation = compileHttpExpectation(config.expect ?? usual);
	const window = new LatencyWindow();
	const { clock } = ports;

	const ask = async (signal: AbortSignal): Promise<Outcome & { latencyMs?: number }> => {
		const began = clock.monotonic();
		try {
			const answer = await fetchText({
				url: config.url,
				method: config.method ?? 'GET',
				headers: resolveHeaders(config.headers, ports.environment),
				insecure: config.insecure ?? false,
				redirects: config.redirects ?? 0,
				maxBytes: maxBodyBytes,
				signal,
			});
			const latencyMs = clock.monotonic() - began;
			const ok = expectation.meets({ ...answer, json: parseJson(answer.body), latencyMs });
			return {
				ok: ok === true,
				words: words(answer.status, latencyMs, ok, expectation.text, answer.body),
				figures: { status: answer.status, latencyMs },
			};
		} catch (error) {
			return { ok: false, words: `${failureWords(error)} (${new URL(config.url).host})` };
		}
	};

	return {
		name: config.name,
		kind: 'http',
		...identity,
		async run(signal) {
			const result = await attempt({ name: config.name, clock, timeoutMs: identity.timeoutMs, signal }, ask);
			if (signal.aborted) return result;
			// A refused connection is fast and no measure of slowness; waiting in vain is.
			const answered = result.figures['latencyMs'] ?? (result.durationMs >= identity.timeoutMs * 0.9 ? result.durationMs : undefined);
			window.add(result.at, result.ok, answered ?? Number.NaN);
			return { ...result, figures: { ...result.figures, ...window.figures() } };
		},
	};
};
