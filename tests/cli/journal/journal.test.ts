import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { addJournal } from '../../../src/cli/journal/command.ts';
import type { JournalTools } from '../../../src/cli/journal/port.ts';
import { runsLines } from '../../../src/cli/journal/runs.ts';
import { journalEventShape, journalRunsShape, journalVerifyShape } from '../../../src/cli/journal/shapes.ts';
import { isHarmless } from '../../../src/domain/sanitise.ts';
import { exportLine } from '../../../src/record/export.ts';
import { journalTools } from '../../../src/record/tools.ts';
import type { Verification } from '../../../src/record/verify.ts';
import type { RunSummary } from '../../../src/domain/journal.ts';
import { ended, newJournal, started, takenBack } from '../../record/support.ts';
import { memoryPorts, type MemoryPorts } from '../ports.ts';

const startedBy = { user: 'ops', host: 'prod-1', session: 'boot:1:1' };
const run = (runId: string, over: Partial<RunSummary> = {}): RunSummary => ({
	runId,
	playbookId: 'p09-p0-container-crashed',
	title: 'P0: container crashed',
	engine: 'prod-1',
	startedAt: Date.UTC(2026, 10, 21, 3, 14, 7),
	startedBy,
	dryRun: false,
	lastSeq: 9,
	...over,
});
const over = run('run-2', { service: 'web', endedAt: Date.UTC(2026, 10, 21, 3, 16, 7), outcome: 'succeeded', startedBy: { ...startedBy, person: 'Ada' } });

const intact: Verification = { path: '/state/journal.db', intact: true, events: 1234, runs: 1, head: { seq: 1234, hash: 'ab12' }, flaw: undefined };
const broken: Verification = {
	...intact,
	intact: false,
	events: 3,
	head: { seq: 3, hash: 'ab12' },
	flaw: { kind: 'gap', seq: 4, expected: 'event 4', found: 'event 5', words: 'event 4 is missing' },
};

/** The journal commands alone, on a journal in memory. */
const commanded = async (words: readonly string[], tools: Partial<JournalTools> = {}, ready: (ports: MemoryPorts) => void = () => undefined) => {
	const ports = memoryPorts();
	ready(ports);
	let code = 0;
	const journal: { readonly journal: () => Promise<JournalTools> } = {
		journal: () =>
			Promise.resolve({
				path: '/state/journal.db',
				verify: () => Promise.resolve(intact),
				async *export() {
					// An empty journal.
				},
				runs: () => Promise.resolve([]),
				...tools,
			}),
	};
	const program = new Command('sitrep').exitOverride().configureOutput({ writeErr: () => undefined });
	addJournal(program, { ...ports, ...journal, exit: (asked) => (code = asked) });
	await program.parseAsync(['journal', ...words], { from: 'user' });
	return { ports, out: ports.stdout, code };
};

describe('journal verify', () => {
	it('ends with 0 and says how much is intact', async () => {
		const { out, code } = await commanded(['verify']);
		expect(code).toBe(0);
		expect(out.lines).toEqual(['/state/journal.db: intact', '1,234 events in 1 run', 'newest  1234  ab12']);
	});

	it('ends with 1 and names the first broken link, what was expected and what was found', async () => {
		const { out, code } = await commanded(['verify'], { verify: () => Promise.resolve(broken) });
		expect(code).toBe(1);
		expect(out.lines).toEqual(['/state/journal.db: BROKEN at event 4', 'event 4 is missing', 'expected  event 4', 'found     event 5', 'intact: the first 3 events', 'newest  3  ab12']);
	});

	it('writes the documented JSON, with the same codes', async () => {
		const good = await commanded(['verify', '--json']);
		expect(journalVerifyShape.parse(JSON.parse(good.out.text))).toMatchObject({ intact: true, flaw: null });
		expect(good.code).toBe(0);
		const bad = await commanded(['verify', '--json'], { verify: () => Promise.resolve(broken) });
		expect(journalVerifyShape.parse(JSON.parse(bad.out.text))).toMatchObject({ intact: false, flaw: { seq: 4 } });
		expect(bad.code).toBe(1);
	});

	it('shows how far it is on a terminal only, and takes it away again', async () => {
		const verify: JournalTools['verify'] = (onProgress) => {
			onProgress?.(5000, 10_000);
			return Promise.resolve(intact);
		};
		expect((await commanded(['verify'], { verify })).ports.stderr.text).toBe('');
		const { ports } = await commanded(['verify'], { verify }, ({ stderr }) => (stderr.isTTY = true));
		expect(ports.stderr.text).toBe('\r5,000 of 10,000 events\u001b[K\r\u001b[K');
	});

	it('lets no event write to the terminal', async () => {
		const flaw = { kind: 'changed', seq: 4, expected: 'a\u001b[2J', found: 'b\u202e', words: 'c\u0007' } as const;
		const { out } = await commanded(['verify'], { verify: () => Promise.resolve({ ...broken, flaw }) });
		for (const line of out.lines) expect(isHarmless(line)).toBe(true);
	});
});

