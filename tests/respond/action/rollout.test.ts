import { describe, expect, it } from 'vitest';
import { JournalError, type Actor, type RolloutRecord } from '../../../src/domain/journal.ts';
import type { RolloutAction } from '../../../src/domain/playbook/step.ts';
import type { ResolvedAction } from '../../../src/domain/run/action.ts';
import type { ExecutionEvidence } from '../../../src/domain/run/execution.ts';
import type { ActionPorts, RolloutPorts } from '../../../src/respond/action/ports.ts';
import { makeActionRunner } from '../../../src/respond/action/runner.ts';
import { FakeRollout, move, plan } from '../rollout/fakes.ts';
import { fakePorts } from './fakes.ts';

const actor: Actor = { user: 'ops', host: 'host-1', session: 'boot:1:1' };
const about = { runId: 'r-1', step: 'swap', execution: 'swap.1', service: 'shop/api' };
const resolved = (over: Partial<RolloutAction> = {}): ResolvedAction => ({ action: { kind: 'rollout', action: 'swap', service: 'api', ...over }, shown: 'move api', scriptEnv: {} });
const options = { folder: '/state/runs/r-1/swap.1', timeoutMs: 600_000, secrets: [], hideOutput: false };

const make = (rollout: Partial<RolloutPorts> = {}) => {
	const engine = new FakeRollout();
	const ports: ActionPorts['rollout'] = { journal: '/state/journal.db', actor, find: () => undefined, moves: () => Promise.resolve([]), engine, ...rollout };
	const fakes = fakePorts({ rollout: ports, toolEnvironment: { NODE_COMPILE_CACHE: '/cache' } });
	return { engine, fakes, runner: makeActionRunner(fakes) };
};

describe('a rollout step', () => {
	it('is handed to the tool with its place in the record and the probes of its service', async () => {
		const { runner, fakes } = make({ find: (name) => (name === 'api' ? { service: 'shop/api', probes: [{ kind: 'tcp', name: 'p', port: 1 }] } : undefined) });
		await runner.start(resolved({ to: 'api:1' }), { ...options, about });
		const [spec] = fakes.supervisor.specs;
		expect(spec).toMatchObject({ argv: ['/usr/bin/node', '/opt/tool.js'], folder: options.folder, env: { NODE_COMPILE_CACHE: '/cache' } });
		expect(JSON.parse(spec?.env['SITREP_TOOL_SPEC'] ?? '')).toEqual({
			tool: 'rollout',
			action: { kind: 'rollout', action: 'swap', service: 'api', to: 'api:1' },
			engineAddress: 'unix:///fake',
			timeoutMs: 600_000,
			journal: '/state/journal.db',
			actor,
			runId: 'r-1',
			step: 'swap',
			execution: 'swap.1',
			service: 'shop/api',
			probes: [{ kind: 'tcp', name: 'p', port: 1 }],
		});
		// A swap that is called off has to be taken back before it is killed.
		expect(spec?.graceMs).toBeGreaterThanOrEqual(120_000);
	});

	it('is about the service of its run while nothing goes by its name', async () => {
		const { runner, fakes } = make();
		await runner.start(resolved(), { ...options, about });
		expect(JSON.parse(fakes.supervisor.specs[0]?.env['SITREP_TOOL_SPEC'] ?? '')).toMatchObject({ service: 'shop/api', probes: [] });
	});

	it('is not started without a record', async () => {
		const { runner, fakes } = make();
		const { ended } = await runner.start(resolved(), options);
		expect(await ended).toMatchObject({ outcome: 'failed', words: expect.stringContaining('no record') as string });
		expect(fakes.supervisor.specs).toEqual([]);
	});

	it.each([
		[{ exitCode: 0 }, 'done', 'api:1 runs'],
		[{ exitCode: 1 }, 'failed', 'api:1 runs'],
		[{ exitCode: 124 }, 'timed-out', 'timed out after 10 min: api:1 runs'],
		[{ exitCode: 143, cancelled: true }, 'cancelled', 'cancelled: api:1 runs'],
	] as const)('that ends with %o is %s in the words of its value', async (end, outcome, words) => {
		const { runner, fakes } = make();
		fakes.files.toolValue = { words: 'api:1 runs', planId: 'p' };
		fakes.files.written = { stdout: 'the last line\n', stderr: '', cut: { stdout: false, stderr: false } };
		const { ended } = await runner.start(resolved(), { ...options, about });
		fakes.supervisor.end(end);
		expect(await ended).toMatchObject({ outcome, words, result: { planId: 'p' } });
	});

	it('whose tool was killed says that it can be taken up', async () => {
		const { runner, fakes } = make();
		const { ended } = await runner.start(resolved(), { ...options, about });
		const { exitCode: _, ...end } = { exitCode: 0, signal: 'SIGKILL' };
		fakes.supervisor.end({ ...end, exitCode: 137 });
		expect((await ended).words).toContain('ended by SIGKILL, and what it was doing is left where it stood');
	});
});

describe('a rollout step of a console and a tool that are gone', () => {
	const lost: ExecutionEvidence = { kind: 'lost', words: 'its supervisor is gone', alive: [] };
	const trace = async (moves: readonly RolloutRecord[] | JournalError, over: Partial<RolloutAction> = {}, standing: FakeRollout['standing'] = {}) => {
		const { runner, fakes, engine } = make({ moves: () => (moves instanceof JournalError ? Promise.reject(moves) : Promise.resolve(moves)) });
		engine.standing = standing;
		fakes.supervisor.found = lost;
		return runner.trace(resolved(over), { ...options, startedAt: 100, about });
	};

	it('is told by its record and by the engine', async () => {
		const act = { id: 'stop', words: 'stop api', leaves: 'api as it was', serving: 'old' } as const;
		const found = await trace([move({ begunAt: 200, act }, plan())], {}, { serving: 'nobody', advice: { choose: 'finish', why: 'it is nearly done' } });
		expect(found).toEqual({
			kind: 'unknown',
			evidence: ['its supervisor is gone', 'move plan0001 of api: api:1.1.0 -> api:1.0.0', 'it was left at "stop api"', 'old: api runs', 'now nobody answers', 'to finish it: possible, f', 'to take it back: possible, u'],
			advice: { choose: 'finish', why: 'it is nearly done' },
		});
	});

	it('says where it began nothing, or was over', async () => {
		expect(await trace([move({ runId: 'r-other', begunAt: 200 })])).toMatchObject({ evidence: ['its supervisor is gone', 'no move was begun by it: nothing was changed'] });
		expect(await trace([move({ begunAt: 200, end: 'restored' })], {}, { stage: 'undone' })).toMatchObject({ evidence: ['its supervisor is gone', expect.any(String), 'by its record it was taken back', 'old: api runs', 'now the old version answers'] });
	});

	it('says what it cannot find out', async () => {
		const broken = new JournalError('broken', 'the journal is damaged', { advice: '' });
		expect(await trace(broken)).toMatchObject({ evidence: ['its supervisor is gone', 'how far it came is not known: the journal is damaged'] });
	});

	it('can be asked again where it only reads', async () => {
		expect(await trace([], { action: 'plan' })).toEqual({ kind: 'unknown', evidence: ['its supervisor is gone'], repeatable: true });
	});
});
