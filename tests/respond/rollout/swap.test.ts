import { describe, expect, it, vi } from 'vitest';
import type { Probe } from '../../../src/domain/probe.ts';
import { detail, container } from '../../support/fakeEngine.ts';
import { planValue } from '../../../src/respond/rollout/planValue.ts';
import { runRolloutTool } from '../../../src/respond/rollout/tool.ts';
import { Bench, full, move, plan } from './fakes.ts';

const swap = (bench: Bench, action: Partial<Parameters<Bench['spec']>[0]> = {}, more: Parameters<Bench['spec']>[1] = {}) => runRolloutTool(bench.spec({ action: 'swap', to: 'api:1.0.0', ...action }, more), bench.ports);
const refusing = [{ level: 'refuse', what: 'port 80/tcp', why: 'web holds it' }] as const;
const absent = plan({ to: { image: 'api:1.0.0', imageId: '' }, findings: [{ level: 'refuse', what: 'image', why: 'it is not on this engine' }] });

describe('a swap', () => {
	it('is recorded act by act, each before it is begun', async () => {
		const bench = new Bench();
		const before: string[][] = [];
		bench.rollout.during = () => Promise.resolve(void before.push([...bench.journal.kinds]));
		const { ok, value } = await swap(bench);
		expect(ok).toBe(true);
		expect(value).toEqual({ planId: 'plan0001', end: 'swapped', words: 'api:1.0.0 runs as api: healthy', from: plan().from, to: plan().to, gapMs: 251, tookMs: 1200 });
		expect(before.map((kinds) => kinds.at(-1))).toEqual(['begins create', 'begins stop', 'begins start', 'begins prove']);
		expect(bench.journal.kinds).toEqual([
			'rollout_begun',
			'begins create',
			'done create',
			'begins stop',
			'done stop',
			'begins start',
			'done start',
			'begins prove',
			'done prove',
			'rollout_ended',
			'version_left',
			'version_seen',
		]);
		expect(bench.journal.events.at(-3)).toMatchObject({ actor: { session: 'boot:1:1' }, runId: 'r-1', event: { step: 'swap', execution: 'swap.1', planId: 'plan0001', end: 'swapped', freshId: 'c2', gapMs: 251, undoing: false } });
		expect(bench.journal.events[0]).toMatchObject({ event: { service: 'api', plan: { data: { secretless: true } } } });
		expect(bench.rollout.calls.at(-1)).toBe('pin api sha256:api:1.1.0');
		expect(bench.lines.at(-1)).toContain('nobody answered for 251 ms');
		expect(bench.journal.leases.size).toBe(0);
	});

	it('has failed where it was taken back, and says which acts did that', async () => {
		const bench = new Bench();
		bench.rollout.ends = 'restored';
		const { ok, value } = await swap(bench);
		expect(ok).toBe(false);
		expect(value).toMatchObject({ end: 'restored', words: 'not healthy. api:1.1.0 is back as api' });
		expect(bench.journal.kinds.slice(-6)).toEqual(['done prove', 'begins halt back', 'done halt back', 'begins restart back', 'done restart back', 'rollout_ended']);
	});

	it('that would change nothing is a failure', async () => {
		const bench = new Bench();
		bench.rollout.planned = plan({ to: plan().from, findings: [{ level: 'refuse', what: 'image', why: 'it runs already' }] });
		const { ok, value } = await swap(bench);
		expect(ok).toBe(false);
		expect(value['words']).toBe('nothing would change: api runs api:1.1.0 already');
		expect(bench.journal.events).toEqual([]);
	});

	it('is not begun where the preflight refuses', async () => {
		const bench = new Bench();
		bench.rollout.planned = plan({ findings: refusing });
		expect((await swap(bench)).value['words']).toBe('the preflight refuses to move api to api:1.0.0: port 80/tcp: web holds it');
		expect(bench.rollout.calls).not.toContain('swap');
	});

	it('fetches a version that is not there, before anything is begun', async () => {
		const bench = new Bench();
		bench.rollout.planned = absent;
		expect((await swap(bench)).ok).toBe(true);
		expect(bench.rollout.calls.slice(0, 4)).toEqual(['plan api:1.0.0', 'fetch api:1.0.0', 'plan api:1.0.0', 'swap']);
		expect(bench.lines).toContain('fetching api:1.0.0');
	});

	it('fetches nothing by an id, or where more is in the way', async () => {
		for (const planned of [{ ...absent, to: { image: `sha256:${'a'.repeat(64)}`, imageId: '' } }, { ...absent, findings: [...absent.findings, ...refusing] }]) {
			const bench = new Bench();
			bench.rollout.planned = planned;
			expect((await swap(bench)).ok).toBe(false);
			expect(bench.rollout.calls.filter((call) => call !== `plan api:1.0.0`)).toEqual([]);
		}
	});

	it('does nothing once it is called off', async () => {
		const bench = new Bench();
		bench.cancel.abort();
		expect(await swap(bench)).toMatchObject({ ok: false, value: { words: 'called off before anything was changed' } });
		expect(bench.journal.events).toEqual([]);
	});

	it('says what a person can do where the engine refuses', async () => {
		const bench = new Bench();
		expect((await swap(bench, { service: 'nobody' })).value).toMatchObject({ error: 'there is no nobody', advice: 'Look.', words: 'there is no nobody. Look.' });
	});
});

