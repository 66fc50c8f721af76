import { beforeEach, describe, expect, it, vi } from 'vitest';
import { runCli } from '../../../src/cli/run.ts';
import type { WatchSink } from '../../../src/cli/ports.ts';
import type { ServiceStatus, Situation } from '../../../src/domain/situation.ts';
import { container } from '../../support/fakeEngine.ts';
import { settle } from '../../support/manualClock.ts';
import { LogEngine } from '../logs/logEngine.ts';
import { type MemoryPorts, memoryPorts } from '../ports.ts';

const engine = new LogEngine();
let ports: MemoryPorts;
let sink: WatchSink | undefined;
let closed: number;
let info: Situation['engine'];

const status = (name: string, over: Partial<ServiceStatus> = {}): ServiceStatus => ({
	service: { id: name, name, manager: 'none', containers: [container(name)], configured: false },
	mark: 'ok',
	reason: 'healthy 3 d',
	alerts: [],
	inconclusive: [],
	restarts: 0,
	probes: [],
	...over,
});

const down = (name: string): ServiceStatus =>
	status(name, {
		mark: 'P0',
		severity: 'P0',
		reason: 'exited 137',
		alerts: [{ ruleId: 'container-down', serviceId: name, severity: 'P0', state: 'firing', since: 0, reason: 'exited 137' }],
	});

const situation = (...services: readonly ServiceStatus[]): Situation => ({ at: ports.clock.now(), engine: info, services });

beforeEach(async () => {
	info = await engine.info();
	engine.calls.length = 0;
	closed = 0;
	sink = undefined;
	ports = memoryPorts({
		engine: () => Promise.resolve(engine),
		watch: (_globals, to) => {
			sink = to;
			to.situation(situation(down('worker'), status('web')));
			return Promise.resolve({
				close: () => {
					closed++;
				},
			});
		},
	});
});

/** Types lines, then EOF, and waits for the end. */
const session = (words: readonly string[], ...lines: readonly string[]): Promise<number> => {
	ports.stdin.type(...lines);
	ports.stdin.end();
	return runCli(ports, words);
};

