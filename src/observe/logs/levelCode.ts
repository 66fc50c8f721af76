import { type LogLevel, logLevels } from '../../domain/log.ts';

/** A level as one small number: 0 where a line says none, 1 trace, 2 debug, 3 info, 4 warn, 5 error, 6 fatal. */
export type LevelCode = 0 | 1 | 2 | 3 | 4 | 5 | 6;

export const infoCode = 3;
export const warnCode = 4;
export const errorCode = 5;

export const levelOfCode = (code: number): LogLevel | undefined => logLevels[code - 1];

export const codeOfLevel = (level: LogLevel): number => logLevels.indexOf(level) + 1;
