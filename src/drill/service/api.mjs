import { createServer } from 'node:http';
import { followOrders, takeOrders } from './control.mjs';
import { canBeRead, corruptDatabase, openDatabase, prepareDatabase, restoreDatabase } from './database.mjs';
import { carryOut, faults } from './faults.mjs';
import { endOnRequest, log } from './log.mjs';
import { Metrics } from './metrics.mjs';
import { openApi } from './openApi.mjs';
import { behave, release, version } from './release.mjs';
import { migrate, schemaOf, schemaWords } from './schema.mjs';

behave();
for (const order of takeOrders()) {
	if (order.name === 'crash-on-start') {
		log('CRITICAL', `cannot start: configuration is incomplete, exiting with code ${order.code}`);
		process.exit(order.code);
	}
	if (order.name === 'restore') restoreDatabase();
	else carryOut(order);
}

/** The prices of the day are asked for with every request: what a service of this kind waits for, ms. */
const pricesMs = 20;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const schema = schemaOf(release);

const metrics = new Metrics();
metrics.describe('http_requests_total', 'counter', 'Requests by method, path and status.');
metrics.describe('http_request_duration_seconds', 'histogram', 'Time to answer.');
metrics.describe('db_query_duration_seconds', 'histogram', 'Time of a database query.');
metrics.describe('process_resident_memory_bytes', 'gauge', 'Memory of the process.');
metrics.describe('app_info', 'gauge', 'Version that runs.');

let database = openDatabase();
try {
	prepareDatabase(database);
	if (schema.migrates) migrate(database);
} catch (error) {
	log('ERROR', `database cannot be prepared: ${error.message}`);
}

function query(name, run) {
	const started = performance.now();
	try {
		return run(database);
	} finally {
		metrics.observe('db_query_duration_seconds', { query: name }, (performance.now() - started) / 1000);
	}
}

/** Fails where the database cannot be read or written, or is not the one that this version was made for. */
function checkDatabase() {
	query('check', (db) => {
		try {
			db.prepare(schema.check).get();
		} catch (error) {
			throw new Error(schemaWords(db, schema, error), { cause: error });
		}
		db.exec('BEGIN IMMEDIATE');
		db.exec('ROLLBACK');
	});
}

async function answer(message, path) {
	if (path === '/health') {
		if (faults.health === 'hanging') return new Promise(() => {});
		return faults.health === 'failing' ? [503, { status: 'unhealthy', reason: 'dependency check failed' }] : [200, { status: 'healthy', version }];
	}
	if (path === '/ready') {
		try {
			checkDatabase();
			return [200, { status: 'ready', database: 'connected' }];
		} catch (error) {
			return [503, { status: 'not ready', database: error.message }];
		}
	}
	if (path === '/openapi.json') return [200, openApi(version)];
	if (!path.startsWith('/api/items')) return [404, { detail: 'Not Found' }];
	if (faults.latencyMs > 0) await pause(faults.latencyMs);
	const began = performance.now();
	await pause(pricesMs);
	if (Math.random() < faults.errorRate) throw new Error('unexpected None in price calculation');
	const answered = await items(message, path);
	// Everything is done once more: a look for each item instead of one for all.
	if (release === 'slow') await pause(performance.now() - began);
	return answered;
}

async function items(message, path) {
	const id = /^\/api\/items\/(\d+)$/.exec(path)?.[1];
	if (message.method === 'GET' && id !== undefined) {
		const item = query('get', (db) => db.prepare(schema.get).get(Number(id)));
		return item === undefined ? [404, { detail: 'Item not found' }] : [200, item];
	}
	if (message.method === 'GET' && path === '/api/items') {
		return [200, query('list', (db) => db.prepare(schema.list).all())];
	}
	if (message.method === 'POST' && path === '/api/items') {
		const { name, price } = await readBody(message);
		if (typeof name !== 'string' || typeof price !== 'number') return [422, { detail: 'name and price are required' }];
		const { lastInsertRowid } = query('insert', (db) => db.prepare('INSERT INTO items (name, price, created_at) VALUES (?, ?, ?)').run(name, price, new Date().toISOString()));
		query('queue', (db) => db.prepare('INSERT INTO queue (item_id) VALUES (?)').run(lastInsertRowid));
		return [201, { id: Number(lastInsertRowid), name, price }];
	}
	return [405, { detail: 'Method Not Allowed' }];
}

async function readBody(message) {
	let text = '';
	for await (const chunk of message.setEncoding('utf8')) {
		text += chunk;
		if (text.length > 65_536) return {};
	}
	try {
		return JSON.parse(text);
	} catch {
		return {};
	}
}

function template(path) {
	return path.replace(/\/\d+$/, '/{id}');
}

async function serve(message, response) {
	const started = performance.now();
	const { pathname } = new URL(message.url ?? '/', 'http://localhost');
	if (pathname === '/metrics') {
		const gauges = { process_resident_memory_bytes: [[{}, process.memoryUsage.rss()]], app_info: [[{ version }, 1]] };
		response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(metrics.text(gauges));
		return;
	}
	let status;
	let body;
	let level = 'INFO';
	let words = 'request completed';
	try {
		[status, body] = await answer(message, pathname);
	} catch (error) {
		[status, body] = [500, { detail: 'Internal Server Error' }];
		level = 'ERROR';
		words = error.message;
	}
	if (response.destroyed) return;
	response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
	const seconds = (performance.now() - started) / 1000;
	metrics.count('http_requests_total', { method: message.method, path: template(pathname), status });
	metrics.observe('http_request_duration_seconds', { path: template(pathname) }, seconds);
	if (pathname !== '/health') {
		log(level, words, { method: message.method, path: pathname, status_code: status, duration_ms: Math.round(seconds * 1000) });
	}
}

const server = createServer((message, response) => void serve(message, response));
server.listen(8000, () => log('INFO', `version ${version} listens on port 8000`));
endOnRequest(() => {
	try {
		database.close();
	} catch {}
});

followOrders((order) => {
	if (order.name !== 'database-corrupt') {
		carryOut(order);
	} else if (canBeRead()) {
		corruptDatabase(database);
		database = openDatabase();
	}
});
