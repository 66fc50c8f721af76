import { connect } from 'node:net';
import type { ProbeConfigOf } from '../../config/probeSchema.ts';
import { formatLatency } from '../../domain/duration.ts';
import type { Probe } from '../../domain/probe.ts';
import type { Outcome } from './attempt.ts';
import { attempt, failureWords } from './attempt.ts';
import type { ProbeIdentity, ProbePorts } from './ports.ts';

/** A banner that has not come within so many bytes will not come. */
const maxBannerBytes = 4096;

/** Opens a TCP connection, and reads the banner where one is expected. Figures: latencyMs. */
export const tcpProbe = (config: ProbeConfigOf<'tcp'>, identity: ProbeIdentity, ports: ProbePorts): Probe => {
	const { clock } = ports;
	const host = config.host ?? '127.0.0.1';
	const place = `${host.includes(':') ? `[${host}]` : host}:${config.port}`;

	const open = (signal: AbortSignal): Promise<Outcome> =>
		new Promise((resolve) => {
			const began = clock.monotonic();
			const socket = connect({ host, port: config.port });
			let received = '';
			let latencyMs = 0;
			const end = (outcome: Outcome): void => {
				socket.destroy();
				resolve(outcome);
			};
			signal.addEventListener('abort', () => socket.destroy(), { once: true });
			socket.on('error', (error) => end({ ok: false, words: `${failureWords(error)} (${place})` }));
			socket.on('close', () => end({ ok: false, words: `closed by ${place} before its banner` }));
			socket.on('connect', () => {
				latencyMs = clock.monotonic() - began;
				if (config.banner === undefined) end({ ok: true, words: `open in ${formatLatency(latencyMs)}`, figures: { latencyMs } });
			});
			socket.on('data', (chunk: Buffer) => {
				if (config.banner === undefined) return;
				received += chunk.toString('utf8');
				if (received.includes(config.banner)) return end({ ok: true, words: `banner in ${formatLatency(clock.monotonic() - began)}`, figures: { latencyMs } });
				if (received.length > maxBannerBytes) end({ ok: false, words: `another banner: ${received.slice(0, 80)}` });
			});
		});

	return {
		name: config.name,
		kind: 'tcp',
		...identity,
		run: (signal) => attempt({ name: config.name, clock, timeoutMs: identity.timeoutMs, signal }, open),
	};
};
