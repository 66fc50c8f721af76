import type { ProbeConfigOf } from '../../config/probeSchema.ts';
import { formatLatency } from '../../domain/duration.ts';
import type { Probe } from '../../domain/probe.ts';
import type { Outcome } from './attempt.ts';
import { attempt, failureWords } from './attempt.ts';
import { fetchText, resolveHeaders } from './fetchText.ts';
import type { ProbeIdentity, ProbePorts } from './ports.ts';
import { TrafficWindow } from './traffic.ts';

const maxBodyBytes = 8 * 1024 * 1024;

/**
 * Reads a metrics page and, from the difference between readings, what the service's users got.
 * Figures: requestRate (requests/s), requests and errors (in the window), errorRate (percent), p95 (ms).
 */
export const prometheusProbe = (config: ProbeConfigOf<'prometheus'>, identity: ProbeIdentity, ports: ProbePorts): Probe => {
	const { clock } = ports;
	const traffic = new TrafficWindow({
		...(config.requests === undefined ? {} : { requests: config.requests }),
		...(config.statusLabel === undefined ? {} : { statusLabel: config.statusLabel }),
		...(config.duration === undefined ? {} : { duration: config.duration }),
		errorPattern: new RegExp(config.errorPattern ?? '^5'),
	});

	const scrape = async (signal: AbortSignal): Promise<Outcome> => {
		try {
			const answer = await fetchText({
				url: config.url,
				method: 'GET',
				headers: { accept: 'text/plain; version=0.0.4', ...resolveHeaders(config.headers, ports.environment) },
				insecure: config.insecure ?? false,
				redirects: 0,
				maxBytes: maxBodyBytes,
				signal,
			});
			if (answer.status !== 200) return { ok: false, words: `metrics page answers ${answer.status}` };
			const seen = traffic.take(answer.body, clock.monotonic());
			if (seen.kind === 'nothing') return { ok: false, words: seen.why };
			if (seen.kind === 'first') return { ok: true, words: 'first reading' };
			const { requestRate, errorRate, p95 } = seen.figures;
			const parts = [
				`${requestRate < 10 ? requestRate.toFixed(1) : Math.round(requestRate)} requests/s`,
				...(errorRate === undefined ? [] : [`${errorRate.toFixed(1)} % errors`]),
				...(p95 === undefined ? [] : [`p95 ${formatLatency(p95)}`]),
				...(seen.unreadable === 0 ? [] : [`${seen.unreadable} lines unreadable`]),
			];
			const figures = Object.fromEntries(Object.entries(seen.figures).filter((entry): entry is [string, number] => entry[1] !== undefined));
			return { ok: true, words: parts.join(', '), figures };
		} catch (error) {
			return { ok: false, words: `${failureWords(error)} (${new URL(config.url).host})` };
		}
	};

	return {
		name: config.name,
		kind: 'prometheus',
		...identity,
		run: (signal) => attempt({ name: config.name, clock, timeoutMs: identity.timeoutMs, signal }, scrape),
	};
};
