import type { ProbeConfig } from './probeSchema.ts';

/** Fields that are a duration in the file, and milliseconds once read. */
const durations = new Set(['interval', 'timeout', 'for', 'quickCheckEvery']);

/** A probe as it would stand in sitrep.yaml, to be read again by another process. */
export const asWritten = (probe: ProbeConfig): Readonly<Record<string, unknown>> =>
	Object.fromEntries(Object.entries(probe).map(([key, value]) => [key, durations.has(key) && typeof value === 'number' ? `${value}ms` : value]));
