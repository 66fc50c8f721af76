import { statfs } from 'node:fs/promises';
import type { ProbeConfigOf } from '../../config/probeSchema.ts';
import { formatBytes } from '../../domain/bytes.ts';
import type { Probe } from '../../domain/probe.ts';
import type { Outcome } from './attempt.ts';
import { attempt, failureWords } from './attempt.ts';
import type { ProbeIdentity, ProbePorts } from './ports.ts';

/**
 * How full a file system is. Percent as `df` counts it: used / (used + available to everybody), so that 100 means
 * nobody but root can write. Figures: percent, freeBytes.
 */
export const diskProbe = (config: ProbeConfigOf<'disk'>, identity: ProbeIdentity, ports: ProbePorts): Probe => {
	const { clock } = ports;
	let waiting = false;

	const look = async (): Promise<Outcome> => {
		// A dead network file system never answers, and each question would hold one more thread of the few there are.
		if (waiting) return { ok: false, words: `${config.path} still does not answer` };
		waiting = true;
		try {
			const { blocks, bfree, bavail, bsize } = await statfs(config.path);
			const used = blocks - bfree;
			const percent = used + bavail === 0 ? 0 : (used / (used + bavail)) * 100;
			const freeBytes = bavail * bsize;
			return { ok: true, words: `${Math.ceil(percent)} % full, ${formatBytes(freeBytes)} free`, figures: { percent, freeBytes } };
		} catch (error) {
			return { ok: false, words: `${config.path}: ${failureWords(error)}` };
		} finally {
			waiting = false;
		}
	};

	return {
		name: config.name,
		kind: 'disk',
		...identity,
		run: (signal) => attempt({ name: config.name, clock, timeoutMs: identity.timeoutMs, signal }, look),
	};
};
