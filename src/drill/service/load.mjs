import { Agent, createServer, request } from 'node:http';
import { endOnRequest, log } from './log.mjs';
import { Windows } from './windows.mjs';

// A steady stream of requests through the gateway; every one is counted, and each failure has its reason.
const target = process.env['TARGET'] ?? 'http://gateway:8080';
const perSecond = Number(process.env['REQUESTS_PER_SECOND'] ?? 10);
const answerMs = 5000;
// A connection for each request looks the name up each time, as clients do that come and go.
const agent = process.env['KEEP_ALIVE'] === 'no' ? false : new Agent({ keepAlive: true });

const windows = new Windows();
let requests = 0;
let ok = 0;
let failed = 0;
let times = [];
let reasons = new Map();

/** Resolves with the reason where it failed. */
function ask(method, path, body) {
	return new Promise((resolve) => {
		const asked = request(`${target}${path}`, { agent, method, signal: AbortSignal.timeout(answerMs), headers: body === undefined ? {} : { 'content-type': 'application/json' } }, (response) => {
			response.resume();
			response.on('end', () => resolve(response.statusCode >= 500 ? `status ${response.statusCode}` : undefined));
			response.on('error', (error) => resolve(reasonOf(error)));
		});
		asked.on('error', (error) => resolve(reasonOf(error)));
		asked.end(body);
	});
}

const reasonOf = (error) => (error.name === 'AbortError' || error.name === 'TimeoutError' ? 'no answer within 5 s' : (error.code ?? error.message));

async function send() {
	const write = requests % 5 === 0;
	const started = performance.now();
	requests++;
	const done = windows.sent();
	const reason = write ? await ask('POST', '/api/items', JSON.stringify({ name: `load ${requests}`, price: 1 })) : await ask('GET', `/api/items/${1 + (requests % 200)}`);
	times.push(performance.now() - started);
	done(reason);
	if (reason === undefined) {
		ok++;
	} else {
		failed++;
		reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
	}
}

setInterval(() => void send(), 1000 / perSecond);

setInterval(() => {
	const sorted = times.sort((a, b) => a - b);
	const p95 = sorted[Math.floor(sorted.length * 0.95)];
	log(reasons.size > 0 ? 'WARNING' : 'INFO', reasons.size > 0 ? `requests fail: ${[...reasons].map(([why, count]) => `${count} x ${why}`).join(', ')}` : 'requests answered', {
		requests_total: requests,
		ok_total: ok,
		failed_total: failed,
		p95_ms: p95 === undefined ? null : Math.round(p95),
	});
	times = [];
	reasons = new Map();
}, 2000);

function stats({ method, url }) {
	if (url === '/stats') return method === 'POST' ? windows.turn() : windows.read();
	const id = /^\/stats\/(\d+)$/.exec(url ?? '')?.[1];
	return id === undefined ? undefined : windows.read(Number(id));
}

// GET /stats: the window that goes on. POST /stats ends it and begins another. GET /stats/3: an earlier one, for what was under way at its end.
createServer((message, response) => {
	const found = stats(message);
	response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(found ?? { detail: 'Not Found' }));
}).listen(8081);

endOnRequest(() => {});
