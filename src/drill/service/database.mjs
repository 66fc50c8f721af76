import { closeSync, copyFileSync, existsSync, mkdirSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

const folder = '/data';
export const databasePath = `${folder}/app.db`;
const backupPath = `${folder}/backups/app-first.db`;

/** Opens the shared database in WAL mode. Writers wait 250 ms for each other, then fail as locked. */
export function openDatabase() {
	const database = new DatabaseSync(databasePath);
	database.exec('PRAGMA busy_timeout = 250');
	return database;
}

/** Makes the tables and some items where there are none, and one backup of that. */
export function prepareDatabase(database) {
	database.exec('PRAGMA journal_mode = WAL');
	database.exec('CREATE TABLE IF NOT EXISTS items (id INTEGER PRIMARY KEY, name TEXT NOT NULL, price REAL NOT NULL, created_at TEXT NOT NULL)');
	database.exec('CREATE TABLE IF NOT EXISTS queue (id INTEGER PRIMARY KEY, item_id INTEGER NOT NULL, done_at TEXT)');
	database.exec('CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL)');
	database.exec("INSERT INTO alembic_version SELECT '0001' WHERE NOT EXISTS (SELECT 1 FROM alembic_version)");
	const { count } = database.prepare('SELECT COUNT(*) AS count FROM items').get();
	if (count === 0) {
		const insert = database.prepare('INSERT INTO items (name, price, created_at) VALUES (?, ?, ?)');
		database.exec('BEGIN');
		for (let index = 1; index <= 200; index++) insert.run(`item ${index} ${'.'.repeat(200)}`, index * 1.5, new Date().toISOString());
		database.exec('COMMIT');
	}
	mkdirSync(`${folder}/backups`, { recursive: true });
	mkdirSync(`${folder}/logs`, { recursive: true });
	if (!existsSync(backupPath)) database.exec(`VACUUM INTO '${backupPath}'`);
}

/** Writes rubbish over everything but the header, with nothing left in the log that could mend it. */
export function corruptDatabase(database) {
	// The worker may be reading or writing: what stays in the log would hide the rubbish.
	for (let tries = 0; tries < 40 && database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.busy !== 0; tries++);
	database.close();
	const file = openSync(databasePath, 'r+');
	const size = statSync(databasePath).size;
	for (let offset = 4096; offset < size; offset += 4096) writeSync(file, Buffer.alloc(4096, 'rubbish '), 0, 4096, offset);
	closeSync(file);
}

/** Whether what clients ask for can be read, as a process sees it that has nothing of it in memory. */
export function canBeRead() {
	const database = openDatabase();
	try {
		database.prepare('SELECT COUNT(*), MAX(name) FROM items').get();
		return true;
	} catch {
		return false;
	} finally {
		database.close();
	}
}

/** Puts the first backup in place of the database. Nobody else may have it open. */
export function restoreDatabase() {
	for (const end of ['', '-wal', '-shm']) rmSync(`${databasePath}${end}`, { force: true });
	if (existsSync(backupPath)) copyFileSync(backupPath, databasePath);
}
