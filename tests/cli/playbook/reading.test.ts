import { describe, expect, it } from 'vitest';
import { exitCodes } from '../../../src/cli/exitCodes.ts';
import type { ImportReport, PlaybookPort } from '../../../src/cli/playbook/port.ts';
import { runCli } from '../../../src/cli/run.ts';
import type { PlaybookProblem } from '../../../src/domain/playbook/problem.ts';
import { isHarmless } from '../../../src/domain/sanitise.ts';
import { formatPlaybookProblem, loadPlaybook } from '../../../src/respond/playbook/load.ts';
import type { PlaybookReading } from '../../../src/respond/playbook/load.ts';
import { fakePlaybooks, memoryPorts } from '../ports.ts';

const yamlOf = (id: string, more = ''): string => `schemaVersion: 1
id: ${id}
version: 1.2.0
kind: incident
severity: P1
title: The ${id} procedure
${more}steps:
- {id: look, phase: immediate, budgetMinutes: 5, risk: read, run: [docker, ps], note: Mind the gap.}
- {id: wipe, phase: recovery, risk: destructive, run: [rm, -rf, data], target: data, loses: the data}
`;

const readingOf = (text: string, file: string): PlaybookReading => loadPlaybook(text, file, 'own');

const loadedOf = (id: string, more?: string) => {
	const { loaded } = readingOf(yamlOf(id, more), `/packs/own/${id}.yaml`);
	if (loaded === undefined) throw new Error(`${id} is no playbook`);
	return loaded;
};

const warning: PlaybookProblem = { rule: 'no-timeout', level: 'warning', file: 'a.yaml', line: 3, column: 7, path: 'steps[0]', message: 'no timeout', wayOut: 'Say one.' };
const error: PlaybookProblem = { ...warning, rule: 'unknown-step', level: 'error', message: 'there is no step \u001B[2Jx' };

/** Playbooks in memory. Files by path; what is written and asked for is recorded. */
const library = (over: { readonly playbooks?: readonly string[]; readonly problems?: readonly PlaybookProblem[]; readonly files?: Readonly<Record<string, PlaybookReading>>; readonly lint?: readonly PlaybookProblem[]; readonly report?: ImportReport } = {}) => {
	const calls: string[] = [];
	const written = new Map<string, string>();
	const refuse = (): Promise<never> => Promise.reject(new Error('nothing runs in this test'));
	const port: PlaybookPort = {
		...fakePlaybooks(calls),
		library: () => Promise.resolve({ playbooks: (over.playbooks ?? ['restart', 'restore']).map((id) => loadedOf(id, id === 'restore' ? 'draft: true\n' : 'triggers: [{rule: container-down}]\nnotes: [Never by night.]\nsummary: What it does.\nsource: The runbook\n')), problems: over.problems ?? [] }),
		readFile(path) {
			calls.push(`read ${path}`);
			const reading = over.files?.[path];
			return reading === undefined ? Promise.reject(Object.assign(new Error(`ENOENT: no such file or directory, open '${path}'`), { code: 'ENOENT' })) : Promise.resolve(reading);
		},
		lint(loaded) {
			calls.push(`lint ${loaded.playbook.id}`);
			return Promise.resolve(over.lint ?? []);
		},
		formatProblem: formatPlaybookProblem,
		schema: () => Promise.resolve('{"title": "sitrep playbook"}\n'),
		import(path, pack) {
			calls.push(`import ${path} ${pack}`);
			return Promise.resolve(over.report ?? { files: [{ name: 'ops-a.yaml', text: 'id: a\n' }, { name: 'ops-b.yaml', text: 'id: b' }], lines: ['1 draft', 'line \u001B[2J2'] });
		},
		write(folder, name, text) {
			const path = `${folder}/${name}`;
			if (written.has(path)) return Promise.reject(Object.assign(new Error(`EEXIST: file already exists, open '${path}'`), { code: 'EEXIST' }));
			written.set(path, text);
			return Promise.resolve(path);
		},
		review(path) {
			calls.push(`review ${path}`);
			return Promise.resolve(path);
		},
		fits: refuse,
		record: refuse,
		ownFolder: '/own/playbooks',
		responding: refuse,
	};
	const ports = memoryPorts({ playbooks: () => Promise.resolve(port) });
	return { ports, calls, written, run: (...words: readonly string[]) => runCli(ports, ['playbook', ...words]) };
};

