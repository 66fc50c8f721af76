import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { log } from './log.mjs';

const mebibyte = 1024 * 1024;

/** What is wrong with the service right now. Nothing, until it is ordered. */
export const faults = { health: 'ok', errorRate: 0, latencyMs: 0 };

const held = [];
let burner;
let noise;

/** Carries out an order that concerns this process; false where it is not one of them. */
export function carryOut(order) {
	switch (order.name) {
		case 'crash':
			log('CRITICAL', `unrecoverable error: worker pool lost, exiting with code ${order.code}`);
			process.exit(order.code);
		case 'out-of-memory':
			log('ERROR', 'loading the whole export into memory');
			setInterval(() => hold(32), 20);
			return true;
		case 'leak-out':
			// Through 512 MiB in some 15 s: long enough to become healthy first.
			setInterval(() => hold(6), 200);
			return true;
		case 'memory-leak':
			setInterval(() => usedPercent() < 92.5 && hold(4), 50);
			return true;
		case 'health-failing':
		case 'health-hanging':
			faults.health = order.name === 'health-failing' ? 'failing' : 'hanging';
			return true;
		case 'errors':
			faults.errorRate = order.rate;
			return true;
		case 'latency':
			faults.latencyMs = order.ms;
			return true;
		case 'cpu-burn':
			burner ??= new Worker('for (;;) {}', { eval: true });
			return true;
		case 'log-errors':
			makeNoise(100, 3, () => log('ERROR', `payment provider refused: ${new Error('connection reset').stack}`, { path: '/api/items', status_code: 502 }));
			return true;
		case 'log-flood':
			makeNoise(20, 100, (index) => log('DEBUG', `cache lookup ${index}`, { path: '/api/items', key: `item:${index}` }));
			return true;
		default:
			return false;
	}
}

function hold(count) {
	held.push(Buffer.alloc(count * mebibyte, 1));
}

function makeNoise(everyMs, lines, write) {
	clearInterval(noise);
	let index = 0;
	noise = setInterval(() => {
		for (let line = 0; line < lines; line++) write(index++);
	}, everyMs);
}

/** Memory of this container in percent of its limit, as `docker stats` counts it (cgroup v2, else v1). */
function usedPercent() {
	const root = '/sys/fs/cgroup';
	try {
		return percent(`${root}/memory.current`, `${root}/memory.max`, `${root}/memory.stat`, 'inactive_file');
	} catch {
		return percent(`${root}/memory/memory.usage_in_bytes`, `${root}/memory/memory.limit_in_bytes`, `${root}/memory/memory.stat`, 'total_inactive_file');
	}
}

function percent(usage, limit, stat, inactive) {
	const cached = new RegExp(`^${inactive} (\\d+)`, 'm').exec(readFileSync(stat, 'utf8'));
	return (100 * (Number(readFileSync(usage, 'utf8')) - Number(cached?.[1] ?? 0))) / Number(readFileSync(limit, 'utf8'));
}
