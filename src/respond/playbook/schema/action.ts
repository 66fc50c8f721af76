import { z } from 'zod';
import { line, prose, template, word } from './names.ts';

const templates = () => z.record(z.string().min(1), template());

/** Keys of a command, which stand on the step itself. */
export const commandFields = {
	run: z.array(template()).min(1).exactOptional().meta({ description: 'Program and arguments, one element each. No shell reads them, so each value stays one argument.' }),
	sh: prose().exactOptional().meta({
		description: 'Shell script, run with `set -eu`, in bash with `pipefail` where there is one. Parameters are the variables `$P_name`; `${{ }}` is not allowed in it.',
	}),
	in: line().exactOptional().meta({ description: 'Container in which the command runs. Default: on the host.' }),
	env: templates().exactOptional().meta({ description: 'Environment variables.' }),
	workingDir: line(4096).exactOptional().meta({ description: 'Working directory. Default: that of the console; in a container its own.' }),
};

export const containerBody = z.strictObject({
	action: z.enum(['start', 'stop', 'restart', 'pause', 'unpause', 'kill', 'inspect', 'logs']).meta({ description: 'What the engine is asked to do.' }),
	name: line().meta({ description: 'Name of the container.' }),
	graceSeconds: z.number().min(0).max(3600).exactOptional().meta({ description: 'Stop and restart: seconds between the stop signal and the kill. Default 10.' }),
	signal: z.string().regex(/^SIG[A-Z0-9]+$/, { error: 'expected a signal such as SIGKILL' }).exactOptional().meta({ description: 'Kill: which signal. Default SIGKILL.' }),
	tail: z.number().int().min(1).max(100_000).exactOptional().meta({ description: 'Logs: how many of the last lines. Default 200.' }),
	sinceSeconds: z.number().min(1).exactOptional().meta({ description: 'Logs: only of the last seconds.' }),
});

export const httpBody = z.strictObject({
	method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']).exactOptional().meta({ description: 'Default GET.' }),
	url: line(4096).meta({ description: 'Address, http or https.' }),
	headers: templates().exactOptional().meta({ description: 'Request headers.' }),
	body: template().exactOptional().meta({ description: 'Text to send.' }),
	json: z.unknown().exactOptional().meta({ description: 'Value to send as JSON.' }),
	followRedirects: z.boolean().exactOptional().meta({ description: 'Follow redirects to the same origin. Default false.' }),
});

const sqliteBody = z.strictObject({
	system: z.literal('sqlite').meta({ description: 'An SQLite database file on the host, through the embedded library.' }),
	action: z.enum(['backup', 'integrity', 'quick-check', 'restore', 'checkpoint', 'vacuum', 'analyze', 'reindex', 'query']).meta({ description: 'What is done.' }),
	path: line(4096).meta({ description: 'The database file.' }),
	file: line(4096).exactOptional().meta({ description: 'Backup: where to. Restore: where from.' }),
	sql: prose().exactOptional().meta({ description: 'Query: one statement that only reads.' }),
	stopped: z.array(line()).exactOptional().meta({ description: 'Restore: containers that must not run meanwhile.' }),
});

const postgresBody = z.strictObject({
	system: z.literal('postgres').meta({ description: 'A PostgreSQL database, through pg_dump, pg_restore and psql.' }),
	action: z.enum(['backup', 'restore', 'integrity', 'vacuum', 'analyze', 'reindex', 'query']).meta({ description: 'What is done.' }),
	database: line().meta({ description: 'Name of the database.' }),
	in: line().exactOptional().meta({ description: 'Container that has the tools. Default: the host.' }),
	host: line().exactOptional().meta({ description: 'Server. Default: as the tools find it.' }),
	port: z.union([z.number().int().min(1).max(65_535), line()]).exactOptional().meta({ description: 'Port. Default: as the tools find it.' }),
	user: line().exactOptional().meta({ description: 'User. Default: as the tools find it.' }),
	passwordParam: word().exactOptional().meta({ description: 'Name of the `secret` parameter with the password.' }),
	file: line(4096).exactOptional().meta({ description: 'Backup: where to. Restore: where from.' }),
	sql: prose().exactOptional().meta({ description: 'Query: one statement that only reads.' }),
});

export const databaseBody = z.discriminatedUnion('system', [sqliteBody, postgresBody]);

/** One action with nothing around it: what `undo` holds. */
export const actionSchema = z.strictObject({
	...commandFields,
	container: containerBody.exactOptional().meta({ description: 'What the engine is asked to do to a container.' }),
	http: httpBody.exactOptional().meta({ description: 'A request.' }),
	database: databaseBody.exactOptional().meta({ description: 'A database action.' }),
});

/** Which containers, requests and databases a step may hold; for kinds that take any action. */
export const anyAction = actionSchema.shape;

/** An action as it stands in YAML: at most one of `run`, `sh`, `container`, `http`, `database` is set. */
export type ActionSource = z.output<typeof actionSchema>;
