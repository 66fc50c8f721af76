import type { Verdict } from './verdict.ts';
import { both, change, destructive, read, unknown } from './verdict.ts';

/** Longer texts are not looked at, characters: nobody writes them by hand. */
const maxLength = 20_000;

type Dialect = 'sqlite' | 'postgres' | 'other';

/** SQL without comments, and with its texts and quoted names emptied, so that words in them mislead nobody. */
const bare = (sql: string): string => sql.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\$(\w*)\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\//g, (found) => (/^(?:--|\/\*)/.test(found) ? ' ' : "''"));

/** Pragmas that only tell where they are given nothing to set. */
const tellingPragma = /^(?:integrity_check|quick_check|foreign_key_check|table_x?info|table_list|index_x?info|index_list|database_list|collation_list|compile_options|function_list|pragma_list|module_list|foreign_key_list|page_count|freelist_count|data_version|stats)$/i;

const dotReads = /^\.(?:tables?|schema|dbinfo|databases|indexes|indices|dump|show|help|fullschema|stats|timer|headers?|mode|echo|changes|eqp|explain|nullvalue|width|separator|print|quit|exit|timeout|bail|lint|sha3sum|dbconfig|limit|vfsname|vfsinfo|vfslist|version|parameter|prompt|binary|crlf|scanstats|expert|selftest)\b/;

const dot = (line: string): Verdict => {
	const name = line.split(/\s/)[0] ?? line;
	if (dotReads.test(line)) return read(`${name} only shows`);
	if (/^\.restore\b/.test(line)) return destructive('.restore overwrites the database');
	if (/^\.(?:shell|system|read|load|excel|edit)\b/.test(line)) return unknown(`what ${name} runs is not known`);
	return change(`${name} writes a file or the database`);
};

/** Meta commands of psql: `\d` and its kin show, `\!` and `\i` run things. */
const meta = (line: string): Verdict => {
	if (/^\\(?:d\S*|l\+?|x|timing|conninfo|c|connect|echo|q|a|t|pset|set|encoding|z|sf|sv|h|\?)(?:\s|$)/.test(line)) return read(`${line.split(/\s/)[0] ?? line} only shows`);
	return unknown(`what ${line.split(/\s/)[0] ?? line} does is not known`);
};