describe('playbook list', () => {
	it('shows one line for each, drafts as such', async () => {
		const { ports, run } = library();
		expect(await run('list')).toBe(exitCodes.ok);
		expect(ports.stdout.lines).toEqual(['restart  P1  incident  The restart procedure', 'restore  P1  incident  The restore procedure  (draft, not reviewed)']);
		expect(ports.stderr.text).toBe('');
	});

	it('says where errors keep playbooks away, and lists the others', async () => {
		const { ports, run } = library({ problems: [error, warning, error] });
		expect(await run('list')).toBe(exitCodes.ok);
		expect(ports.stdout.lines).toHaveLength(2);
		expect(ports.stderr.text).toBe('sitrep: 2 errors keep playbooks away: sitrep playbook lint\n');
	});

	it('gives one JSON object a line', async () => {
		const { ports, run } = library();
		expect(await run('list', '--json')).toBe(exitCodes.ok);
		expect(ports.stdout.lines.map((line): unknown => JSON.parse(line))).toEqual([
			{ id: 'restart', version: '1.2.0', kind: 'incident', severity: 'P1', title: 'The restart procedure', pack: 'own', file: '/packs/own/restart.yaml', hash: expect.stringMatching(/^[0-9a-f]{64}$/), draft: false, triggers: [{ rule: 'container-down' }] },
			expect.objectContaining({ id: 'restore', draft: true, triggers: [] }),
		]);
	});
});

