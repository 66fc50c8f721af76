import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandSpec } from '../../../src/domain/run/execution.ts';
import { procTable } from '../../../src/respond/process/procTable.ts';

/** Waits for a condition. @throws Error that names it where it does not come true in time */
export const eventually = async <T>(what: string, check: () => T | undefined | false | Promise<T | undefined | false>, timeoutMs = 15_000): Promise<T> => {
	const until = performance.now() + timeoutMs;
	for (;;) {
		const value = await check();
		if (value !== undefined && value !== false) return value;
		if (performance.now() > until) throw new Error(`did not come true within ${timeoutMs / 1000} s: ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
};

/** A folder that goes with the test. */
export const temporaryFolder = (): { readonly path: string } & Disposable => {
	const path = mkdtempSync(join(tmpdir(), 'sitrep-process-'));
	return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
};

/** A shell script as a command, with what most tests want beside it. */
export const shellSpec = (folder: string, script: string, more: Partial<CommandSpec> = {}): CommandSpec => ({
	folder,
	argv: ['sh', '-c', script],
	env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
	workingDir: tmpdir(),
	timeoutMs: 60_000,
	graceMs: 500,
	redact: [],
	hideOutput: false,
	maxOutputBytes: 1024 * 1024,
	...more,
});

/** Every byte of every file below a folder, for searching. */
export const allBytes = (folder: string): Buffer =>
	Buffer.concat(
		readdirSync(folder, { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isFile())
			.map((entry) => readFileSync(join(entry.parentPath, entry.name))),
	);

/** Command lines of living processes that hold a text. */
export const running = (text: string): readonly number[] =>
	readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.map(Number)
		.filter((pid) => {
			try {
				return pid !== process.pid && readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(text) && procTable('/proc').look(pid)?.zombie === false;
			} catch {
				return false;
			}
		});

export const lives = (pid: number): boolean => procTable('/proc').look(pid)?.zombie === false;