describe('a swap of what was shown', () => {
	const shown = planValue({ ...plan(), id: 'shown001' });
	const ask = async (bench: Bench, planned: ReturnType<typeof plan>) => {
		await bench.show(shown);
		bench.rollout.planned = planned;
		return swap(bench, { to: 'sha256:api:1.0.0', plan: 'shown001' });
	};

	it('goes by the name that was shown', async () => {
		const bench = new Bench();
		expect((await ask(bench, plan())).ok).toBe(true);
		expect(bench.rollout.calls[0]).toBe('plan api:1.0.0');
	});

	it.each([
		['what runs', plan({ from: { image: 'api:1.2.0', imageId: 'sha256:other' } }), 'api runs api:1.2.0 now, not api:1.1.0'],
		['what its name means', plan({ to: { image: 'api:1.0.0', imageId: 'sha256:other' } }), 'api:1.0.0 is another version now'],
		['the way', plan({ way: 'start-first' }), 'the way is start-first now: it has a port'],
		['what refuses', plan({ findings: refusing }), 'port 80/tcp: web holds it'],
		['what it is', plan({ subject: { id: 'c9', name: 'api' } }), 'api was made again meanwhile'],
	])('is not begun where %s is not as it was', async (_what, planned, words) => {
		const bench = new Bench();
		const { ok, value } = await ask(bench, planned);
		expect(ok).toBe(false);
		expect(value['error']).toBe(`changed since it was shown: ${words}`);
		expect(bench.rollout.calls).not.toContain('swap');
	});

	it('names a warning that is new', async () => {
		const bench = new Bench();
		expect((await ask(bench, plan({ findings: [{ level: 'warn', what: 'disk', why: '20 MiB are free' }] }))).ok).toBe(true);
		expect(bench.lines).toContain('new since it was shown: disk: 20 MiB are free');
	});

	it('may be shown in the run that this one belongs to, and nowhere else', async () => {
		const bench = new Bench();
		await bench.show(shown, 'r-parent');
		expect((await swap(bench, { plan: 'shown001' })).value['error']).toBe('no plan shown001 was shown in this run');
		await bench.started('r-1', 'unix:///fake', 'r-parent');
		expect((await swap(bench, { plan: 'shown001' })).ok).toBe(true);
	});
});

describe('a swap without a record', () => {
	it('is not begun', async () => {
		const bench = new Bench();
		bench.journal.fails = () => full;
		const { ok, value } = await swap(bench);
		expect(ok).toBe(false);
		expect(value['words']).toBe('the journal cannot be written: the disk is full. Make room.');
		expect(bench.rollout.calls).not.toContain('swap');
	});

	it('ends where it stands, and says what is left and how to go on', async () => {
		const bench = new Bench();
		bench.journal.fails = (events) => (events.some(({ event }) => event.kind === 'rollout_act' && event.stage === 'begins' && event.act.id === 'start') ? full : undefined);
		const acts: string[] = [];
		bench.rollout.during = ({ id }) => Promise.resolve(void acts.push(id));
		const { ok, value } = await swap(bench);
		expect(ok).toBe(false);
		expect(acts).toEqual(['create', 'stop']);
		expect(value).toMatchObject({ planId: 'plan0001', leaves: 'left before start', serving: 'nobody' });
		expect(value['words']).toMatch(/^the move of api ended where it stands, before "start api", as it could not be recorded: .*Left: left before start; nobody answers\. Make room\. Then run this step again, .*--undo$/);
		expect(bench.journal.leases.size).toBe(0);
	});

	it('of its end alone is done all the same', async () => {
		const bench = new Bench();
		bench.journal.fails = (events) => (events.some(({ event }) => event.kind === 'rollout_ended') ? full : undefined);
		const { ok, value } = await swap(bench);
		expect(ok).toBe(true);
		expect(value['words']).toContain('its end could not be recorded');
	});
});