describe('playbook show', () => {
	it('shows what it is, its phases and its steps, and runs nothing', async () => {
		const { ports, run, calls } = library();
		expect(await run('show', 'restart')).toBe(exitCodes.ok);
		expect(ports.stdout.lines.slice(0, 4)).toEqual(['The restart procedure  (restart 1.2.0)', 'What it does.', 'from: The runbook', 'note: Never by night.']);
		expect(ports.stdout.lines).toContain('Immediate, until 5 min');
		expect(ports.stdout.lines).toContain('Recovery');
		expect(ports.stdout.text).toMatch(/ {2}1 {2}Look {2}\[command, read/);
		expect(ports.stdout.text).toMatch(/ {2}2 {2}Wipe {2}\[command, DESTRUCTIVE/);
		expect(ports.stdout.text).toContain('note: Mind the gap.');
		expect(calls).toEqual([]);
	});

	it('prints the file exactly with --yaml', async () => {
		const { ports, run } = library();
		expect(await run('show', 'restart', '--yaml')).toBe(exitCodes.ok);
		expect(ports.stdout.text).toBe(loadedOf('restart', 'triggers: [{rule: container-down}]\nnotes: [Never by night.]\nsummary: What it does.\nsource: The runbook\n').text);
	});

	it('reads a file where it is given one', async () => {
		const { ports, run, calls } = library({ files: { './mine.yaml': readingOf(yamlOf('mine'), './mine.yaml') } });
		expect(await run('show', './mine.yaml')).toBe(exitCodes.ok);
		expect(calls).toEqual(['read ./mine.yaml']);
		expect(ports.stdout.lines[0]).toBe('The mine procedure  (mine 1.2.0)');
	});

	it('says that there is none of that name', async () => {
		const { ports, run } = library();
		expect(await run('show', 'nix\u001B[2J')).toBe(exitCodes.unknown);
		expect(ports.stderr.text).toContain('there is no playbook "nix');
		expect(ports.stderr.text).toContain('sitrep playbook list');
		for (const line of ports.stderr.lines) expect(isHarmless(line)).toBe(true);
	});

	it('says what is wrong with a file, and with a file that is not there', async () => {
		const broken = library({ files: { 'broken.yaml': readingOf('id: x\n', 'broken.yaml') } });
		expect(await broken.run('show', 'broken.yaml')).toBe(exitCodes.usage);
		expect(broken.ports.stderr.text).toContain('broken.yaml:1');
		expect(broken.ports.stderr.text).toContain('sitrep playbook lint broken.yaml');
		const missing = library();
		expect(await missing.run('show', 'gone.yaml')).not.toBe(exitCodes.ok);
		expect(missing.ports.stderr.text).toContain('gone.yaml');
	});
});

describe('playbook schema', () => {
	it('prints it as it is', async () => {
		const { ports, run } = library();
		expect(await run('schema')).toBe(exitCodes.ok);
		expect(ports.stdout.text).toBe('{"title": "sitrep playbook"}\n');
	});
});

describe('playbook lint', () => {
	it('lints all there are without an argument, and ends with 0 where there are only warnings', async () => {
		const { ports, run, calls } = library({ lint: [warning] });
		expect(await run('lint')).toBe(exitCodes.ok);
		expect(calls).toEqual(['lint restart', 'lint restore']);
		expect(ports.stdout.lines).toEqual(['a.yaml:3:7: warning no-timeout: steps[0]: no timeout. Say one.', 'a.yaml:3:7: warning no-timeout: steps[0]: no timeout. Say one.', '0 errors, 2 warnings']);
	});

	it('ends with 1 where there is an error, those of files that were not read included, and writes harmless lines', async () => {
		const { ports, run } = library({ problems: [error] });
		expect(await run('lint')).toBe(exitCodes.failure);
		expect(ports.stdout.lines.at(-1)).toBe('1 error, 0 warnings');
		for (const line of ports.stdout.lines) expect(isHarmless(line)).toBe(true);
	});

	it('takes ids and files', async () => {
		const { ports, run, calls } = library({ files: { 'a.yaml': { problems: [error, warning] } } });
		expect(await run('lint', 'restore', 'a.yaml')).toBe(exitCodes.failure);
		expect(calls.toSorted()).toEqual(['lint restore', 'read a.yaml']);
		expect(ports.stdout.lines.at(-1)).toBe('1 error, 1 warning');
	});

	it('says so where there is nothing to say', async () => {
		const { ports, run } = library();
		expect(await run('lint')).toBe(exitCodes.ok);
		expect(ports.stdout.lines).toEqual(['nothing to complain about']);
	});

	it('gives one JSON object a line, and nothing else', async () => {
		const { ports, run } = library({ lint: [error], playbooks: ['restart'] });
		expect(await run('lint', '--json')).toBe(exitCodes.failure);
		expect(ports.stdout.lines.map((line): unknown => JSON.parse(line))).toEqual([error]);
	});
});

describe('playbook import', () => {
	it('writes the drafts into a pack of the name of the file, and tells what became of it on stderr', async () => {
		const { ports, run, calls, written } = library();
		expect(await run('import', '/docs/My Runbook (v2).md')).toBe(exitCodes.ok);
		expect(calls).toEqual(['import /docs/My Runbook (v2).md my-runbook-v2']);
		expect([...written]).toEqual([
			['/own/playbooks/my-runbook-v2/ops-a.yaml', 'id: a\n'],
			['/own/playbooks/my-runbook-v2/ops-b.yaml', 'id: b'],
		]);
		expect(ports.stdout.lines).toEqual(['wrote /own/playbooks/my-runbook-v2/ops-a.yaml', 'wrote /own/playbooks/my-runbook-v2/ops-b.yaml']);
		expect(ports.stderr.lines[0]).toBe('1 draft');
		for (const line of ports.stderr.lines) expect(isHarmless(line)).toBe(true);
	});

	it('takes a name and a folder', async () => {
		const { run, calls, written } = library();
		expect(await run('import', 'a.md', '--pack', 'shop', '--to', 'packs')).toBe(exitCodes.ok);
		expect(calls).toEqual(['import a.md shop']);
		expect([...written.keys()]).toEqual(['packs/shop/ops-a.yaml', 'packs/shop/ops-b.yaml']);
	});

	it('prints the drafts with --stdout, and writes none', async () => {
		const { ports, run, written } = library();
		expect(await run('import', 'a.md', '--stdout')).toBe(exitCodes.ok);
		expect(ports.stdout.text).toBe('id: a\n---\nid: b\n---\n');
		expect(written.size).toBe(0);
	});

	it('writes over nothing', async () => {
		const { ports, run, written } = library();
		await run('import', 'a.md');
		written.set('/own/playbooks/a/ops-a.yaml', 'reviewed');
		expect(await run('import', 'a.md')).not.toBe(exitCodes.ok);
		expect(written.get('/own/playbooks/a/ops-a.yaml')).toBe('reviewed');
		expect(ports.stderr.text).toContain('/own/playbooks/a/ops-a.yaml');
	});
});

describe('playbook review', () => {
	const drafts = { '/own/a.yaml': readingOf(yamlOf('a', 'draft: true\n'), '/own/a.yaml') };

	it('shows the draft and what lint says, and marks it once its id is typed', async () => {
		const { ports, run, calls } = library({ files: { '/own/a.yaml': { ...drafts['/own/a.yaml'], problems: [warning] } } });
		ports.stdout.isTTY = true;
		ports.stdin.type('a');
		expect(await run('review', '/own/a.yaml')).toBe(exitCodes.ok);
		expect(calls).toEqual(['read /own/a.yaml', 'review /own/a.yaml']);
		expect(ports.stdout.text).toContain('warning no-timeout');
		expect(ports.stdout.text).toContain('title: The a procedure');
		expect(ports.stdout.lines.at(-1)).toContain('reviewed: /own/a.yaml');
	});

	it.each([['b'], ['yes'], ['']])('leaves it a draft where %j is typed', async (answer) => {
		const { ports, run, calls } = library({ files: drafts });
		ports.stdout.isTTY = true;
		ports.stdin.type(answer);
		expect(await run('review', '/own/a.yaml')).toBe(exitCodes.failure);
		expect(calls).toEqual(['read /own/a.yaml']);
		expect(ports.stderr.text).toContain('it stays a draft');
	});

	it('leaves it a draft at the end of the input', async () => {
		const { ports, run, calls } = library({ files: drafts });
		ports.stdout.isTTY = true;
		ports.stdin.end();
		expect(await run('review', '/own/a.yaml')).toBe(exitCodes.failure);
		expect(calls).toEqual(['read /own/a.yaml']);
	});

	it.each(['stdin', 'stdout'] as const)('needs a terminal on %s', async (which) => {
		const { ports, run, calls } = library({ files: drafts });
		ports.stdout.isTTY = true;
		ports[which].isTTY = false;
		expect(await run('review', '/own/a.yaml')).toBe(exitCodes.noTerminal);
		expect(calls).toEqual(['read /own/a.yaml']);
	});

	it('refuses what has errors, and what is no draft', async () => {
		const broken = library({ files: { 'a.yaml': { problems: [error] } } });
		expect(await broken.run('review', 'a.yaml')).toBe(exitCodes.failure);
		expect(broken.ports.stderr.text).toContain('cannot be reviewed before its errors are mended');
		expect(broken.ports.stdout.text).toContain('unknown-step');
		const done = library({ files: { 'a.yaml': readingOf(yamlOf('a'), 'a.yaml') } });
		expect(await done.run('review', 'a.yaml')).toBe(exitCodes.failure);
		expect(done.ports.stderr.text).toContain('a.yaml is no draft');
		expect([...broken.calls, ...done.calls]).toEqual(['read a.yaml', 'read a.yaml']);
	});
});
