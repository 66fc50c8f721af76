import { carryOut, faults } from './faults.mjs';
import { log } from './log.mjs';

export const version = process.env['APP_VERSION'] ?? '1.0.0';
/** How this version behaves, as its image was made. */
export const release = process.env['APP_RELEASE'] ?? 'good';

/** Starts what is wrong with this version; what lies in its queries or in its speed is in their places. */
export function behave() {
	switch (release) {
		case 'crashes':
			log('CRITICAL', `version ${version} cannot start: ${new Error("Cannot find module 'payments'").stack}`);
			process.exit(1);
		case 'crashes-soon':
			return crashAfter(4);
		case 'crashes-late':
			return crashAfter(60);
		case 'errors':
			faults.errorRate = 0.4;
			return;
		case 'few-errors':
			faults.errorRate = 0.05;
			return;
		case 'leaks':
			carryOut({ name: 'leak-out' });
	}
}

/** Counted from the start of the process, as an operator sees it. */
function crashAfter(seconds) {
	setTimeout(
		() => {
			log('CRITICAL', `version ${version} cannot go on: ${new Error('cache of sessions is gone').stack}`);
			process.exit(1);
		},
		seconds * 1000 - performance.now(),
	);
}
