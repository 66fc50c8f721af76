/** What a release expects of the database, and asks of it. */
export const schemaOf = (release) => (release === 'migrates' ? half : first);

const first = {
	version: '0001',
	migrates: false,
	check: 'SELECT COUNT(*), MAX(price), MAX(created_at) FROM items',
	get: 'SELECT id, name, price, created_at FROM items WHERE id = ?',
	list: 'SELECT id, name, price, created_at FROM items ORDER BY id LIMIT 100',
};

const half = {
	version: '0002',
	migrates: true,
	check: 'SELECT COUNT(*), MAX(cents) FROM items JOIN prices ON prices.item_id = items.id',
	get: 'SELECT id, name, cents FROM items JOIN prices ON prices.item_id = items.id WHERE id = ?',
	list: 'SELECT id, name, cents FROM items JOIN prices ON prices.item_id = items.id ORDER BY id LIMIT 100',
};

/** A migration that was never tried on real data: it stops half way, and what it has dropped by then is gone. */
export function migrate(database) {
	database.exec('PRAGMA busy_timeout = 5000');
	try {
		if (versionIn(database) !== half.version) {
			database.exec('ALTER TABLE items RENAME COLUMN price TO price_cents');
			database.exec('ALTER TABLE items DROP COLUMN created_at');
			database.exec(`UPDATE alembic_version SET version_num = '${half.version}'`);
			database.exec('PRAGMA user_version = 2');
		}
		database.exec('INSERT INTO prices (item_id, cents) SELECT id, price_cents FROM items');
	} finally {
		database.exec('PRAGMA busy_timeout = 250');
	}
}

/** Why a version's query fails, with the schema where that is the reason. */
export function schemaWords(database, expected, error) {
	const found = versionIn(database);
	return found === undefined || (found === expected.version && !expected.migrates) ? error.message : `schema ${found}, and this version needs ${expected.version}${found === expected.version ? ' whole' : ''}: ${error.message}`;
}

function versionIn(database) {
	try {
		return database.prepare('SELECT version_num FROM alembic_version').get()?.version_num;
	} catch {
		return undefined;
	}
}
