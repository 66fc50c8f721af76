import { describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run.ts';
import { EngineError } from '../../src/domain/engine.ts';
import { memoryPorts, type MemoryPorts } from './ports.ts';
import { crashed, locked, measured, situation } from './situations.ts';

const noEngine = new EngineError('unreachable', 'unix:///var/run/docker.sock: no such socket', { advice: 'Start the engine.' });
const engineless = (): MemoryPorts => memoryPorts({ situation: () => Promise.reject(noEngine), engine: () => Promise.reject(noEngine) });

describe('the console', () => {
	it('opens where no command is named and there is a terminal', async () => {
		const ports = memoryPorts();
		ports.stdout.isTTY = true;
		expect(await runCli(ports, ['--read-only'])).toBe(0);
		expect(ports.calls).toEqual(['console']);
	});

	it('refuses without a terminal, with its own code and with what to do', async () => {
		const ports = memoryPorts();
		expect(await runCli(ports, [])).toBe(4);
		expect(ports.stderr.text).toMatch(/^sitrep: the console needs a terminal, and stdout is none\n {2}Use `sitrep status`/);
	});

	it('suggests a command for a word that is none', async () => {
		const ports = memoryPorts();
		expect(await runCli(ports, ['statsu'])).toBe(2);
		expect(ports.stderr.text).toContain("unknown command 'statsu'");
		expect(ports.stderr.text).toContain('Did you mean status?');
		expect(ports.calls).toEqual([]);
	});
});

describe('usage', () => {
	it.each([[['status', '--nonsense']], [['--theme', 'pink']], [['status', '--wait', 'soon']], [['logs']], [['completion', 'tcsh']], [['drill', 'break']], [['--host', 'a', '--context', 'b', 'status']]])(
		'%j ends with 2 and says so on stderr only',
		async (words) => {
			const ports = memoryPorts({ told: situation(measured) });
			expect(await runCli(ports, words)).toBe(2);
			expect(ports.stdout.text).toBe('');
			expect(ports.stderr.lines).toHaveLength(2);
			expect(ports.stderr.text).toMatch(/^sitrep: \S/);
		},
	);

	it('prints its version, and help with examples', async () => {
		const version = memoryPorts();
		expect(await runCli(version, ['--version'])).toBe(0);
		expect(version.stdout.text).toBe('1.2.3\n');
		const help = memoryPorts();
		expect(await runCli(help, ['--help'])).toBe(0);
		expect(help.stdout.text).toContain('Examples:\n  sitrep ');
		expect(help.stdout.text).toContain('Exit codes:');
		expect(help.stdout.text).not.toContain('__complete');
	});

	it.each(['status', 'check', 'logs', 'doctor', 'init', 'completion', 'drill'])('%s --help has examples', async (name) => {
		const ports = memoryPorts();
		expect(await runCli(ports, [name, '--help'])).toBe(0);
		expect(ports.stdout.text).toContain('Examples:');
	});
});

describe('status', () => {
	it('ends with 0 whatever it reports, and colours nothing in a pipe', async () => {
		const ports = memoryPorts({ told: situation(measured, crashed) });
		expect(await runCli(ports, ['status'])).toBe(0);
		expect(ports.stdout.text).not.toContain('\u001b');
		expect(ports.stdout.lines.at(-1)).toBe('1 in trouble of 2: P0 1');
	});

	it.each([
		[{ TERM: 'xterm' }, true, [], true],
		[{ TERM: 'xterm', NO_COLOR: '1' }, true, [], false],
		[{ TERM: 'xterm', NO_COLOR: '' }, true, [], true],
		[{ TERM: 'xterm' }, true, ['--no-color'], false],
		[{ TERM: 'dumb' }, true, [], false],
		[{ TERM: 'xterm', FORCE_COLOR: '1' }, false, [], true],
		[{ TERM: 'xterm', FORCE_COLOR: '0' }, true, [], false],
		[{ TERM: 'xterm' }, false, [], false],
	] as const)('with %j, terminal %j and %j colours: %j', async (env, isTTY, words, coloured) => {
		const ports = memoryPorts({ told: situation(crashed), env });
		ports.stdout.isTTY = isTTY;
		await runCli(ports, [...words, 'status']);
		expect(ports.stdout.text.includes('\u001b[')).toBe(coloured);
	});

	it('writes one JSON document, even where a name holds what a terminal obeys', async () => {
		const evil = { ...crashed, reason: 'x\u009b31m\u202ey' };
		const ports = memoryPorts({ told: situation(evil) });
		await runCli(ports, ['status', '--json']);
		expect(ports.stdout.text).toContain('x\\u009b31m\\u202ey');
		expect(JSON.parse(ports.stdout.text)).toMatchObject({ schemaVersion: 1, services: [{ reason: evil.reason }] });
	});

	it('names what there is where a service does not exist', async () => {
		const ports = memoryPorts({ told: situation(measured, locked) });
		expect(await runCli(ports, ['status', 'webb'])).toBe(3);
		expect(ports.stderr.text).toBe('sitrep: no service "webb" on prod-1\n  There: gateway, worker.\n');
	});

	it('takes a group, a name, or a container', async () => {
		for (const word of ['shop', 'cloud-native-poc', 'shop/cloud-native-poc', 'shop-cloud-native-poc']) {
			const ports = memoryPorts({ told: situation(measured, crashed) });
			await runCli(ports, ['status', word]);
			expect(ports.stdout.lines.at(-1)).toBe('1 in trouble of 1: P0 1');
		}
	});

	it('ends quietly where the reader goes away', async () => {
		const ports = memoryPorts({ told: situation(measured) });
		ports.stdout.leaveAfter = 1;
		expect(await runCli(ports, ['status'])).toBe(0);
		expect(ports.stderr.text).toBe('');
	});

	it('ends with 3 and what to do where no engine answers', async () => {
		const ports = engineless();
		expect(await runCli(ports, ['status'])).toBe(3);
		expect(ports.stderr.text).toBe('sitrep: unix:///var/run/docker.sock: no such socket\n  Start the engine.\n');
	});

	it('ends with 130 after Ctrl-C', async () => {
		const ports: MemoryPorts = memoryPorts({
			situation: (_globals, request) => {
				ports.interrupt('SIGINT');
				request.signal?.throwIfAborted();
				return Promise.reject(new Error('not reached'));
			},
		});
		expect(await runCli(ports, ['status'])).toBe(130);
		expect(ports.stderr.text).toBe('');
	});
});

describe('check', () => {
	it('judges on stdout, with the code of a plugin', async () => {
		const ports = memoryPorts({ told: situation(measured, locked) });
		expect(await runCli(ports, ['check'])).toBe(1);
		expect(ports.stdout.text).toMatch(/^SITREP WARNING: 1 in trouble of 2: P2 1 on prod-1; worker: database locked 12 s \| p0=0/);
	});

	it.each([[['check']], [['check', 'nobody']], [['check', '--nonsense']], [['check', '--timeout', 'x']]])('%j without an answer is UNKNOWN, never CRITICAL', async (words) => {
		const ports = words[1] === 'nobody' ? memoryPorts({ told: situation(measured) }) : engineless();
		expect(await runCli(ports, words)).toBe(3);
		expect(ports.stdout.text).toMatch(/^SITREP UNKNOWN: /);
	});

	it('answers UNKNOWN where the engine hangs', async () => {
		const asked = Promise.withResolvers<void>();
		const ports = memoryPorts({
			situation: () => {
				asked.resolve();
				return new Promise(() => {});
			},
		});
		const done = runCli(ports, ['check', '--timeout', '5s']);
		await asked.promise;
		await ports.clock.advance(5000);
		expect(await done).toBe(3);
		expect(ports.stdout.text).toContain('no verdict within 5 s');
	});
});

describe('init', () => {
	it('writes the file and tells the notes, keeps one that is there, and replaces it with --force', async () => {
		const ports = memoryPorts();
		expect(await runCli(ports, ['init'])).toBe(0);
		expect(ports.files.get('/here/sitrep.yaml')).toBe('schemaVersion: 1\n');
		expect(ports.stderr.text).toContain('note: web publishes no port');
		expect(await runCli(ports, ['init'])).toBe(1);
		expect(ports.stderr.text).toContain('/here/sitrep.yaml exists and was left as it is');
		expect(await runCli(ports, ['init', '--force'])).toBe(0);
	});

	it('prints it with --stdout', async () => {
		const ports = memoryPorts();
		await runCli(ports, ['init', '--stdout']);
		expect(ports.stdout.text).toBe('schemaVersion: 1\n');
		expect(ports.files.size).toBe(0);
	});
});

describe('drill', () => {
	it('runs the range through its port', async () => {
		const ports = memoryPorts();
		for (const words of [['up'], ['break', 'oom'], ['heal'], ['down']]) expect(await runCli(ports, ['drill', ...words])).toBe(0);
		expect(ports.calls).toEqual(['up', 'break oom', 'heal', 'down']);
	});

	it('lists its faults, and knows what is none', async () => {
		const ports = memoryPorts();
		await runCli(ports, ['drill', 'list']);
		expect(ports.stdout.text).toBe('crash  ends with a code\noom    killed for memory\n');
		expect(await runCli(ports, ['drill', 'break', 'fire'])).toBe(2);
		expect(ports.stderr.text).toContain('There are: crash, oom.');
	});

	it('changes nothing with --read-only', async () => {
		const ports = memoryPorts();
		expect(await runCli(ports, ['--read-only', 'drill', 'down'])).toBe(1);
		expect(ports.calls).toEqual([]);
	});
});

describe('doctor', () => {
	it('is 0 where nothing fails, and 3 where the engine is the trouble', async () => {
		const ports = memoryPorts();
		expect(await runCli(ports, ['doctor'])).toBe(0);
		expect(ports.stdout.text).toContain('Fake Engine 1, API 1.41');
		const without = engineless();
		expect(await runCli(without, ['doctor', '--json'])).toBe(3);
		expect(JSON.parse(without.stdout.text)).toMatchObject({ schemaVersion: 1, verdict: 'fail' });
	});
});
