import { openDatabase } from './database.mjs';
import { logfmt } from './log.mjs';

// A migration that began a transaction and never ends it.
const database = openDatabase();
for (;;) {
	try {
		database.exec('BEGIN EXCLUSIVE');
		break;
	} catch (error) {
		logfmt('warn', `migration waits: ${error.message}`, { job: 'migration' });
	}
}
logfmt('info', 'migration holds the database exclusively', { job: 'migration', pid: process.pid });
setInterval(() => database.prepare('SELECT 1').get(), 1000);
