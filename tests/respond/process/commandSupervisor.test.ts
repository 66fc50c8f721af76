import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCommandSupervisor } from '../../../src/respond/process/commandSupervisor.ts';
import { readOutput } from '../../../src/respond/process/readOutput.ts';
import { listSegments, segmentName } from '../../../src/respond/process/segmentNames.ts';
import { allBytes, eventually, running, shellSpec, temporaryFolder } from './support.ts';

const supervisor = createCommandSupervisor();
beforeAll(() => supervisor.warm());
afterAll(() => supervisor.close());

describe('a supervised command', { timeout: 60_000 }, () => {
	it('has its output, its exit code and its environment, and nothing else', async () => {
		using folder = temporaryFolder();
		const at = join(folder.path, 'run', 'step.1');
		const command = await supervisor.start(shellSpec(at, 'echo out; echo err >&2; echo more > /dev/stderr; env; pwd; cat; exit 3', { env: { PATH: '/usr/bin:/bin', GREETING: 'a "b" \'c\'\n$(d)' }, workingDir: '/' }));
		const end = await command.ended;
		expect(end).toMatchObject({ exitCode: 3, timedOut: false, cancelled: false, survivors: [], droppedBytes: 0 });
		expect(end).not.toHaveProperty('left');
		const { stdout, stderr } = await readOutput(at);
		expect(stderr).toBe('err\nmore\n');
		expect(stdout).toContain('out\n');
		expect(stdout).toContain('GREETING=a "b" \'c\'\n$(d)\n');
		expect(stdout.split('\n').filter((line) => /^[A-Z_]+=/.test(line)).map((line) => line.split('=')[0])).toEqual(expect.arrayContaining(['GREETING', 'PATH', 'PWD', 'SITREP_EXECUTION']));
		expect(stdout.match(/^[A-Z_]+=/gm)).toHaveLength(4);
		expect(stdout).toMatch(/\n\/\n$/);
		expect(end.bytes).toBe(Buffer.byteLength(stdout) + Buffer.byteLength(stderr));
	});

	it('keeps its files to their owner', async () => {
		using folder = temporaryFolder();
		const at = join(folder.path, 'run', 'step.1');
		await (await supervisor.start(shellSpec(at, 'echo x'))).ended;
		expect(statSync(at).mode & 0o777).toBe(0o700);
		for (const name of ['identity.json', 'end.json', segmentName(0)]) expect(statSync(join(at, name)).mode & 0o777).toBe(0o600);
	});

	it('does not narrow the rights of the files it makes', async () => {
		using folder = temporaryFolder();
		const at = join(folder.path, 'e');
		await (await supervisor.start(shellSpec(at, `umask > ${folder.path}/mask`))).ended;
		expect(Number.parseInt(readFileSync(join(folder.path, 'mask'), 'utf8'), 8)).toBe(process.umask());
	});

	it('is one argument whatever a value holds', async () => {
		using folder = temporaryFolder();
		const values = ["it's", '$(touch /tmp/never)', '-rf', 'a\nb', '"', '', '`id`', '; exit 9', 'é😀'];
		const command = await supervisor.start({ ...shellSpec(folder.path, ''), argv: ['printf', '<%s>', ...values] });
		await command.ended;
		expect((await readOutput(folder.path)).stdout).toBe(values.map((value) => `<${value}>`).join(''));
	});

	it.each([
		['an argument', { argv: ['echo', 'a\0b'] as const }],
		['the environment', { env: { A: 'a\0b' } }],
		['a name in the environment', { env: { 'A=B': 'x' } }],
		['the working folder', { workingDir: '/tmp\0/x' }],
	])('is refused with what no program can be given in %s', async (_where, more) => {
		using folder = temporaryFolder();
		const at = join(folder.path, 'e');
		await expect(supervisor.start(shellSpec(at, 'true', more))).rejects.toThrow(/NUL|name for an environment/);
		expect(existsSync(at)).toBe(false);
		expect(await supervisor.evidence(at)).toEqual({ kind: 'never' });
	});

	it.each([
		['a program that is not there', { argv: ['no-such-program-7'] as const }, /no program no-such-program-7 in PATH/],
		['a path that is not there', { argv: ['/no/such'] as const }, /there is no program \/no\/such/],
		['a file that is no program', { argv: [fileURLToPath(new URL('support.ts', import.meta.url))] as const }, /may not be run/],
		['a working folder that is not there', { workingDir: '/no/such/folder' }, /working folder \/no\/such\/folder does not exist/],
		['arguments that are too long', { argv: ['echo', 'x'.repeat(3_000_000)] as const }, /longer than the system allows/],
	])('says why it could not be started: %s', async (_what, more, words) => {
		using folder = temporaryFolder();
		const end = await (await supervisor.start(shellSpec(folder.path, 'true', more))).ended;
		expect(end.failedToStart).toMatch(words);
		expect(end).not.toHaveProperty('exitCode');
		expect(await supervisor.evidence(folder.path)).toEqual({ kind: 'ended', end });
	});

	it('never runs twice in one folder', async () => {
		using folder = temporaryFolder();
		const spec = shellSpec(join(folder.path, 'e'), `echo x >> ${folder.path}/count`);
		await (await supervisor.start(spec)).ended;
		await expect(supervisor.start(spec)).rejects.toThrow(/started before/);
		expect(readFileSync(join(folder.path, 'count'), 'utf8')).toBe('x\n');
	});

	it('tells the signal it died of', async () => {
		using folder = temporaryFolder();
		const end = await (await supervisor.start(shellSpec(folder.path, 'kill -9 $$'))).ended;
		expect(end).toMatchObject({ signal: 'SIGKILL', cancelled: false });
		expect(end).not.toHaveProperty('exitCode');
	});

	it('is ended when its time is up', async () => {
		using folder = temporaryFolder();
		const end = await (await supervisor.start(shellSpec(folder.path, 'echo begun; sleep 61.1', { timeoutMs: 300 }))).ended;
		expect(end).toMatchObject({ timedOut: true, cancelled: false, signal: 'SIGTERM', survivors: [], lines: 1 });
		expect(running('sleep\x0061.1')).toEqual([]);
	});

	it('is cancelled with a tree that ignores TERM and leaves its session', async () => {
		using folder = temporaryFolder();
		const script = `trap "" TERM; (setsid sh -c 'trap "" TERM; sleep 62.1' &); setsid sleep 62.2 & (setsid setsid sh -c 'trap "" TERM; sleep 62.3; sleep 62.4' >/dev/null 2>&1 &); echo ready; sleep 62.5; sleep 62.6`;
		const command = await supervisor.start(shellSpec(folder.path, script));
		await eventually('all run', () => running('sleep\x0062.').length >= 4);
		const end = await command.cancel();
		expect(end).toMatchObject({ cancelled: true, timedOut: false, signal: 'SIGKILL', survivors: [] });
		expect(running('sleep\x0062.')).toEqual([]);
	});

	it('lets a program end in its own way when cancelled, and asks it once', async () => {
		using folder = temporaryFolder();
		const command = await supervisor.start(shellSpec(folder.path, `trap 'echo asked; n=$((n+1)); [ $n -lt 9 ] && sleep 0.2 && exit 7' TERM; echo ready; while :; do sleep 0.05; done`, { graceMs: 10_000 }));
		await eventually('it is ready', async () => (await readOutput(folder.path)).stdout === 'ready\n');
		expect(await command.cancel()).toMatchObject({ cancelled: true, exitCode: 7 });
		expect((await readOutput(folder.path)).stdout).toBe('ready\nasked\n');
	});

	it('is cancelled by the file alone', async () => {
		using folder = temporaryFolder();
		const command = await supervisor.start(shellSpec(folder.path, 'sleep 63.1'));
		writeFileSync(join(folder.path, 'cancel'), '');
		expect(await command.ended).toMatchObject({ cancelled: true });
	});

	it('ends with its first process, names what it leaves behind, and lets that live', async () => {
		using folder = temporaryFolder();
		const command = await supervisor.start(shellSpec(folder.path, `(while sleep 0.1; do echo tick; [ -e ${folder.path}/stop ] && touch ${folder.path}/stopped && exit; done) & echo started`));
		const end = await command.ended;
		expect(end).toMatchObject({ exitCode: 0, survivors: [], left: [expect.stringMatching(/^\d+ (sh|sleep)/), ...(end.left ?? []).slice(1)], note: expect.stringContaining('in the background') });
		const [pid] = (end.left ?? []).filter((each) => each.endsWith(' sh')).map((each) => Number.parseInt(each, 10));
		await eventually('the supervisor is gone', async () => (await supervisor.evidence(folder.path)).kind === 'ended' && running(folder.path).length <= 1);
		// It writes to its output all the while: a closed pipe would have ended it.
		writeFileSync(join(folder.path, 'stop'), '');
		await eventually('the daemon ended by itself', () => existsSync(join(folder.path, 'stopped')));
		expect(pid).toBeGreaterThan(0);
	});

	it('stores what is hidden as its size only', async () => {
		using folder = temporaryFolder();
		const end = await (await supervisor.start(shellSpec(folder.path, 'echo topsecretvalue; echo line two; printf x', { hideOutput: true }))).ended;
		expect(end).toMatchObject({ bytes: 25, lines: 3, droppedBytes: 0 });
		expect((await readOutput(folder.path)).stdout).toBe('(secret)\n');
		expect(allBytes(folder.path).includes('topsecret')).toBe(false);
	});

	it('holds no secret in any file, however it is written out', async () => {
		using folder = temporaryFolder();
		const secret = 'hunter2&"pass word"/é';
		const script = [
			'printf %s "$SECRET"; echo; printf %s "$SECRET" | base64; printf "user:%s" "$SECRET" | base64',
			`node -e 'const s = process.env.SECRET; console.log(JSON.stringify({s}), encodeURIComponent(s), new URLSearchParams({s}).toString(), Buffer.from(s).toString("hex"))'`,
			// In pieces, with the pipe drained between them.
			'for part in hun ter "2&" "\\"pass" " word\\"/"; do printf %s "$part"; sleep 0.05; done; printf "é\\n"',
			'no-such-program "$SECRET"',
		].join('\n');
		await (await supervisor.start(shellSpec(join(folder.path, 'e'), script, { env: { PATH: process.env['PATH'] ?? '', SECRET: secret }, redact: [secret] }))).ended;
		const bytes = allBytes(folder.path);
		for (const form of [secret, Buffer.from(secret).toString('base64').slice(0, -2), Buffer.from(`user:${secret}`).toString('base64').slice(8, -4), encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), Buffer.from(secret).toString('hex'), 'hunter2'])
			expect(bytes.includes(form), form).toBe(false);
		expect((await readOutput(join(folder.path, 'e'))).stdout.match(/\(secret\)/g)?.length).toBeGreaterThanOrEqual(7);
	});

	it('has no secret in any argument of any process', async () => {
		using folder = temporaryFolder();
		const command = await supervisor.start(shellSpec(folder.path, 'sleep 64.1', { env: { PATH: '/usr/bin:/bin', SECRET: 'seeded-value-81' }, redact: ['seeded-value-81'] }));
		expect(running('sleep\x0064.1')).not.toEqual([]);
		expect(running('seeded-value-81')).toEqual([]);
		await command.cancel();
	});

	it('keeps the start and the end of a flood, within its bound', async () => {
		using folder = temporaryFolder();
		const bound = 2 * 1024 * 1024;
		const total = 300 * 1024 * 1024;
		const command = await supervisor.start(shellSpec(folder.path, `echo first; head -c ${total} /dev/zero | tr '\\0' 'x'; echo; echo last`, { maxOutputBytes: bound }));
		const pid = JSON.parse(readFileSync(join(folder.path, 'identity.json'), 'utf8')).supervisor.pid;
		let memory = 0;
		let disk = 0;
		const over = new AbortController();
		const watching = (async () => {
			while (!over.signal.aborted) {
				try {
					memory = Math.max(memory, Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024);
				} catch {
					// It has ended.
				}
				disk = Math.max(disk, (await listSegments(folder.path)).reduce((sum, number) => sum + (statSync(join(folder.path, segmentName(number)), { throwIfNoEntry: false })?.size ?? 0), 0));
				await new Promise((resolve) => setTimeout(resolve, 20));
			}
		})();
		const end = await command.ended;
		over.abort();
		await watching;
		expect(end).toMatchObject({ exitCode: 0, bytes: total + 12, lines: 3 });
		const text = await readOutput(folder.path, bound);
		expect(text.stdout.startsWith('first\nxxx')).toBe(true);
		expect(text.stdout.endsWith('xxx\nlast\n')).toBe(true);
		expect(text.stdout).toContain(`[${end.droppedBytes} bytes of output left out here]`);
		expect(end.droppedBytes).toBeGreaterThan(total - bound);
		expect(disk).toBeLessThanOrEqual(bound);
		expect(disk).toBeGreaterThan(bound * 0.8);
		expect(memory).toBeGreaterThan(0);
		expect(memory).toBeLessThan(150 * 1024 * 1024);
	});
});
