import { apart, hasOption, plainWords, valueOf, valuesOf } from '../options.ts';
import type { CommandRule } from '../rule.ts';
import { changes, destroys, each, family, judged, reads } from '../rule.ts';
import { riskOfSql } from '../sql.ts';
import type { ShellWord } from '../types.ts';
import type { Context, Verdict } from '../verdict.ts';
import { both, change, destructive, read, unknown } from '../verdict.ts';

type Dialect = 'sqlite' | 'postgres' | 'other';

/** Risk of statements that a client is given as words, or through its input. */
const statements = (name: string, given: readonly ShellWord[], context: Context, dialect: Dialect): Verdict => {
	const verdicts = given.map((word) => (word.value === undefined ? unknown(`what ${name} is told only the run tells`) : riskOfSql(word.value, name, dialect)));
	if (verdicts.length > 0) return verdicts.reduce(both);
	switch (context.input.kind) {
		case 'text':
			return riskOfSql(context.input.text, name, dialect);
		case 'none':
			return { ...read(`${name} is told nothing`), interactive: `${name} without a statement waits for a person` };
		default:
			return unknown(`what ${name} is told through its input only the run tells`);
	}
};

const sqlite = (words: readonly ShellWord[], context: Context): Verdict => {
	// Options of sqlite3 have one dash and whole words, so each is looked for as it stands.
	const named = (name: string): boolean => words.some(({ value }) => value === `-${name}` || value === `--${name}`);
	const valued = ['cmd', 'init', 'separator', 'newline', 'nullvalue', 'mmap', 'maxsize', 'vfs', 'lookaside', 'pagecache', 'heap'].flatMap((name) => [`-${name}`, `--${name}`]);
	const plain = plainWords(words, { valued }).map(({ word }) => word);
	const given = [...plain.slice(1), ...valuesOf(words, ['-cmd', '--cmd'])];
	const verdict = statements('sqlite3', given, context, 'sqlite');
	if (named('version') || named('help')) return read('sqlite3 only shows');
	// -readonly keeps the database, not the files that its dot commands write.
	const dots = given.some(({ value }) => value === undefined || /(?:^|\n)\s*\./.test(value)) || (context.input.kind === 'text' && /(?:^|\n)\s*\./.test(context.input.text));
	return named('readonly') && !dots && context.input.kind !== 'pipe' ? { ...verdict, risk: 'read', why: 'sqlite3 -readonly only reads' } : verdict;
};

const psql = (given: readonly ShellWord[], context: Context): Verdict => {
	const words = apart(given, 'cdfhpUvoLFRTP');
	if (hasOption(words, ['-l', '--list', '-V', '--version', '--help'])) return read('psql only shows');
	const files = valuesOf(words, ['-f', '--file']);
	const told = valuesOf(words, ['-c', '--command']);
	const target = valueOf(words, ['-o', '--output']);
	let verdict = files.length > 0 ? unknown(`what ${files[0]?.text ?? 'the file'} holds only the run tells`) : statements('psql', told, context, 'postgres');
	if (files.length > 0 && told.length > 0) verdict = both(statements('psql', told, context, 'postgres'), verdict);
	if (target !== undefined) verdict = both(change('psql -o writes a file'), verdict);
	return hasOption(words, ['-W', '--password']) ? { ...verdict, mayAsk: 'psql -W asks for a password' } : verdict;
};

const mysql = (words: readonly ShellWord[], context: Context): Verdict => {
	// -p has its password at once, or asks for it.
	const rest = words.filter(({ value, text }) => !(value ?? text).startsWith('-p'));
	const verdict = statements('mysql', valuesOf(apart(rest, 'uhPSDe'), ['-e', '--execute']), context, 'other');
	return words.some(({ value }) => value === '-p' || value === '--password') ? { ...verdict, mayAsk: 'mysql -p asks for a password' } : verdict;
};

