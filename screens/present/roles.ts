import type { LogLevel } from '../../src/domain/log.ts';
import type { Severity } from '../../src/domain/severity.ts';
import type { Role } from '../../src/console/view.ts';

const bySeverity: Readonly<Record<Severity, Role>> = { P0: 'p0', P1: 'p1', P2: 'p2', P3: 'p3' };

export const severityRole = (severity: Severity): Role => bySeverity[severity];

/** Levels of a log borrow the hues of the severities they hint at. */
const byLevel: Readonly<Record<LogLevel, Role>> = { fatal: 'p0', error: 'p0', warn: 'p2', info: 'plain', debug: 'muted', trace: 'muted' };

export const levelRole = (level: LogLevel): Role => byLevel[level];
