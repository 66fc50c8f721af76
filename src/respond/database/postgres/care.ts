import type { DatabaseResult } from '../work.ts';
import { connection, given, identifier, psql, type Target } from './target.ts';

/** The `integrity` step: reads every row once, as a dump does, and throws it away: a damaged page shows itself. */
export const integrity = async (target: Target): Promise<DatabaseResult> => {
	const began = performance.now();
	const end = await target.reach.run(['pg_dump', ...connection(target.action), '-Fc', '-d', target.action.database], target.env, { into: '/dev/null' });
	const ok = end.exitCode === 0;
	const durationMs = Math.round(performance.now() - began);
	target.ports.print(ok ? `every row could be read, in ${durationMs} ms` : `not every row can be read: ${end.stderr.trim()}`);
	return { ok, value: { ok, faults: ok ? [] : end.stderr.trim().split('\n'), durationMs } };
};

const statements = { vacuum: 'VACUUM (ANALYZE)', analyze: 'ANALYZE' } as const;

/** The `vacuum`, `analyze` and `reindex` steps. */
export const tidy = async (target: Target, action: 'vacuum' | 'analyze' | 'reindex'): Promise<DatabaseResult> => {
	const began = performance.now();
	await psql(target, action === 'reindex' ? `REINDEX DATABASE ${identifier(target.action.database)}` : statements[action]);
	const durationMs = Math.round(performance.now() - began);
	target.ports.print(`${action} in ${durationMs} ms`);
	return { ok: true, value: { durationMs } };
};

/** The `query` step: one statement that reads. */
export const query = async (target: Target): Promise<DatabaseResult> => {
	const sql = given(target.action.sql, 'the statement').trim().replace(/;$/, '');
	const parsed: unknown = JSON.parse(await psql(target, `SELECT coalesce(json_agg(found), '[]') FROM (${sql}) found`, { readOnly: true }));
	const rows: readonly unknown[] = Array.isArray(parsed) ? parsed : [];
	for (const row of rows) target.ports.print(JSON.stringify(row));
	return { ok: true, value: { rows, rowCount: rows.length } };
};
