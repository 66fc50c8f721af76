import type { PostgresAction } from '../../../domain/playbook/step.ts';
import { DatabaseError, type DatabasePorts } from '../work.ts';
import type { PostgresReach, RunOptions } from './reach.ts';

/** Everything the tools need to know to get to one database. */
export interface Target {
	readonly reach: PostgresReach;
	readonly action: PostgresAction;
	readonly env: Readonly<Record<string, string>>;
	readonly ports: DatabasePorts;
}

/** Connection options that every tool of PostgreSQL knows. `-w`: never asks for a password. */
export const connection = ({ host, port, user }: PostgresAction): readonly string[] => [
	'-w',
	...(host === undefined ? [] : ['-h', host]),
	...(port === undefined ? [] : ['-p', port]),
	...(user === undefined ? [] : ['-U', user]),
];

const adviceFor = (said: string): string | undefined => {
	if (/password|authentication/i.test(said)) return 'Give the password through passwordParam, a secret parameter.';
	if (/could not connect|connection refused|connection to server .* failed: no such file/i.test(said)) return 'PostgreSQL does not answer there: is it running, and are host and port right?';
	if (/permission denied to create database|must be owner of database|permission denied to rename/i.test(said)) return 'Use an account that owns the database and may create databases (CREATEDB).';
	if (/role ".*" does not exist/i.test(said)) return 'Create that role first: objects of the backup belong to it.';
	return /no space left/i.test(said) ? 'Free some space: the backup is restored beside the database before it takes its place.' : undefined;
};

export const toolFailed = (tool: string, where: string, stderr: string, exitCode: number | undefined): DatabaseError => {
	const said = stderr.trim().split('\n').slice(-3).join('; ');
	const advice = adviceFor(said);
	return new DatabaseError(`${tool} ${where} ended with ${exitCode ?? 'no code'}: ${said}`, advice === undefined ? {} : { advice });
};

/** @returns its standard output @throws DatabaseError where it fails */
export const tool = async (target: Target, argv: readonly string[], options?: RunOptions): Promise<string> => {
	const end = await target.reach.run(argv, target.env, options);
	if (end.exitCode !== 0) throw toolFailed(argv[0] ?? '', target.reach.where, end.stderr, end.exitCode);
	return end.stdout;
};

export interface PsqlOptions {
	/** Default: the database of the step. */
	readonly database?: string;
	readonly readOnly?: boolean;
	readonly always?: boolean;
}

/** @throws DatabaseError */
export const psql = (target: Target, sql: string, { database = target.action.database, readOnly = false, always = false }: PsqlOptions = {}): Promise<string> =>
	tool(
		{ ...target, env: { ...target.env, ...(readOnly ? { PGOPTIONS: '-c default_transaction_read_only=on' } : {}) } },
		['psql', ...connection(target.action), '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', database, '-c', sql],
		{ always },
	);

/** Database to be connected to while another one is made or renamed. */
export const otherThan = (database: string): string => (database === 'postgres' ? 'template1' : 'postgres');

export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

export const given = (value: string | undefined, what: string): string => {
	if (value === undefined || value === '') throw new DatabaseError(`${what} is missing`);
	return value;
};
