import { describe, expect, it } from 'vitest';
import type { Step } from '../../../src/domain/playbook/step.ts';
import { blocksIn, commandOf, fence, imported } from './support.ts';

const checksOf = (steps: readonly Step[]): readonly string[] => steps.flatMap((step) => (step.kind === 'manual' ? step.checklist : []));

describe('checklists', () => {
	it('make a check of every box', () => {
		const found = imported('## Before\n\n- [ ] **Ticket:** approved\n- [x] Backup taken\n  - [ ] and opened\n\n1. [ ] Numbered\n\n* [X] Starred <PLACE> `code`');
		expect(checksOf(found.steps)).toEqual(['Ticket: approved', 'Backup taken', 'Backup taken: and opened', 'Numbered', 'Starred <PLACE> code']);
		expect(found.report.lines).toContain('5 checks to tick by hand, 5 of them with a box in the runbook');
	});

	it('make checks of numbered lists, and of lists whose heading or sentence asks for it', () => {
		const found = imported('## Roles\n\n1. Call the lead\n2. Write it down\n\n## Release validation\n\n- Page opens\n\n## Words\n\nBefore you begin, verify that:\n\n- it is night\n\n## Notes\n\n- only a note');
		expect(checksOf(found.steps)).toEqual(['Call the lead', 'Write it down', 'Page opens', 'it is night']);
		expect(found.text).toContain('- only a note');
	});

	it('make one playbook of checks, however many headings part them', () => {
		const { playbooks } = imported('# SOP\n\n## Sign-off\n\n### Code\n- [ ] a\n\n### Team\n- [ ] b\n\n## Other\n\n- [ ] c');
		expect(playbooks.map(({ title, kind, phases }) => [title, kind, phases.map((phase) => phase.title)])).toEqual([
			['Sign-off', 'check', ['Code', 'Team']],
			['Other', 'check', []],
		]);
	});

	it('make steps of the commands a check names, before it', () => {
		const found = imported('## Checks\n\n- [ ] Look at `docker ps -a` first\n- [ ] `curl -f http://localhost/health` returns ok\n- [ ] the word `healthy`, and `GET /health`');
		expect(found.steps.map((step) => [step.title, commandOf(step), step.risk])).toEqual([
			['Look at first', 'docker ps -a', 'read'],
			['Checks', undefined, 'read'],
			['returns ok', 'curl -f http://localhost/health', 'read'],
			['Checks', undefined, 'read'],
		]);
		expect(checksOf(found.steps)).toHaveLength(3);
	});

	it('make steps of blocks within a list, titled by their entry', () => {
		const found = imported(`## Rollback\n\n1. **Stop it:**\n   ${fence('docker stop web').replaceAll('\n', '\n   ')}\n   - tell the team\n2. **Wait.**\n`);
		expect(found.steps.map((step) => [step.title, commandOf(step)])).toEqual([
			['Stop it', 'docker stop web'],
			['Rollback', undefined],
		]);
		expect(checksOf(found.steps)).toEqual(['Stop it: tell the team', 'Wait.']);
	});

	it('is no table of contents', () => {
		const found = imported('## Contents\n\n1. [One](#one)\n2. [Two](#two)\n   - [Three](#three)');
		expect(checksOf(found.steps)).toEqual([]);
		expect(found.text).toContain('[Three](#three)');
	});

	it('keep addresses and long entries', () => {
		const long = `${'very long '.repeat(150)}end`;
		const found = imported(`## Checks\n\n- [ ] see [the board](https://board.example/x)\n- [ ] ${long}`);
		expect(checksOf(found.steps)[0]).toBe('see the board (https://board.example/x)');
		expect(found.text).toContain(long);
	});
});

describe('blocks that are no commands', () => {
	it.each([
		['json', '{"a": 1}', 'json: the contents of a file, not commands'],
		['yaml', 'a: 1', 'yaml: the contents of a file, not commands'],
		['python', 'print(1)', 'python: a program for another interpreter'],
		['sql', 'select 1', 'sql: statements for a database'],
		['powershell', 'Get-Item x', 'powershell: commands of a shell that sitrep does not run'],
		['text', 'some words', 'text: text or output, not commands'],
		['', 'Error rate: <= baseline + 1 %', 'no language is named, and it does not read as commands'],
		['bash', '# only words', 'nothing but comments'],
		['bash', '', 'it is empty'],
		['whatever', 'x', 'whatever: not a language of a shell'],
	])('%s are left out with the reason, and kept as text', (language, text, reason) => {
		const found = imported(`## Procedure\n\n${fence('df -h')}\n\nA word.\n\n${fence(text, language)}`);
		expect(found.report.lines.find((line) => line.includes('is no step'))).toContain(reason);
		expect(found.text).toContain(text);
		expect(blocksIn(found.report)[1]).toBe(1);
	});

	it('without a language are commands where they read as such', () => {
		const found = imported(`## Procedure\n\n${fence('docker ps\ndf -h', '')}\n\n    docker stop web\n`);
		expect(found.steps.map(commandOf)).toEqual(['docker ps', 'df -h', 'docker stop web']);
	});
});