describe('a swap beside others', () => {
	it('is not begun while another process moves the service', async () => {
		const bench = new Bench();
		await bench.journal.claim('move:api', 'r-9/move', { user: 'eve', host: 'host-2', session: 'x' });
		expect((await swap(bench)).value['words']).toMatch(/^api is being moved by run r-9 \(eve on host-2, last sign 0 s ago\)/);
	});

	it('takes the place of a process that is gone', async () => {
		const bench = new Bench();
		const { lease } = await bench.journal.claim('move:api', 'r-9/move', { user: 'eve', host: 'host-2', session: 'x' });
		bench.journal.leases.set('move:api', { ...lease, alive: false });
		expect((await swap(bench)).ok).toBe(true);
	});

	it('is not begun where another run has left the service in the middle', async () => {
		const bench = new Bench();
		bench.journal.moves = [move({ runId: 'r-9', act: { id: 'stop', words: 'stop api', leaves: 'api as it was', serving: 'old' } })];
		const { value } = await swap(bench);
		expect(value['words']).toContain('was left in the middle, at "stop api"');
		expect(value['words']).toContain('--finish, or --undo');
		expect(bench.rollout.calls).not.toContain('swap');
	});

	it('does not mind a service of the same name on another engine', async () => {
		const bench = new Bench();
		await bench.started('r-9', 'unix:///other');
		bench.journal.moves = [move({ runId: 'r-9' })];
		expect((await swap(bench)).ok).toBe(true);
	});
});

describe('a swap that was left in the middle by an earlier try', () => {
	const leftBench = async (over: Parameters<typeof move>[0] = {}) => {
		const bench = new Bench();
		bench.journal.moves = [move(over)];
		await bench.journal.append([{ actor: bench.ports.self, runId: 'r-1', event: { kind: 'rollout_begun', step: 'swap', execution: 'swap.1', service: 'api', plan: plan(), undoing: false } }]);
		return bench;
	};

	it('is finished', async () => {
		const bench = await leftBench();
		expect(await swap(bench, {}, { execution: 'swap.2' })).toMatchObject({ ok: true, value: { end: 'swapped' } });
		expect(bench.rollout.calls.filter((call) => !call.startsWith('plan'))).toEqual(['finish', 'pin api sha256:api:1.1.0']);
		expect(bench.lines[0]).toContain('taking up the move plan0001');
	});

	it('goes on being taken back where it was at that', async () => {
		const bench = await leftBench({ undoing: true });
		bench.rollout.standing = { stage: 'done' };
		expect(await swap(bench, {}, { execution: 'swap.2' })).toMatchObject({ ok: false, value: { end: 'restored' } });
		expect(bench.rollout.calls.filter((call) => !call.startsWith('plan'))).toEqual(['undo']);
	});

	it('is tried anew where it could go neither way', async () => {
		const bench = await leftBench({ end: 'stuck', undoing: true });
		expect(await swap(bench, {}, { execution: 'swap.2' })).toMatchObject({ ok: true, value: { end: 'swapped' } });
		expect(bench.rollout.calls.filter((call) => !call.startsWith('plan'))).toEqual(['finish', 'pin api sha256:api:1.1.0']);
	});

	it('is not taken up once it has ended', async () => {
		const bench = await leftBench({ end: 'restored', undoing: true });
		expect(await swap(bench, {}, { execution: 'swap.2' })).toMatchObject({ ok: true, value: { end: 'swapped' } });
		expect(bench.rollout.calls).toContain('swap');
		expect(bench.rollout.calls).not.toContain('finish');
	});

	it('has its end recorded where it was done', async () => {
		const bench = await leftBench();
		bench.rollout.standing = { stage: 'done' };
		expect(await swap(bench, {}, { execution: 'swap.2' })).toMatchObject({ ok: true, value: { end: 'swapped' } });
		expect(bench.journal.kinds.slice(-2)).toEqual(['rollout_begun', 'rollout_ended']);
		expect(bench.rollout.calls.filter((call) => !call.startsWith('plan'))).toEqual([]);
	});

	it('is begun anew where nothing of it was done', async () => {
		const bench = await leftBench();
		bench.rollout.standing = { stage: 'not-begun' };
		expect(await swap(bench, {}, { execution: 'swap.2' })).toMatchObject({ ok: true, value: { end: 'swapped' } });
		expect(bench.rollout.calls).toContain('swap');
		expect(bench.journal.kinds.filter((kind) => kind === 'rollout_ended')).toHaveLength(2);
	});

	it('fails where it is gone', async () => {
		const bench = await leftBench();
		bench.rollout.standing = { stage: 'gone', evidence: ['the old one is gone'] };
		expect((await swap(bench)).value['words']).toContain('what the move plan0001 was about is gone');
	});
});