describe('the linear session', () => {
	it('prints the situation and the menu, and ends at EOF', async () => {
		expect(await session(['--linear'])).toBe(0);
		expect(ports.stdout.lines.slice(1, 14)).toEqual([
			expect.stringContaining('fake  docker 1  unix:///fake (test)'),
			'1 in trouble of 2: P0 1',
			'P0 worker: exited 137',
			'Menu:',
			'1  services in trouble (1)',
			'2  all services (2)',
			'3  logs of a service',
			'4  health of a service',
			'5  metrics of a service',
			'6  actions on a service',
			'7  playbooks for a service',
			'8  runs that are not over',
			'9  the situation again',
		]);
		expect(closed).toBe(1);
	});

	it('opens for TERM=dumb too, and writes no control characters', async () => {
		ports = { ...ports, env: { TERM: 'dumb' } };
		expect(await session([], '1', '1', '2', 'q')).toBe(0);
		expect(ports.stdout.text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
		expect(ports.stdout.text).toContain('P0 firing for');
		expect(ports.calls).toEqual([]);
	});

	it('announces a change once, above the question', async () => {
		const done = runCli(ports, ['--linear']);
		await settle();
		const before = ports.stdout.text.length;
		sink?.situation(situation(down('worker'), down('web')));
		sink?.situation(situation({ ...down('worker'), reason: 'down 2 s: exited 137' }, down('web')));
		sink?.situation(situation(status('worker')));
		sink?.notice('engine reconnecting: connection refused');
		const said = ports.stdout.text.slice(before).split('\n').filter((line) => line !== '' && !line.startsWith('Number'));
		expect(said.map((line) => line.slice(9))).toEqual(['P0 web: exited 137', 'ok worker: healthy 3 d', 'gone web: its containers were removed', 'engine reconnecting: connection refused']);
		expect(said[0]).toMatch(/^\d\d:\d\d:\d\d /);
		expect(ports.stdout.text.endsWith('Number, q, or Enter to list again: ')).toBe(true);
		ports.stdin.end();
		expect(await done).toBe(0);
	});

	it('waits with its first report until the services are judged, but no longer than 2 s', async () => {
		const unknown = status('web', { mark: '?', reason: 'no sample' });
		let first: Situation | undefined;
		const waiting = memoryPorts({
			engine: () => Promise.resolve(engine),
			watch: (_globals, to) => {
				sink = to;
				if (first !== undefined) to.situation(first);
				return Promise.resolve({ close: () => undefined });
			},
		});
		first = situation(unknown);
		const done = runCli(waiting, ['--linear']);
		await vi.waitFor(() => expect(waiting.stdout.text).toContain('Reading'));
		await waiting.clock.advance(1900);
		expect(waiting.stdout.text).not.toContain('? web');
		await waiting.clock.advance(200);
		expect(waiting.stdout.text).toContain('? web: no sample');
		waiting.stdin.end();
		expect(await done).toBe(0);
	});

	it('at the beginning tells no news of services that turn out well, only of those that do not', async () => {
		const done = runCli(ports, ['--linear']);
		await settle();
		const unknown = (name: string): ServiceStatus => status(name, { mark: '?', reason: 'no sample' });
		sink?.situation(situation(down('worker'), unknown('web'), unknown('api')));
		const before = ports.stdout.text.length;
		sink?.situation(situation(down('worker'), down('web'), status('api')));
		expect(ports.stdout.text.slice(before)).toContain('P0 web: exited 137');
		expect(ports.stdout.text.slice(before)).not.toContain('api');
		await ports.clock.advance(11_000);
		sink?.situation(situation(down('worker'), down('web'), unknown('api')));
		sink?.situation(situation(down('worker'), down('web'), status('api')));
		expect(ports.stdout.text.slice(before)).toMatch(/\? api: no sample[^]*ok api: healthy/);
		ports.stdin.end();
		await done;
	});

	it('waits for a rule to fire before it tells of it', async () => {
		const done = runCli(ports, ['--linear']);
		await vi.waitFor(() => expect(ports.stdout.text).toContain('list again'));
		const before = ports.stdout.text.length;
		const pending = status('web', { mark: '?', reason: 'down 0 s', alerts: [{ ruleId: 'container-down', serviceId: 'web', severity: 'P0', state: 'pending', since: 0, reason: 'down 0 s' }] });
		sink?.situation(situation(down('worker'), pending));
		expect(ports.stdout.text.length).toBe(before);
		sink?.situation(situation(down('worker'), down('web')));
		expect(ports.stdout.text.slice(before)).toContain('P0 web: exited 137');
		ports.stdin.end();
		await done;
	});

	it('says what is wrong with an answer', async () => {
		await session(['--linear'], '99', 'restart', 'q');
		expect(ports.stdout.text).toContain('"99" is not in the menu. It has 1 to 9.');
		expect(ports.stdout.text).toContain('"restart" is not in the menu.');
	});

	it('keeps the numbers it has printed, whatever changes meanwhile', async () => {
		const done = runCli(ports, ['--linear']);
		await settle();
		ports.stdin.type('6');
		await settle();
		// web was number 2; now the order turns round, and a wrong answer prints no new list.
		sink?.situation(situation(down('web'), status('worker')));
		ports.stdin.type('99');
		await settle();
		ports.stdin.type('2');
		await settle();
		expect(ports.stdout.text).toContain('web is running. Actions');
		ports.stdin.end();
		await done;
	});

	it.each([['yes', ['restart id-web 10']], ['', []], ['y', []], ['YES', []], [' yes ', ['restart id-web 10']]])('runs a change only for yes, not for %j', async (answer, calls) => {
		await session(['--linear'], '6', '2', '2', answer, 'q');
		expect(ports.stdout.text).toContain('Will run: docker restart -t 10 web');
		expect(ports.stdout.text).toContain('Will be lost: requests under way');
		expect(engine.calls).toEqual(calls);
		expect(ports.calls).toEqual(calls.length > 0 ? ['record act_started', 'record act_ended'] : []);
		expect(ports.stdout.text).toContain(calls.length > 0 ? 'Done: docker restart' : 'Cancelled. Nothing was done.');
	});

	it.each([['web', ['kill id-web SIGKILL']], ['yes', []], ['worker', []]])('runs a destructive act only for the name of its target, not for %j', async (answer, calls) => {
		await session(['--linear'], '6', '2', '6', answer, 'q');
		expect(ports.stdout.text).toContain('Type web to do it; Enter cancels:');
		expect(engine.calls).toEqual(calls);
	});

	it('at EOF within a question does nothing', async () => {
		expect(await session(['--linear'], '6', '2', '2')).toBe(0);
		expect(engine.calls).toEqual([]);
	});

	it('refuses every act when read-only', async () => {
		await session(['--linear', '--read-only'], '6', '2', '2', 'yes', 'q');
		expect(ports.stdout.text).toContain('not now, this console is read-only');
		expect(engine.calls).toEqual([]);
	});

	it('prints a log, harmless, and searches it', async () => {
		engine.logLines.set('id-web', [
			{ text: 'one \u001b]0;title\u0007', at: 1000 },
			{ text: 'two', at: 2000 },
		]);
		await session(['--linear'], '3', '2', '4', 'TWO', '4', '(', 'q');
		expect(ports.stdout.text).toContain('one \\x1b]0;title\\x07');
		expect(ports.stdout.text).toContain('1 lines.');
		expect(ports.stdout.text).toContain('--grep "(" is no regular expression');
	});

	it('follows a log until Enter', async () => {
		ports.stdin.type('3', '2', '5');
		const done = runCli(ports, ['--linear']);
		await settle();
		engine.say('id-web', { text: 'live', at: 3000 });
		expect(ports.stdout.text).toContain('live\n');
		ports.stdin.type('', 'q');
		expect(await done).toBe(0);
	});

	it('Ctrl-C ends it with 130', async () => {
		const done = runCli(ports, ['--linear']);
		await settle();
		ports.interrupt('SIGINT');
		expect(await done).toBe(130);
		expect(closed).toBe(1);
	});
});

describe('sitrep without a terminal', () => {
	it('ends with 4 and says what to use', async () => {
		expect(await runCli(ports, [])).toBe(4);
		expect(ports.stderr.text).toContain('sitrep status');
		expect(ports.calls).toEqual([]);
	});

	it('opens the console on one', async () => {
		ports.stdout.isTTY = true;
		expect(await runCli(ports, [])).toBe(0);
		expect(ports.calls).toEqual(['console']);
	});

	it('suggests a command for a misspelt one', async () => {
		expect(await runCli(ports, ['staus'])).toBe(2);
		expect(ports.stderr.text).toBe("sitrep: unknown command 'staus'\n  Did you mean status? See `sitrep --help`.\n");
	});
});