/** Functions by which a SELECT changes something. */
const acting = /\b(?:pg_terminate_backend|pg_cancel_backend|pg_reload_conf|pg_rotate_logfile|pg_switch_wal|pg_promote|pg_drop_replication_slot|pg_create_\w+|pg_advisory_\w+|pg_stat_reset\w*|setval|nextval|set_config|lo_(?:import|export|unlink|create|put)|dblink\w*|writefile|load_extension|edit|fts3_tokenizer|sqlite_dbpage|drop_chunks|create_hypertable)\s*\(/i;

const statement = (text: string, dialect: Dialect): Verdict => {
	const [first = '', second = ''] = text.toUpperCase().split(/[^A-Z_]+/).filter((word) => word !== '');
	const has = (word: RegExp): boolean => word.test(text);
	switch (first) {
		case 'SELECT':
		case 'VALUES':
		case 'TABLE':
		case 'WITH':
		case 'EXPLAIN': {
			if (first === 'EXPLAIN' && !has(/\banaly[sz]e\b/i)) return read('EXPLAIN only shows');
			if (has(/\b(?:delete\s+from|truncate|drop)\b/i)) return destructive(`${first} with a DELETE removes data`);
			if (has(/\b(?:insert\s+(?:into|or)|update|merge\s+into|replace\s+into)\b/i)) return change(`${first} with a write changes data`);
			if (has(/\binto\s+(?!'')\w/i) || has(/\bfor\s+(?:update|share|no\s+key)/i) || has(acting)) return change(`${first} acts on the database`);
			return read(`${first} only reads`);
		}
		case 'PRAGMA': {
			const [, name = '', rest = ''] = /^\s*pragma\s+(?:\w+\.)?(\w+)\s*([\s\S]*)$/i.exec(text) ?? [];
			if (tellingPragma.test(name)) return read(`PRAGMA ${name} only shows`);
			if (/^(?:wal_checkpoint|optimize|incremental_vacuum|shrink_memory)$/i.test(name)) return change(`PRAGMA ${name} works on the database`);
			if (/^writable_schema$/i.test(name) && rest !== '') return destructive('PRAGMA writable_schema lets the schema be broken');
			return rest.trim() === '' ? read(`PRAGMA ${name} only shows`) : change(`PRAGMA ${name} sets something`);
		}
		case 'SHOW':
		case 'DESCRIBE':
		case 'DESC':
		case 'BEGIN':
		case 'START':
		case 'COMMIT':
		case 'END':
		case 'ROLLBACK':
		case 'SAVEPOINT':
		case 'RELEASE':
		case 'SET':
		case 'RESET':
		case 'USE':
		case 'FETCH':
		case 'DECLARE':
		case 'CLOSE':
		case 'LISTEN':
		case 'DISCARD':
			return has(/^\s*set\s+global\b/i) ? change('SET GLOBAL changes the server') : read(`${first} only reads`);
		case 'DELETE':
		case 'TRUNCATE':
			return destructive(`${first} removes data`);
		case 'DROP':
			return second === 'INDEX' || second === 'VIEW' ? change(`DROP ${second} can be made again`) : destructive(`DROP ${second} removes data`);
		case 'UPDATE':
			return has(/\bwhere\b/i) ? change('UPDATE changes data') : destructive('UPDATE without WHERE overwrites every row');
		case 'ALTER':
			return has(/\bdrop\b/i) ? destructive('ALTER … DROP removes data') : change('ALTER changes the schema');
		case 'REPLACE':
		case 'MERGE':
			return change(`${first} overwrites rows`);
		case 'COPY':
			return has(/\bto\s+stdout\b/i) ? read('COPY TO STDOUT only reads') : change('COPY writes');
		case 'INSERT':
		case 'CREATE':
		case 'VACUUM':
		case 'ANALYZE':
		case 'ANALYSE':
		case 'REINDEX':
		case 'CLUSTER':
		case 'GRANT':
		case 'REVOKE':
		case 'ATTACH':
		case 'DETACH':
		case 'LOCK':
		case 'CHECKPOINT':
		case 'NOTIFY':
		case 'COMMENT':
		case 'REFRESH':
		case 'OPTIMIZE':
		case 'FLUSH':
		case 'KILL':
			return change(`${first} changes the database`);
		default:
			return unknown(`what ${first === '' ? 'the statement' : first} does ${dialect === 'sqlite' ? 'to the database ' : ''}is not known`);
	}
};

/** Dot and meta commands stand on a line of their own; the rest is SQL. */
const partsOf = (text: string, dialect: Dialect): { readonly lines: readonly string[]; readonly sql: string } => {
	const own = dialect === 'sqlite' ? /^\s*\./ : dialect === 'postgres' ? /^\s*\\/ : /^\s*\\[a-zA-Z]/;
	const lines: string[] = [];
	const rest: string[] = [];
	for (const line of text.split('\n')) (own.test(line) ? lines : rest).push(line);
	return { lines: lines.map((line) => line.trim()), sql: rest.join('\n') };
};

/**
 * What statements can do, by their first words. Unknown ones may change something.
 * @param client program they are given to, for the words
 */
export const riskOfSql = (text: string, client: string, dialect: Dialect): Verdict => {
	if (text.length > maxLength) return { risk: 'destructive', why: `${client}: the statements are too long to be looked at`, certain: false };
	const { lines, sql } = partsOf(text, dialect);
	const verdicts = [
		...lines.map((line) => (dialect === 'sqlite' ? dot(line) : meta(line))),
		...bare(sql)
			.split(';')
			.filter((each) => each.trim() !== '')
			.map((each) => statement(each, dialect)),
	];
	const first = verdicts[0];
	if (first === undefined) return read(`${client} is told nothing`);
	const worst = verdicts.reduce(both);
	return { ...worst, why: `${client}: ${worst.why}` };
};
