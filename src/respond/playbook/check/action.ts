import type { PlaybookComplaint } from '../complaint.ts';
import { formatError } from '../complaint.ts';
import type { ActionSource } from '../schema/action.ts';
import { orList } from '../words.ts';

type Path = readonly PropertyKey[];

const bodies = ['run', 'sh', 'container', 'http', 'database', 'rollout'] as const;

/** Which fields of a container body each act knows, beside `action` and `name`. */
const containerFields: Readonly<Record<string, readonly string[]>> = {
	stop: ['graceSeconds'],
	restart: ['graceSeconds'],
	kill: ['signal'],
	logs: ['tail', 'sinceSeconds'],
};

const container = (source: NonNullable<ActionSource['container']>, path: Path): readonly PlaybookComplaint[] => {
	const known = containerFields[source.action] ?? [];
	return (['graceSeconds', 'signal', 'tail', 'sinceSeconds'] as const)
		.filter((key) => source[key] !== undefined && !known.includes(key))
		.map((key) => ({ ...formatError([...path, key], `is of no use to ${source.action}${known.length === 0 ? '' : `, which knows ${orList(known)}`}`), atKey: true }));
};

const http = (source: NonNullable<ActionSource['http']>, path: Path): readonly PlaybookComplaint[] => {
	const found: PlaybookComplaint[] = [];
	const method = source.method ?? 'GET';
	if (source.body !== undefined && source.json !== undefined) found.push(formatError([...path, 'json'], 'expected either body or json, found both'));
	if ((method === 'GET' || method === 'HEAD') && (source.body !== undefined || source.json !== undefined)) {
		found.push(formatError([...path, source.body === undefined ? 'json' : 'body'], `a ${method} sends nothing`, 'Set method: POST, or leave it out.'));
	}
	if (!/^(?:https?:\/\/|\$\{\{)/.test(source.url)) found.push(formatError([...path, 'url'], `expected an address that begins with http:// or https://, found ${JSON.stringify(source.url)}`));
	return found;
};

const database = (source: NonNullable<ActionSource['database']>, path: Path): readonly PlaybookComplaint[] => {
	const found: PlaybookComplaint[] = [];
	const { action } = source;
	const wantsFile = action === 'backup' || action === 'restore';
	const mayHaveFile = wantsFile || action === 'schema';
	if (wantsFile && source.file === undefined) found.push(formatError([...path, 'file'], `missing; expected the file to ${action === 'backup' ? 'write the backup to' : 'restore from'}`));
	if (!mayHaveFile && source.file !== undefined) found.push({ ...formatError([...path, 'file'], `is of no use to ${action}, only to backup, restore and schema`), atKey: true });
	if (action !== 'backups' && source.folder !== undefined) found.push({ ...formatError([...path, 'folder'], `is of no use to ${action}, only to backups`), atKey: true });
	if (source.system === 'postgres' && action === 'backups' && source.folder === undefined) found.push(formatError([...path, 'folder'], 'missing; expected the folder of the backups'));
	if (action === 'query' && source.sql === undefined) found.push(formatError([...path, 'sql'], 'missing; expected the statement'));
	if (action !== 'query' && source.sql !== undefined) found.push({ ...formatError([...path, 'sql'], `is of no use to ${action}, only to query`), atKey: true });
	if (source.stopped !== undefined && action !== 'restore') found.push({ ...formatError([...path, 'stopped'], `is of no use to ${action}, only to restore`), atKey: true });
	return found;
};

/** Which fields of a rollout body each act knows, beside `action` and `service`. */
const rolloutFields = {
	versions: [],
	plan: ['to', 'way', 'proveWithinSeconds', 'findings'],
	swap: ['to', 'way', 'proveWithinSeconds', 'plan', 'watch'],
	finish: ['plan', 'watch'],
	undo: ['plan', 'watch'],
	retire: ['plan'],
} as const satisfies Readonly<Record<NonNullable<ActionSource['rollout']>['action'], readonly string[]>>;

const rollout = (source: NonNullable<ActionSource['rollout']>, path: Path): readonly PlaybookComplaint[] => {
	const known: readonly string[] = rolloutFields[source.action];
	return (['to', 'way', 'proveWithinSeconds', 'plan', 'watch', 'findings'] as const)
		.filter((key) => source[key] !== undefined && !known.includes(key))
		.map((key) => ({ ...formatError([...path, key], `is of no use to ${source.action}${known.length === 0 ? '' : `, which knows ${orList(known)}`}`), atKey: true }));
};

/** What the schema cannot see of one action. @param wanted how many bodies it has to have */
export const checkAction = (source: ActionSource, path: Path, wanted: 'one' | 'at most one'): readonly PlaybookComplaint[] => {
	const set = bodies.filter((key) => source[key] !== undefined);
	const found: PlaybookComplaint[] = [];
	const [first, second] = set;
	if (second !== undefined) found.push({ ...formatError([...path, second], `expected one of ${orList(bodies)}, found ${set.join(' and ')}`, 'Make two steps of it.'), atKey: true });
	if (first === undefined && wanted === 'one') found.push(formatError(path, `no action; expected one of ${orList(bodies)}`));
	for (const key of ['in', 'env', 'workingDir'] as const) {
		if (source[key] !== undefined && source.run === undefined && source.sh === undefined) found.push({ ...formatError([...path, key], 'is of no use without run or sh'), atKey: true });
	}
	if (source.container !== undefined) found.push(...container(source.container, [...path, 'container']));
	if (source.http !== undefined) found.push(...http(source.http, [...path, 'http']));
	if (source.database !== undefined) found.push(...database(source.database, [...path, 'database']));
	if (source.rollout !== undefined) found.push(...rollout(source.rollout, [...path, 'rollout']));
	return found;
};
