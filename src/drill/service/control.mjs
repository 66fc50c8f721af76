import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

// Orders are files that the engine copies into the container: that works whether the process answers, hangs,
// is paused or does not run. An order is removed as it is taken, so that a restart heals; one whose name begins
// with "sticky-" stays and holds on every start.
const folder = '/control';

/** Takes the orders that lie there now, each `{name, ...settings}`. */
export function takeOrders() {
	mkdirSync(folder, { recursive: true });
	return readdirSync(folder)
		.filter((name) => name.endsWith('.json'))
		.sort()
		.flatMap((name) => {
			const path = join(folder, name);
			const order = readOrder(path);
			if (order !== undefined && !name.startsWith('sticky-')) {
				rmSync(path);
			}
			return order === undefined ? [] : [order];
		});
}

/** Nothing where the file is still being written: it is read again a moment later. */
function readOrder(path) {
	try {
		return JSON.parse(readFileSync(path, 'utf8'));
	} catch {
		return undefined;
	}
}

/** Hands over orders as they come, several times a second. A sticky one is handed over once in a process's life. */
export function followOrders(act) {
	const seen = new Set();
	const look = () => {
		for (const order of takeOrders()) {
			const key = JSON.stringify(order);
			if (order.sticky !== true || !seen.has(key)) {
				seen.add(key);
				act(order);
			}
		}
	};
	look();
	setInterval(look, 100);
}
