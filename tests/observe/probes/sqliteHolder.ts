import { argv } from 'node:process';
import Database from 'better-sqlite3';

/** A process that has the database open and does what it is told. */
const database = new Database(argv[2] ?? '', { timeout: 0 });

const writeFor = (ms: number): string => {
	const until = performance.now() + ms;
	let wrote = 0;
	let refused = 0;
	while (performance.now() < until) {
		try {
			database.prepare("INSERT INTO items (name) VALUES ('busy')").run();
			wrote++;
		} catch {
			refused++;
		}
		// Leave the lock between two writes, as any real writer does.
		Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
	}
	return `wrote ${wrote}, refused ${refused}`;
};

process.on('message', (sql) => {
	const text = typeof sql === 'string' ? sql : '';
	const forMs = /^-- write for (\d+) ms$/.exec(text)?.[1];
	if (forMs !== undefined) return process.send?.(writeFor(Number(forMs)));
	database.exec(text);
	return process.send?.('done');
});
process.on('disconnect', () => process.exit(0));
process.send?.('open');
