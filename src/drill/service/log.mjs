/** One JSON line on stdout, in the fields that the service's runbook searches by. */
export function log(level, message, fields = {}) {
	process.stdout.write(`${JSON.stringify({ timestamp: new Date().toISOString(), level, message, ...fields })}\n`);
}

/** One logfmt line on stdout. */
export function logfmt(level, message, fields = {}) {
	const pairs = Object.entries({ ts: new Date().toISOString(), level, msg: message, ...fields });
	process.stdout.write(`${pairs.map(([key, value]) => `${key}=${quoted(String(value))}`).join(' ')}\n`);
}

function quoted(value) {
	return /^[\w.:/+-]+$/.test(value) ? value : JSON.stringify(value);
}

/** A container's first process gets no default action for signals: without this, a stop takes its whole grace period. */
export function endOnRequest(close) {
	for (const signal of ['SIGTERM', 'SIGINT']) {
		process.on(signal, () => {
			close();
			process.exit(0);
		});
	}
}
