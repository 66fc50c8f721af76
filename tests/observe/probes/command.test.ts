import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { commandProbe } from '../../../src/observe/probes/command.ts';
import type { ProbePorts } from '../../../src/observe/probes/ports.ts';
import { calm, ports, settings } from './setup.ts';

const run = (fields: Record<string, unknown>, own: Partial<ProbePorts> = {}) => commandProbe(...settings('command', fields), { ...ports, ...own }).run(calm());

/** Runs, or waits; an ended one that nobody has collected yet is dead. */
const isAlive = async (pid: number): Promise<boolean> => {
	const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
	return stat !== '' && !/\) [ZX] /.test(stat);
};

const pidIn = async (file: string): Promise<number> => vi.waitFor(async () => {
	const pid = Number(await readFile(file, 'utf8'));
	if (!(pid > 1)) throw new Error('not yet');
	return pid;
});

describe('command probe', () => {
	it('is ok with exit 0, and says the last line', async () => {
		const result = await run({ run: ['sh', '-c', 'echo one; echo two'] });
		expect(result).toMatchObject({ ok: true, figures: { exitCode: 0 } });
		expect(result.words).toMatch(/^exit 0 in [\d.]+ m?s: two$/);
	});

	it('fails with another code, and says what went to stderr', async () => {
		const result = await run({ run: ['sh', '-c', 'echo broken >&2; exit 3'] });
		expect(result).toMatchObject({ ok: false, figures: { exitCode: 3 } });
		expect(result.words).toMatch(/: broken$/);
	});

	it.each([
		['exitCode == 3', true],
		['exitCode in [0, 3] && stdout.contains("ready")', true],
		['json.a == 1', false],
	])('judges by CEL: %s', async (text, ok) => {
		expect((await run({ run: ['sh', '-c', 'echo ready; exit 3'], expect: text })).ok).toBe(ok);
	});

	it('hands arguments over as they are: no shell reads them', async () => {
		expect((await run({ run: ['echo', '$HOME; `id`'], expect: 'stdout == "$HOME; `id`\\n"' })).ok).toBe(true);
	});

	it('says that there is no such command, or no such directory', async () => {
		expect((await run({ run: ['/nowhere/at-all'] })).words).toBe('/nowhere/at-all: command not found');
		expect((await run({ run: ['true'], directory: '/nowhere/at-all' })).ok).toBe(false);
	});

	it('kills the whole tree at its timeout', async () => {
		const file = join(await mkdtemp(join(tmpdir(), 'probe-')), 'pid');
		const result = await run({ run: ['sh', '-c', `sh -c 'trap "" TERM; echo $$ > ${file}; while :; do sleep 1; done' & wait`], timeout: '400ms' });
		expect(result).toMatchObject({ ok: false, words: 'no answer within 400 ms' });
		const pid = await pidIn(file);
		await vi.waitFor(() => expect(isAlive(pid)).resolves.toBe(false));
	});

	it('kills what an ended command left in the background', async () => {
		const file = join(await mkdtemp(join(tmpdir(), 'probe-')), 'pid');
		const result = await run({ run: ['sh', '-c', `sleep 600 & echo $! > ${file}`] });
		expect(result.ok).toBe(true);
		const pid = await pidIn(file);
		await vi.waitFor(() => expect(isAlive(pid)).resolves.toBe(false));
	});

	it('keeps little of much output', async () => {
		const result = await run({ run: ['sh', '-c', 'head -c 5000000 /dev/zero | tr "\\0" x'], expect: 'exitCode == 0 && stdout.size() == 65536' });
		expect(result.ok).toBe(true);
	});

	it('runs inside the container where it is told to', async () => {
		const asked: unknown[] = [];
		const exec: ProbePorts['exec'] = async (serviceId, request) => {
			asked.push(serviceId, request.argv, request.timeoutMs);
			return { exitCode: 1, stdout: Buffer.from(''), stderr: Buffer.from('no\n'), droppedBytes: 0, timedOut: false, cancelled: false, survivors: [], lost: false, durationMs: 1 };
		};
		const result = await run({ run: ['pg_isready'], inContainer: true }, { exec });
		expect(asked).toEqual(['web', ['pg_isready'], 5000]);
		expect(result.words).toMatch(/^exit 1 in .*: no$/);
		expect((await run({ run: ['x'], inContainer: true })).words).toBe('commands inside containers are not possible here');
	});
});
