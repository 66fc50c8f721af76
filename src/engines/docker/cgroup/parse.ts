/** A number that is a file's whole content; `undefined` for `max` and for anything else. */
export function single(text: string | undefined): number | undefined {
	if (text === undefined) {
		return undefined;
	}
	const value = Number.parseInt(text, 10);
	return Number.isNaN(value) ? undefined : value;
}

/** The value behind a key in a file of `key value` lines, such as memory.stat. */
export function keyed(text: string | undefined, key: string): number | undefined {
	if (text === undefined) {
		return undefined;
	}
	let at = text.startsWith(`${key} `) ? 0 : text.indexOf(`\n${key} `);
	if (at < 0) {
		return undefined;
	}
	at += (at === 0 && text.startsWith(`${key} `) ? 0 : 1) + key.length + 1;
	const value = Number.parseInt(text.slice(at, at + 24), 10);
	return Number.isNaN(value) ? undefined : value;
}

/**
 * Bytes read and written, from a v1 `blkio.*.io_service_bytes_recursive`: lines of `8:0 Read 4096`.
 * `undefined` where the file counts for no device, so that the next file can be asked.
 */
export function blockBytesV1(text: string | undefined): { readBytes: number; writeBytes: number } | undefined {
	if (text === undefined) {
		return undefined;
	}
	let readBytes = 0;
	let writeBytes = 0;
	let devices = 0;
	for (const line of text.split('\n')) {
		const [, op, value] = line.split(' ');
		if (op === 'Read') {
			readBytes += Number(value);
			devices++;
		} else if (op === 'Write') {
			writeBytes += Number(value);
		}
	}
	return devices === 0 ? undefined : { readBytes, writeBytes };
}

/** Bytes read and written, from a v2 io.stat: lines of `8:0 rbytes=1 wbytes=2 rios=3 …`. */
export function blockBytesV2(text: string | undefined): { readBytes: number; writeBytes: number } | undefined {
	if (text === undefined) {
		return undefined;
	}
	let readBytes = 0;
	let writeBytes = 0;
	for (const [, key, value] of text.matchAll(/ ([rw])bytes=(\d+)/g)) {
		if (key === 'r') {
			readBytes += Number(value);
		} else {
			writeBytes += Number(value);
		}
	}
	return { readBytes, writeBytes };
}

/** Received and sent bytes over all interfaces but the loopback, from /proc/<pid>/net/dev. */
export function networkBytes(text: string | undefined): { rxBytes: number; txBytes: number } | undefined {
	if (text === undefined) {
		return undefined;
	}
	let rxBytes = 0;
	let txBytes = 0;
	let interfaces = 0;
	for (const line of text.split('\n')) {
		const colon = line.indexOf(':');
		if (colon < 0) {
			continue;
		}
		if (line.slice(0, colon).trim() === 'lo') {
			continue;
		}
		const columns = line.slice(colon + 1).trim().split(/\s+/);
		rxBytes += Number(columns[0] ?? 0);
		txBytes += Number(columns[8] ?? 0);
		interfaces++;
	}
	return interfaces === 0 ? undefined : { rxBytes, txBytes };
}

/** Names of the interfaces in a net/dev file, in its order. */
export function interfaceNames(text: string | undefined): string {
	return [...(text ?? '').matchAll(/^\s*([^\s:]+):/gm)].map((match) => match[1]).join(' ');
}

/** Clock ticks of the kernel's CPU accounting: USER_HZ, 100 a second on every Linux platform engines run on. */
const nsPerTick = 10_000_000;

/**
 * CPU time of the machine and its number of CPUs, from /proc/stat. Docker sums the first seven columns: user, nice,
 * system, idle, iowait, irq, softirq (moby, daemon/stats/collector_unix.go).
 */
export function machineCpu(text: string | undefined): { systemNs: number; cpus: number } | undefined {
	if (text === undefined) {
		return undefined;
	}
	const columns = text.slice(0, text.indexOf('\n')).trim().split(/\s+/).slice(1, 8).map(Number);
	const cpus = text.match(/^cpu\d+ /gm)?.length ?? 0;
	const ticks = columns.reduce((sum, value) => sum + value, 0);
	return columns.length < 7 || cpus === 0 || Number.isNaN(ticks) ? undefined : { systemNs: ticks * nsPerTick, cpus };
}
