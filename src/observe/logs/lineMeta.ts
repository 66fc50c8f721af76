import type { LogStream } from '../../domain/log.ts';

/** One line's stream, level and flags in 16 bits: bits 0 and 1 stream, 2 to 4 level, then the flags. */
export const levelShift = 2;
/** Our own words between the lines, such as `container started`. */
export const markerFlag = 1 << 5;
/** The line was too long and lost its end. */
export const cutFlag = 1 << 6;
/** Has bytes beyond ASCII. */
export const wideFlag = 1 << 7;
/** Not harmless as it is: what is shown differs from what is stored. */
export const unsafeFlag = 1 << 8;

const streams: readonly LogStream[] = ['stdout', 'stderr', 'tty'];

export const streamCode = (stream: LogStream): number => (stream === 'stdout' ? 0 : stream === 'stderr' ? 1 : 2);

export const streamOfMeta = (meta: number): LogStream => streams[meta & 3] ?? 'stdout';

export const levelCodeOfMeta = (meta: number): number => (meta >> levelShift) & 7;
