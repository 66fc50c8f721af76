import { spawn } from 'node:child_process';
import { appendFileSync, rmSync } from 'node:fs';
import { followOrders } from './control.mjs';
import { openDatabase } from './database.mjs';
import { endOnRequest, logfmt } from './log.mjs';

// Takes work from the queue table, a few rows at a time.
let database;
let lockHolder;

function work() {
	try {
		database ??= openDatabase();
		const rows = database.prepare('SELECT id FROM queue WHERE done_at IS NULL LIMIT 50').all();
		const started = performance.now();
		for (const { id } of rows) database.prepare('UPDATE queue SET done_at = ? WHERE id = ?').run(new Date().toISOString(), id);
		database.exec('DELETE FROM queue WHERE done_at IS NOT NULL');
		database.exec('DELETE FROM items WHERE id > 2000');
		if (rows.length > 0) logfmt('info', 'jobs done', { count: rows.length, duration_ms: Math.round(performance.now() - started) });
	} catch (error) {
		logfmt('error', error.message, { code: error.errcode ?? error.code ?? 'unknown' });
		try {
			database?.close();
		} catch {}
		database = undefined;
	}
}

function fillDisk() {
	const chunk = Buffer.alloc(64 * 1024, 'worker debug output '.padEnd(64, '.'));
	try {
		for (;;) appendFileSync('/data/logs/worker-debug.log', chunk);
	} catch (error) {
		logfmt('error', `cannot write /data/logs/worker-debug.log: ${error.message}`, { code: error.code });
	}
}

function holdLock() {
	lockHolder ??= spawn(process.execPath, [...process.execArgv, '/app/lock.mjs'], { stdio: 'inherit' });
	lockHolder.once('exit', () => (lockHolder = undefined));
}

followOrders((order) => {
	if (order.name === 'disk-full') fillDisk();
	if (order.name === 'disk-clean') rmSync('/data/logs/worker-debug.log', { force: true });
	if (order.name === 'database-lock') holdLock();
	if (order.name === 'database-unlock') lockHolder?.kill('SIGKILL');
});
setInterval(work, 1000);
logfmt('info', 'worker started', { version: process.env['APP_VERSION'] ?? 'unknown' });
endOnRequest(() => {
	lockHolder?.kill('SIGKILL');
	database?.close();
});