const mongo = (words: readonly ShellWord[], context: Context): Verdict => {
	const script = valueOf(words, ['--eval']);
	if (script === undefined && context.input.kind === 'none' && plainWords(words).every(({ word }) => !(word.value ?? '').endsWith('.js'))) return { ...read('mongosh is told nothing'), interactive: 'mongosh without --eval waits for a person' };
	if (script?.value !== undefined && /\.(?:drop\w*|delete\w*|remove)\s*\(/.test(script.value)) return destructive('mongosh removes data');
	return unknown('what mongosh is told is not known');
};

const redisReads = 'get mget strlen exists ttl pttl type keys scan hget hgetall hkeys hvals hlen hmget lrange llen lindex smembers scard sismember zrange zcard zscore xlen xrange xinfo xpending info ping dbsize time lastsave memory slowlog client role cluster command pubsub latency object echo dump randomkey bitcount getrange';
const redisDestroys = 'flushall flushdb shutdown del unlink hdel lrem ltrim srem zrem xdel xtrim swapdb debug';
const redisEndless = 'monitor subscribe psubscribe ssubscribe sync psync';

const redisTable = new Map<string, 'read' | 'destructive' | 'endless'>([
	...redisReads.split(' ').map((name) => [name, 'read'] as const),
	...redisDestroys.split(' ').map((name) => [name, 'destructive'] as const),
	...redisEndless.split(' ').map((name) => [name, 'endless'] as const),
]);

const redis = (words: readonly ShellWord[], context: Context): Verdict => {
	if (hasOption(words, ['--stat', '--latency', '--latency-history'])) return { ...read('redis-cli only shows'), endless: 'redis-cli --stat does not end by itself' };
	if (hasOption(words, ['--bigkeys', '--memkeys', '--hotkeys', '--scan'])) return read('redis-cli only shows');
	const plain = plainWords(words, { valued: ['-h', '-p', '-a', '-n', '-u', '-r', '-i', '-s', '-d', '--user', '--pass', '--rdb', '--eval', '--cacert', '--cert', '--key'] }).map(({ word }) => word);
	const [first, second] = plain;
	if (first === undefined) return context.input.kind === 'none' ? { ...read('redis-cli is told nothing'), interactive: 'redis-cli without a command waits for a person' } : unknown('what redis-cli is told through its input only the run tells');
	if (first.value === undefined) return unknown('what redis-cli is told only the run tells');
	const name = first.value.toLowerCase();
	const sub = second?.value?.toLowerCase() ?? '';
	if (name === 'config') return sub === 'get' ? read('redis-cli config get only shows') : change('redis-cli config changes settings');
	if ((name === 'client' && sub === 'kill') || (name === 'slowlog' && sub === 'reset') || (name === 'cluster' && /^(?:reset|forget|failover|addslots|delslots|meet|setslot)$/.test(sub)) || (name === 'memory' && sub === 'purge')) return change(`redis-cli ${name} ${sub} changes the server`);
	const known = redisTable.get(name);
	if (known === 'read') return read(`redis-cli ${name} only shows`);
	if (known === 'destructive') return destructive(`redis-cli ${name} removes data`);
	if (known === 'endless') return { ...read(`redis-cli ${name} only shows`), endless: `redis-cli ${name} does not end by itself` };
	return change(`redis-cli ${name} changes data`);
};

const natsGroup = (what: string): CommandRule =>
	family({ ...each('ls list info report view get state next subjects find status history peers', reads('only shows')), ...each('add edit create copy seal backup put pull', changes(`changes ${what}`)), ...each('rm remove purge rmm del delete restore compact', destroys(`removes ${what}`, { asksWithout: ['-f', '--force'] })), watch: reads('only shows', { endless: 'always' }) });

const pgDump = changes('writes a file', { certain: true });

/** Databases, caches and queues. */
export const databaseCommands: Readonly<Record<string, CommandRule>> = {
	...each('sqlite3 sqlite', judged(sqlite)),
	psql: judged(psql),
	...each('mysql mariadb', judged(mysql)),
	...each('mongo mongosh', judged(mongo)),
	...each('pg_dump pg_dumpall mysqldump mariadb-dump', reads('only reads', { options: [[['-f', '--file', '--result-file', '-r'], 'change', 'writes a file']] })),
	mongodump: pgDump,
	pg_basebackup: pgDump,
	...each('pg_isready mysqladmin', reads('only asks')),
	pg_restore: changes('writes into a database', { harmlessWith: ['-l', '--list'], options: [[['-c', '--clean', '-C', '--create'], 'destructive', '--clean drops what is there']] }),
	mongorestore: changes('writes into a database', { options: [[['--drop'], 'destructive', '--drop drops what is there']] }),
	createdb: changes('creates a database'),
	createuser: changes('creates a user', { interactive: { with: ['-P', '--pwprompt', '--interactive'] } }),
	dropdb: destroys('removes a database'),
	dropuser: destroys('removes a user'),
	vacuumdb: changes('works a database over'),
	reindexdb: changes('rebuilds indexes'),
	pg_ctl: family({ status: reads('only shows'), ...each('start stop restart reload promote logrotate', changes('changes whether a server runs')), initdb: changes('creates a server') }, { valued: ['-D', '-l', '-m', '-o', '-t'] }),
	pgbench: changes('puts load on a database'),
	'redis-cli': judged(redis),
	'valkey-cli': judged(redis),
	nats: family({
		...each('account server rtt latency context errors cheat', reads('only shows')),
		...each('sub subscribe', reads('only listens', { endless: { without: ['--count', '--wait', '--dump'] } })),
		events: reads('only listens', { endless: 'always' }),
		...each('pub publish request req reply bench', changes('sends messages')),
		...each('stream str s', natsGroup('streams and their messages')),
		...each('consumer con c', natsGroup('consumers')),
		...each('kv object obj', natsGroup('stored values')),
	}, { valued: ['-s', '--server', '--user', '--password', '--creds', '--nkey', '--context', '--timeout'] }),
	rabbitmqctl: family({
		...each('status list_queues list_connections list_channels list_exchanges list_bindings list_consumers list_users list_vhosts cluster_status environment report', reads('only shows')),
		...each('start_app stop_app add_user set_permissions set_policy set_user_tags change_password add_vhost', changes('changes the broker')),
		...each('purge_queue delete_queue reset force_reset delete_vhost delete_user forget_cluster_node', destroys('removes data of the broker')),
	}, { valued: ['-n', '-p'] }),
};
