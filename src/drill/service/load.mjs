import { endOnRequest, log } from './log.mjs';

// A steady stream of requests through the gateway; every one is counted, and each failure has its reason.
const target = process.env['TARGET'] ?? 'http://gateway:8080';
const perSecond = Number(process.env['REQUESTS_PER_SECOND'] ?? 10);

let requests = 0;
let failed = 0;
let inWindow = [];
let reasons = new Map();

async function request() {
	const write = requests % 5 === 0;
	const started = performance.now();
	requests++;
	let reason;
	try {
		const response = await fetch(`${target}/api/items${write ? '' : `/${1 + (requests % 200)}`}`, {
			method: write ? 'POST' : 'GET',
			...(write ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name: `load ${requests}`, price: 1 }) } : {}),
			signal: AbortSignal.timeout(5000),
		});
		await response.arrayBuffer();
		reason = response.status >= 500 ? `status ${response.status}` : undefined;
	} catch (error) {
		reason = error.name === 'TimeoutError' ? 'no answer within 5 s' : (error.cause?.code ?? error.message);
	}
	inWindow.push(performance.now() - started);
	if (reason !== undefined) {
		failed++;
		reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
	}
}

setInterval(() => void request(), 1000 / perSecond);

setInterval(() => {
	const sorted = inWindow.sort((a, b) => a - b);
	const p95 = sorted[Math.floor(sorted.length * 0.95)];
	log(reasons.size > 0 ? 'WARNING' : 'INFO', reasons.size > 0 ? `requests fail: ${[...reasons].map(([why, count]) => `${count} x ${why}`).join(', ')}` : 'requests answered', {
		requests_total: requests,
		failed_total: failed,
		p95_ms: p95 === undefined ? null : Math.round(p95),
	});
	inWindow = [];
	reasons = new Map();
}, 2000);

endOnRequest(() => {});
