import { describe, expect, it } from 'vitest';
import { importRunbook } from '../../../src/respond/import/importRunbook.ts';
import { lintText } from '../../../src/respond/playbook/lint.ts';
import { blocksIn, commandOf, fence, imported, titled } from './support.ts';

const crashed = `# Shop runbook

The shop is a small service. See the dashboards.

## Incidents

### P0: Shop is down

Customers cannot buy anything.

**Immediate (0-5 min):**
${fence('# 1. Check status\ndocker ps -a --filter name=shop\n\n# 2. Restart it\ndocker restart shop\n\n# 3. Verify\ncurl -f http://localhost:9000/health\n# Expected: {"status": "ok", "ready": true}')}

**Investigation (5-15 minutes):**
${fence('# Look at the log\ndocker logs -f shop\n\ndf -h')}

### P2: Shop is slow

${fence('docker stats shop --no-stream')}

## Backup

${fence('# Copy the database\ncp data/shop.db backups/shop.db\n\n# Remove what is old\nrm -rf backups/old')}
`;

describe('the shape of a runbook', () => {
	const found = imported(crashed);

	it('makes a playbook of each heading over commands, and phases of the headings below it', () => {
		expect(found.playbooks.map(({ title, severity, kind }) => [title, severity, kind])).toEqual([
			['P0: Shop is down', 'P0', 'incident'],
			['P2: Shop is slow', 'P2', 'incident'],
			['Backup', undefined, 'maintenance'],
			['Background: Shop runbook', undefined, 'check'],
		]);
		expect(found.playbooks[0]?.phases).toEqual([
			{ id: 'immediate-0-5-min', title: 'Immediate (0-5 min)', budgetMinutes: 5 },
			{ id: 'investigation-5-15-minutes', title: 'Investigation (5-15 minutes)', budgetMinutes: 15 },
		]);
		expect(found.playbooks[0]?.summary).toBe('Customers cannot buy anything.');
	});

	it('makes a step of each command, titled by its numbered comment', () => {
		const [down] = found.playbooks;
		expect(down?.steps.map((step) => [step.title, commandOf(step), step.risk])).toEqual([
			['Check status', 'docker ps -a --filter name=shop', 'read'],
			['Restart it', 'docker restart shop', 'change'],
			['Verify', 'curl -f http://localhost:9000/health', 'read'],
			['Look at the log', 'docker logs --tail=200 shop', 'read'],
			['df -h', 'df -h', 'read'],
		]);
		expect(down?.steps[0]?.source).toMatch(/^Immediate \(0-5 min\), 1, line \d+$/);
		expect(down?.steps.map(({ phase }) => phase)).toEqual(['immediate-0-5-min', 'immediate-0-5-min', 'immediate-0-5-min', 'investigation-5-15-minutes', 'investigation-5-15-minutes']);
	});

	it('makes an expectation of what is expected', () => {
		expect(titled(found, 'Verify').expect).toBe('exitCode == 0 && json.status == "ok" && json.ready == true');
	});

	it('says what a destructive command acts on and what it loses', () => {
		const step = titled(found, 'Remove what is old');
		expect(step).toMatchObject({ risk: 'destructive', target: 'backups/old' });
		expect(step.loses).toContain('rm');
		expect(titled(imported(`## A\n\n${fence('# Down\nalembic downgrade -1')}`), 'Down').target).toBe('alembic downgrade');
		expect(titled(imported(`## A\n\n${fence('# Clean\nrm -rf data')}`), 'Clean').target).toBe('data');
		expect(titled(imported(`## A\n\n${fence('# Clean\nrm -rf /backups/<name>/*')}`), 'Clean').target).toBe('/backups/${{params.name}}/*');
	});

	it('keeps what stands outside of the procedures as text to read', () => {
		expect(found.playbooks.at(-1)?.steps.map((step) => (step.kind === 'manual' ? step.instructions : ''))).toEqual(['The shop is a small service. See the dashboards.']);
	});

	it('counts what it has read', () => {
		expect(blocksIn(found.report)).toEqual([4, 4, 0]);
		expect(found.report.lines[0]).toBe('runbook.md: 4 drafts, 9 steps: 8 commands (5 read, 2 change, 1 destructive), 1 by hand');
	});

	it('writes the same files for the same text', () => {
		expect(importRunbook(crashed, { file: 'runbook.md', pack: 'ops' })).toEqual(found.report);
	});

	it('writes the risk and what lint says above each step', () => {
		const { text } = imported(`## Health\n\n${fence('curl http://localhost/health\n\ndocker stop shop || true')}`);
		expect(text).toContain('# read: curl only asks');
		expect(text).toContain('# lint warning curl-no-fail: curl without -f');
		expect(text).toContain('# lint warning masked-failure: || true turns a failure into a success');
	});

	it('makes one playbook of a document whose chapters are its parts', () => {
		const { playbooks } = imported(`# Queue is stuck\n\n## Diagnosis\n${fence('df -h')}\n\n## Mitigation\n${fence('docker restart queue')}\n\n## Verification\n${fence('docker ps')}`);
		expect(playbooks.map(({ title, phases }) => [title, phases.map((phase) => phase.title)])).toEqual([['Queue is stuck', ['Diagnosis', 'Mitigation', 'Verification']]]);
	});

	it('makes phases of numbered headings, and counts durations from where the one before ends', () => {
		const { playbooks } = imported(`# Upgrade\n\n## Database upgrade\n\n### Step 1: Prepare (10 minutes)\n${fence('df -h')}\n### Step 2: Switch (5 min)\n${fence('docker restart db')}`);
		expect(playbooks.map(({ title, phases }) => [title, phases.map((phase) => phase.budgetMinutes)])).toEqual([['Database upgrade', [10, 15]]]);
	});

	it('makes phases of list entries that begin with a bold line each', () => {
		const { playbooks } = imported(`## Rollout checks\n\n- **Health (T+5 minutes):**\n  - The page opens.\n- **Logs:**\n  - No errors.\n`);
		expect(playbooks[0]?.phases.map(({ title, budgetMinutes }) => [title, budgetMinutes])).toEqual([
			['Health (T+5 minutes)', 5],
			['Logs', undefined],
		]);
		expect(playbooks[0]?.steps.map((step) => (step.kind === 'manual' ? step.checklist : []))).toEqual([['The page opens.'], ['No errors.']]);
	});

	it('gives ids that are unique and valid, whatever the titles', () => {
		const { playbooks } = imported(`# 运行手册\n\n## 重启\n${fence('df -h')}\n\n## 重启\n${fence('df -h')}\n\n## Restart\n${fence('df -h')}\n\n## Restart!\n${fence('# end\ndf -h\n\n# end\ndf -h\n\n# stdout\ndf -h')}`, '运');
		expect(playbooks.map(({ id }) => id)).toEqual(['runbook-procedure', 'runbook-procedure-2', 'runbook-restart', 'runbook-restart-2']);
		expect(playbooks[3]?.steps.map(({ id }) => id)).toEqual(['end-2', 'end-3', 'stdout-2']);
	});

	it('cuts a long procedure into several drafts', () => {
		const { playbooks, report } = imported(`## Long\n\n${Array.from({ length: 900 }, (_, index) => fence(`ls /data/${index}`)).join('\n\n')}`);
		expect(playbooks.map(({ title, steps }) => [title, steps.length])).toEqual([
			['Long, part 1 of 3', 400],
			['Long, part 2 of 3', 400],
			['Long, part 3 of 3', 100],
		]);
		expect(blocksIn(report)).toEqual([900, 900, 0]);
	});

	it('says that there is nothing where there is nothing', () => {
		expect(importRunbook('', { file: 'empty.md', pack: 'ops' })).toMatchObject({ files: [], lines: expect.arrayContaining(['there is nothing in it to make a playbook of']) });
	});

	it('leaves no error for lint in drafts of ordinary commands', () => {
		for (const { text, name } of imported(crashed).report.files) expect(lintText(text, name).filter(({ level }) => level === 'error')).toEqual([]);
	});
});
