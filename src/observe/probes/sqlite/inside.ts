import type { ExecRequest, ExecResult } from '../../../domain/engine.ts';
import type { SqliteFinding } from './check.ts';

export interface InsideCheck {
	readonly path: string;
	readonly query: string;
	readonly quickCheck: boolean;
	readonly timeoutMs: number;
	readonly signal: AbortSignal;
}

/**
 * Looks at a database inside a container with the sqlite3 program that is there, read-only and without waiting.
 * @throws Error where there is no such program, or the engine failed
 */
export const checkInside = async (exec: (request: ExecRequest) => Promise<ExecResult>, check: InsideCheck): Promise<SqliteFinding> => {
	const statements = [
		'PRAGMA journal_mode;',
		'SELECT page_count * page_size FROM pragma_page_count, pragma_page_size;',
		`${check.query.replace(/;\s*$/, '')};`,
	];
	const run = async (sql: readonly string[]): Promise<ExecResult> =>
		exec({
			argv: ['sqlite3', '-batch', '-readonly', '-noheader', '-cmd', '.timeout 0', check.path, sql.join(' ')],
			timeoutMs: check.timeoutMs,
			signal: check.signal,
			maxOutputBytes: 4096,
		});
	const first = await run(statements);
	const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8').trim();
	if (first.lost) throw new Error('the engine went away before the check ended');
	if (first.exitCode === 126 || first.exitCode === 127) throw new Error('no sqlite3 program in the container');
	const said = `${text(first.stderr)} ${text(first.stdout)}`;
	const [mode = '', size = '0'] = text(first.stdout).split('\n');
	const failed = first.exitCode !== 0;
	const locked = failed && /database is locked|SQLITE_BUSY|\(5\)/i.test(said);
	const corrupt = failed && /malformed|not a database|SQLITE_CORRUPT/i.test(said);
	const finding: SqliteFinding = {
		opened: !failed || locked || corrupt,
		...(failed && !locked && !corrupt ? { error: said.trim() } : {}),
		locked,
		corrupt,
		...(corrupt ? { corruption: said.trim() } : {}),
		wal: mode.trim() === 'wal',
		sizeBytes: Number(size) || 0,
		walBytes: 0,
		quickCheck: check.quickCheck ? 'skipped' : 'not-asked',
	};
	if (!check.quickCheck || failed) return finding;
	if (!finding.wal) return { ...finding, quickCheck: 'blocking' };
	const result = text((await run(['PRAGMA quick_check(1);'])).stdout);
	return { ...finding, corrupt: result !== 'ok', ...(result === 'ok' ? {} : { corruption: result }), quickCheck: 'done' };
};
