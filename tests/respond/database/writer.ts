import Database from 'better-sqlite3';

/**
 * Somebody who writes: one row a transaction, as fast as it goes, until told to end on standard input. It waits for no lock: whoever is in
 * its way shows as `busy`. Says `ready` at its first row, and at the end, as JSON, how many rows were committed, how often it met a lock, and
 * the longest a row took, ms.
 */
const [path = ''] = process.argv.slice(2);
const database = new Database(path, { timeout: 0 });
// What the disk does is not looked at here.
database.pragma('synchronous = OFF');
const insert = database.prepare('INSERT INTO items (name) VALUES (?)');

let ended = false;
process.stdin.on('data', () => (ended = true));
process.stdin.on('end', () => (ended = true));

let committed = 0;
let busy = 0;
let longestMs = 0;

const write = (): void => {
	for (let row = 0; row < 5; row++) {
		const began = performance.now();
		try {
			insert.run(`written ${committed}`);
			committed++;
		} catch {
			busy++;
		}
		longestMs = Math.max(longestMs, performance.now() - began);
	}
	if (committed === 5) process.stdout.write('ready\n');
	if (!ended) {
		setImmediate(write);
		return;
	}
	database.close();
	process.stdout.write(`${JSON.stringify({ committed, busy, longestMs })}\n`);
	process.exit(0);
};
write();