describe('the proof of a swap', () => {
	const probe = (name: string, ok: boolean): Probe => ({ name, kind: 'http', serviceId: 'api', intervalMs: 1, timeoutMs: 1, run: () => Promise.resolve({ probe: name, at: 0, durationMs: 1, ok, words: ok ? '200 in 1 ms' : 'connection refused', figures: {} }) });
	const http = { kind: 'http', name: 'ready', url: 'http://localhost' };

	const proofsOf = async (make: (bench: Bench) => void, probes: readonly Readonly<Record<string, unknown>>[], way: 'start-first' | 'stop-first' = 'stop-first') => {
		const bench = new Bench();
		bench.rollout.planned = plan({ way });
		make(bench);
		await swap(bench, {}, { probes });
		return bench.rollout.proofs;
	};

	it('is for the probes where there is no health check', async () => {
		expect(await proofsOf((bench) => (bench.probes = [probe('ready', true)]), [http])).toEqual([{ ok: true, words: 'ready: 200 in 1 ms' }]);
		expect(await proofsOf((bench) => (bench.probes = [probe('live', true), probe('ready', false)]), [http])).toEqual([{ ok: false, words: 'ready: connection refused' }]);
	});

	it('is for the health check where there is one', async () => {
		const proofs = await proofsOf((bench) => {
			bench.probes = [probe('ready', false)];
			bench.fresh = { ...container('api', { id: 'c2', health: 'healthy' }), detail: detail() };
		}, [http]);
		expect(proofs).toEqual([{ ok: true, words: 'by its own health check' }]);
	});

	it('asks no address that the old one may answer, and nothing that says nothing of the version', async () => {
		const none = (bench: Bench) => (bench.probes = [probe('ready', false)]);
		expect(await proofsOf(none, [http], 'start-first')).toEqual([]);
		expect(await proofsOf(none, [{ kind: 'disk', name: 'disk', path: '/' }])).toEqual([]);
		expect(await proofsOf(none, [{ kind: 'command', name: 'own', run: ['true'], inContainer: true }], 'start-first')).toHaveLength(1);
	});
});

describe('an address that is watched', () => {
	it('is asked ten times a second until a second after, and what fails is counted', async () => {
		const bench = new Bench();
		let down = false;
		bench.answer = () => Promise.resolve(down ? 'failed' : 'answered');
		bench.rollout.during = async ({ id }) => {
			if (id === 'start') down = true;
			if (id === 'prove') down = false;
			await bench.clock.advance(500);
		};
		const moving = swap(bench, { watch: 'http://localhost:8000/health' });
		// The lines come before the last requests are counted.
		await vi.waitFor(() => expect(bench.journal.kinds).toContain('done prove'));
		await bench.clock.advance(1000);
		const { value } = await moving;
		expect(value['requests']).toEqual({ sent: 31, failed: 5, longestGapMs: 500 });
		expect(bench.journal.events.find(({ event }) => event.kind === 'rollout_ended')?.event).toMatchObject({ requests: { sent: 31, failed: 5 } });
		expect(bench.lines.at(-1)).toContain('5 of 31 requests to http://localhost:8000/health failed, for 500 ms at the longest');
	});
});
