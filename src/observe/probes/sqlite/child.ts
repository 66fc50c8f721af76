import Database from 'better-sqlite3';
import type { SqliteCheck } from './check.ts';
import { checkDatabase } from './check.ts';

/**
 * Runs one check in a process of its own: a query inside SQLite cannot be interrupted, a process can be killed, and
 * with it go its locks. It ends by itself when its parent is gone.
 */
const isCheck = (message: unknown): message is SqliteCheck =>
	typeof message === 'object' && message !== null && 'path' in message && 'query' in message && 'patienceMs' in message;

process.on('disconnect', () => process.exit(0));
process.once('message', (message) => {
	if (!isCheck(message)) process.exit(2);
	checkDatabase(Database, message, (finding) => process.send?.({ finding })).then(
		() => process.send?.({ end: true }),
		(error: unknown) => process.send?.({ error: error instanceof Error ? error.message : String(error) }),
	);
});