describe('journal export', () => {
	const line = exportLine({ seq: 1, at: 0, actor: startedBy, runId: 'run-1', event: { kind: 'note_added', text: 'a\u2028\u009b2J' }, hash: 'ab' });
	const tools: Partial<JournalTools> = {
		async *export({ runId }) {
			if (runId === undefined || runId === 'run-1') yield line;
		},
	};

	it('writes the documented lines, byte for byte', async () => {
		const { out } = await commanded(['export'], tools);
		expect(out.text).toBe(`${line}\n`);
		expect(journalEventShape.parse(JSON.parse(out.text))).toMatchObject({ data: { text: 'a\u2028\u009b2J' } });
		expect((await commanded(['export', '--json', '--run', 'run-1'], tools)).out.text).toBe(`${line}\n`);
	});

	it('to a terminal, writes the same so that it can do no harm', async () => {
		const { out } = await commanded(['export'], tools, ({ stdout }) => (stdout.isTTY = true));
		expect(isHarmless(out.lines[0] ?? '')).toBe(true);
		expect(JSON.parse(out.text)).toEqual(JSON.parse(line));
	});

	it('says so where there is no such run; an empty journal is no failure', async () => {
		await expect(commanded(['export', '--run', 'run-9'], tools)).rejects.toMatchObject({ exitCode: 3, message: 'no run "run-9" is in /state/journal.db', advice: 'See `sitrep journal runs`.' });
		expect((await commanded(['export'])).out.text).toBe('');
	});

	it('stops where the reader has gone', async () => {
		let given = 0;
		const { out } = await commanded(
			['export'],
			{
				async *export() {
					for (; given < 1000; given++) yield line;
				},
			},
			({ stdout }) => (stdout.leaveAfter = 2),
		);
		expect(out.writes).toHaveLength(2);
		expect(given).toBeLessThan(5);
	});
});

describe('journal runs', () => {
	it('lists a run within a run that was taken back as rolled back', async () => {
		const journal = await newJournal();
		await journal.append([started('run-1'), started('run-2', { parent: 'run-1' }), ended('run-2'), takenBack('run-1'), takenBack('run-2'), ended('run-2', 'rolled-back'), ended('run-1', 'rolled-back')]);
		const tools = journalTools(journal.path);
		const runs: JournalTools['runs'] = (filter) => tools.runs(filter);
		const { out } = await commanded(['runs', '--json'], { runs });
		expect(journalRunsShape.parse(JSON.parse(out.text)).runs.map(({ id, outcome }) => [id, outcome])).toEqual([
			['run-2', 'rolled-back'],
			['run-1', 'rolled-back'],
		]);
		expect((await commanded(['runs'], { runs })).out.lines.join('\n')).not.toContain('succeeded');
	});

	it('lists them, newest first as they come', async () => {
		const { out } = await commanded(['runs'], { runs: () => Promise.resolve([over, run('run-1', { dryRun: true })]) });
		expect(out.lines).toEqual([
			'STARTED (UTC)        OUTCOME              TOOK   RUN    PLAYBOOK                  SERVICE  BY',
			'2026-11-21 03:14:07  succeeded            2 min  run-2  p09-p0-container-crashed  web      Ada (ops)',
			'2026-11-21 03:14:07  no end yet, dry run  -      run-1  p09-p0-container-crashed  -        ops',
		]);
		expect((await commanded(['runs'])).out.lines).toEqual(['no runs']);
	});

	it('asks for what was asked, and says where there are more', async () => {
		const asked: unknown[] = [];
		const runs: JournalTools['runs'] = (filter) => {
			asked.push(filter);
			return Promise.resolve([over, run('run-1')]);
		};
		const { out } = await commanded(['runs', '--unfinished', '--service', 'web', '--limit', '1'], { runs });
		expect(asked).toEqual([{ unfinished: true, service: 'web', limit: 2 }]);
		expect(out.lines).toHaveLength(3);
		expect(out.lines.at(-1)).toBe('there are more than these 1; --limit shows more');
	});

	it('writes the documented JSON', async () => {
		const { out } = await commanded(['runs', '--json'], { runs: () => Promise.resolve([over, run('run-1', { parentRunId: 'run-0' })]) });
		expect(journalRunsShape.parse(JSON.parse(out.text))).toMatchObject({ more: false, runs: [{ id: 'run-2', startedBy: { person: 'Ada' } }, { parent: 'run-0', endedAt: null, outcome: null }] });
	});

	it('is cut to a terminal, and lets no event write to it', () => {
		const evil = run('run\u001b]0;x\u0007', { playbookId: 'p\u202e', service: 's\u0000' });
		for (const line of runsLines([evil], true, 60)) expect([isHarmless(line), line.length <= 60]).toEqual([true, true]);
	});

	it.each(['0', 'x', '1.5', '-1'])('refuses a limit of %s', async (limit) => {
		const said = expect.stringContaining('It is no count');
		await expect(commanded(['runs', '--limit', limit])).rejects.toMatchObject({ message: said });
	});
});
