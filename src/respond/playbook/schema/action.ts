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
	action: z.enum(['backup', 'backups', 'integrity', 'quick-check', 'restore', 'checkpoint', 'vacuum', 'analyze', 'reindex', 'query', 'schema']).meta({ description: 'What is done.' }),
	path: line(4096).meta({ description: 'The database file.' }),
	file: line(4096).exactOptional().meta({ description: 'Backup: where to. Restore: where from. Schema: a backup to compare with.' }),
	folder: line(4096).exactOptional().meta({ description: 'Backups: the folder they lie in. Default: `backups` beside the database.' }),
	sql: prose().exactOptional().meta({ description: 'Query: one statement that only reads.' }),
	stopped: z.array(line()).exactOptional().meta({ description: 'Restore: containers that must not run meanwhile.' }),
});

const postgresBody = z.strictObject({
	system: z.literal('postgres').meta({ description: 'A PostgreSQL database, through pg_dump, pg_restore and psql.' }),
	action: z.enum(['backup', 'backups', 'restore', 'integrity', 'vacuum', 'analyze', 'reindex', 'query', 'schema']).meta({ description: 'What is done.' }),
	database: line().meta({ description: 'Name of the database.' }),
	in: line().exactOptional().meta({ description: 'Container that has the tools. Default: the host.' }),
	host: line().exactOptional().meta({ description: 'Server. Default: as the tools find it.' }),
	port: z.union([z.number().int().min(1).max(65_535), line()]).exactOptional().meta({ description: 'Port. Default: as the tools find it.' }),
	user: line().exactOptional().meta({ description: 'User. Default: as the tools find it.' }),
	passwordParam: word().exactOptional().meta({ description: 'Name of the `secret` parameter with the password.' }),
	file: line(4096).exactOptional().meta({ description: 'Backup: where to. Restore: where from. Schema: a backup to compare with.' }),
	folder: line(4096).exactOptional().meta({ description: 'Backups: the folder they lie in.' }),
	sql: prose().exactOptional().meta({ description: 'Query: one statement that only reads.' }),
	stopped: z.array(line()).exactOptional().meta({ description: 'Restore: containers that must not run meanwhile.' }),
});

export const databaseBody = z.discriminatedUnion('system', [sqliteBody, postgresBody]);

export const rolloutBody = z.strictObject({
	action: z.enum(['versions', 'plan', 'swap', 'finish', 'undo', 'retire']).meta({
		description:
			'`versions` lists what can be gone to, with the last good one; `plan` works the move out and checks it; `swap` carries it out, and takes it back by itself where the new version does not prove itself; `undo` brings the old version back, `finish` ends a move that was left in the middle, `retire` removes what was kept of the old version.',
	}),
	service: line().meta({ description: 'The service: its id, its name, or the name of one of its containers.' }),
	to: template().exactOptional().meta({ description: 'Plan and swap: the version, as an image or an image id. Empty: the last good one.' }),
	way: z.enum(['start-first', 'stop-first']).exactOptional().meta({ description: 'Plan and swap: asks for one way, refused where it is not possible. Default: start-first where a second one can stand beside the first.' }),
	proveWithinSeconds: z.number().min(1).max(3600).exactOptional().meta({ description: 'Plan and swap: seconds the new version has to prove itself. Default: worked out from its health check.' }),
	plan: template().exactOptional().meta({ description: 'Swap: id of the plan that was shown; anything else is refused. Finish, undo and retire: which move. Default: the newest of the service.' }),
	watch: template().exactOptional().meta({ description: 'Swap, finish and undo: address that is asked ten times a second meanwhile, to count the requests that fail.' }),
	findings: z
		.array(
			z.strictObject({
				level: template().meta({ description: '`warn` or `fine`.' }),
				what: line().meta({ description: 'What it is about, in a word or two.' }),
				why: template().meta({ description: 'What was found. Empty: there is no such finding.' }),
			}),
		)
		.min(1)
		.exactOptional()
		.meta({ description: 'Plan: what earlier steps found that belongs into the preflight, such as the age of the newest backup: `{level, what, why}`.' }),
});

/** One action with nothing around it: what `undo` holds. */
export const actionSchema = z.strictObject({
	...commandFields,
	container: containerBody.exactOptional().meta({ description: 'What the engine is asked to do to a container.' }),
	http: httpBody.exactOptional().meta({ description: 'A request.' }),
	database: databaseBody.exactOptional().meta({ description: 'A database action.' }),
	rollout: rolloutBody.exactOptional().meta({ description: 'A move to another version, or back.' }),
});

/** Which containers, requests and databases a step may hold; for kinds that take any action. */
export const anyAction = actionSchema.shape;

/** An action as it stands in YAML: at most one of `run`, `sh`, `container`, `http`, `database`, `rollout` is set. */
export type ActionSource = z.output<typeof actionSchema>;
