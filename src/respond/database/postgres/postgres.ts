import { chmodSync, closeSync, existsSync, fsyncSync, openSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { formatBytes } from '../../../domain/bytes.ts';
import type { PostgresAction } from '../../../domain/playbook/step.ts';
import { countChanges, countWords, type RowCounts } from '../sqlite/facts.ts';
import { DatabaseError, stampOf, type DatabasePorts, type DatabaseResult } from '../work.ts';
import { containerReach, discard, hostReach, type PostgresReach } from './reach.ts';

/** Everything the tools need to know to get to one database. */
interface Target {
	readonly reach: PostgresReach;
	readonly action: PostgresAction;
	readonly env: Readonly<Record<string, string>>;
	readonly ports: DatabasePorts;
}

/** Connection options that every tool of PostgreSQL knows. `-w`: never asks for a password. */
const connection = ({ host, port, user }: PostgresAction): readonly string[] => [
	'-w',
	...(host === undefined ? [] : ['-h', host]),
	...(port === undefined ? [] : ['-p', port]),
	...(user === undefined ? [] : ['-U', user]),
];

const failed = (tool: string, where: string, stderr: string, exitCode: number | undefined): DatabaseError => {
	const said = stderr.trim().split('\n').slice(-3).join('; ');
	const advice = /password|authentication/i.test(said)
		? 'Give the password through passwordParam, a secret parameter.'
		: /could not connect|connection refused|no such file/i.test(said)
			? 'PostgreSQL does not answer there: is it running, and are host and port right?'
			: undefined;
	return new DatabaseError(`${tool} ${where} ended with ${exitCode ?? 'no code'}: ${said}`, advice === undefined ? {} : { advice });
};

const tool = async (target: Target, argv: readonly string[], into?: string): Promise<string> => {
	const end = await target.reach.run(argv, target.env, into);
	if (end.exitCode !== 0) throw failed(argv[0] ?? '', target.reach.where, end.stderr, end.exitCode);
	return end.stdout;
};

const psql = (target: Target, sql: string, readOnly: boolean): Promise<string> =>
	tool(
		{ ...target, env: { ...target.env, ...(readOnly ? { PGOPTIONS: '-c default_transaction_read_only=on' } : {}) } },
		['psql', ...connection(target.action), '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', target.action.database, '-c', sql],
	);

/** Counts every table in one statement, so that the counts belong together. */
const countsSql = `SELECT coalesce(json_object_agg(name, rows), '{}') FROM (
	SELECT table_schema || '.' || table_name AS name,
		(xpath('/row/c/text()', query_to_xml(format('SELECT count(*) AS c FROM %I.%I', table_schema, table_name), false, true, '')))[1]::text::bigint AS rows
	FROM information_schema.tables
	WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')
	ORDER BY 1) counted`;

const alembicSql = `SELECT CASE WHEN to_regclass('alembic_version') IS NULL THEN '' ELSE
	(xpath('/table/row/version_num/text()', query_to_xml('SELECT version_num FROM alembic_version', false, false, '')))[1]::text END`;

const countsOf = async (target: Target): Promise<RowCounts> => {
	const parsed: unknown = JSON.parse(await psql(target, countsSql, true));
	if (typeof parsed !== 'object' || parsed === null) return {};
	return Object.fromEntries(Object.entries(parsed).map(([name, rows]) => [name.replace(/^public\./, ''), Number(rows)]));
};

const versionOf = async (target: Target): Promise<string | undefined> => {
	const version = (await psql(target, alembicSql, true)).trim();
	return version === '' ? undefined : version;
};

/** Lists the archive with pg_restore: a dump that was cut off or is none does not open. @throws DatabaseError */
const opens = async (target: Target, file: string): Promise<number> => {
	const lent = await target.reach.lend(file);
	try {
		const listed = await tool(target, ['pg_restore', '--list', lent.path]);
		return listed.split('\n').filter((line) => /TABLE DATA/.test(line)).length;
	} finally {
		await lent.give();
	}
};

const dump = async (target: Target, file: string): Promise<DatabaseResult['value']> => {
	if (existsSync(file)) throw new DatabaseError(`${file}: exists already`, { advice: 'Give another name: a backup is never overwritten.' });
	if (!existsSync(dirname(file))) throw new DatabaseError(`${dirname(file)}: no such folder`, { advice: 'Make it first, on a disk with room for the dump.' });
	const partial = `${file}.partial`;
	const began = performance.now();
	try {
		const tables = await countsOf(target);
		const version = await versionOf(target);
		await tool(target, ['pg_dump', ...connection(target.action), '-Fc', '-d', target.action.database], partial);
		chmodSync(partial, 0o600);
		const withData = await opens(target, partial);
		const handle = openSync(partial, 'r');
		fsyncSync(handle);
		closeSync(handle);
		renameSync(partial, file);
		return {
			file,
			bytes: statSync(file).size,
			durationMs: Math.round(performance.now() - began),
			tables,
			tablesInDump: withData,
			schemaVersion: version ?? null,
		};
	} catch (error) {
		await discard(partial);
		throw error;
	}
};

const given = (value: string | undefined, what: string): string => {
	if (value === undefined || value === '') throw new DatabaseError(`${what} is missing`);
	return value;
};

const backup = async (target: Target): Promise<DatabaseResult> => {
	const { action, ports } = target;
	const file = given(action.file, 'the file of the backup');
	ports.print(`dumping ${action.database} ${target.reach.where} to ${file}`);
	const value = await dump(target, file);
	ports.print(`dumped ${formatBytes(statSync(file).size)}: opened and listed, ${String(value['tablesInDump'])} tables with data`);
	return { ok: true, value };
};

const restore = async (target: Target): Promise<DatabaseResult> => {
	const { action, ports } = target;
	const file = given(action.file, 'the backup to restore');
	if (!existsSync(file)) throw new DatabaseError(`${file}: no such file`);
	const tables = await opens(target, file);
	ports.print(`the backup ${file} opens: ${tables} tables with data`);
	const before = await countsOf(target);
	ports.print(`there is now: ${countWords(before)}`);
	const kept = `${file}.before-restore-${stampOf(ports.now())}`;
	await dump(target, kept);
	ports.print(`kept what is there now as ${kept}`);
	const began = performance.now();
	const lent = await target.reach.lend(file);
	try {
		await tool(target, ['pg_restore', ...connection(action), '--clean', '--if-exists', '--no-owner', '--single-transaction', '--exit-on-error', '-d', action.database, lent.path]);
	} finally {
		await lent.give();
	}
	const after = await countsOf(target);
	const changes = countChanges(before, after);
	ports.print(`restored ${countWords(after)} in ${Math.round(performance.now() - began)} ms`);
	for (const change of changes) ports.print(`rows of ${change}`);
	return { ok: true, value: { file, kept, before, after, changes, schemaVersion: (await versionOf(target)) ?? null, durationMs: Math.round(performance.now() - began) } };
};

/** Reads every row once, as a dump does, and throws it away: a damaged page shows itself. */
const integrity = async (target: Target): Promise<DatabaseResult> => {
	const began = performance.now();
	const end = await target.reach.run(['pg_dump', ...connection(target.action), '-Fc', '-d', target.action.database], target.env, '/dev/null');
	const ok = end.exitCode === 0;
	const durationMs = Math.round(performance.now() - began);
	target.ports.print(ok ? `every row could be read, in ${durationMs} ms` : `not every row can be read: ${end.stderr.trim()}`);
	return { ok, value: { ok, faults: ok ? [] : end.stderr.trim().split('\n'), durationMs } };
};

const statements = { vacuum: 'VACUUM (ANALYZE)', analyze: 'ANALYZE' } as const;

const tidy = async (target: Target, action: 'vacuum' | 'analyze' | 'reindex'): Promise<DatabaseResult> => {
	const began = performance.now();
	await psql(target, action === 'reindex' ? `REINDEX DATABASE "${target.action.database.replaceAll('"', '""')}"` : statements[action], false);
	const durationMs = Math.round(performance.now() - began);
	target.ports.print(`${action} in ${durationMs} ms`);
	return { ok: true, value: { durationMs } };
};

const query = async (target: Target): Promise<DatabaseResult> => {
	const sql = given(target.action.sql, 'the statement').trim().replace(/;$/, '');
	const parsed: unknown = JSON.parse(await psql(target, `SELECT coalesce(json_agg(found), '[]') FROM (${sql}) found`, true));
	const rows: readonly unknown[] = Array.isArray(parsed) ? parsed : [];
	for (const row of rows) target.ports.print(JSON.stringify(row));
	return { ok: true, value: { rows, rowCount: rows.length } };
};

/** Carries out one step on a PostgreSQL database, through PostgreSQL's own tools. @throws DatabaseError */
export const runPostgres = async (action: PostgresAction, password: string | undefined, ports: DatabasePorts): Promise<DatabaseResult> => {
	for (const value of [action.database, action.host, action.port, action.user, action.file]) {
		if (value?.startsWith('-') === true || value?.includes('\0') === true) throw new DatabaseError(`${JSON.stringify(value)}: a value cannot begin with a dash or hold a NUL byte`);
	}
	const reach = action.inContainer === undefined ? hostReach(ports) : await containerReach(action.inContainer, await ports.engine(), ports);
	const target: Target = { reach, action, env: password === undefined ? {} : { PGPASSWORD: password }, ports };
	switch (action.action) {
		case 'backup':
			return backup(target);
		case 'restore':
			return restore(target);
		case 'integrity':
			return integrity(target);
		case 'vacuum':
		case 'analyze':
		case 'reindex':
			return tidy(target, action.action);
		case 'query':
			return query(target);
	}
};
