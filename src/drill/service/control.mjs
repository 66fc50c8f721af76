import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

// Orders are files that the engine copies into the container: that works whether the process answers, hangs,
// is paused or does not run. An order is removed as it is taken, so that a restart heals; one whose name begins
// with "sticky-" stays and holds on every start.
const folder = '/control';

const packedBefore = Date.UTC(2001, 0);

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

/**
 * Nothing where the engine has not done with the file, which is read again a moment later: removed under its hands,
 * the copy would fail though the order was taken. It is done once the file bears the old date it was packed with.
 */
function readOrder(path) {
	try {
		if (statSync(path).mtimeMs > packedBefore) {
			return undefined;
		}
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
