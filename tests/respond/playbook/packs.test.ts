import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LoadedPlaybook, Playbook } from '../../../src/domain/playbook/playbook.ts';
import type { Action, Step } from '../../../src/domain/playbook/step.ts';
import { builtInRules } from '../../../src/judge/builtInRules.ts';
import { readParams } from '../../../src/respond/action/params.ts';
import { type Library, loadLibrary } from '../../../src/respond/playbook/library.ts';
import { libraryFiles } from '../../../src/respond/playbook/libraryFiles.ts';
import { lintPlaybook } from '../../../src/respond/playbook/lint.ts';
import { formatPlaybookProblem } from '../../../src/respond/playbook/load.ts';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../../../playbooks');

/**
 * Every section of the P09 runbook that holds commands, with the playbooks that carry them out. A section is named in the
 * `source` of the playbook or of one of its steps.
 */
const sections: readonly (readonly [heading: string, playbook: string])[] = [
	['Application Health Dashboard', 'p09-status-check'],
	['Container Status Dashboard', 'p09-status-check'],
	['Performance Metrics Dashboard', 'p09-status-check'],
	['Database Dashboard', 'p09-status-check'],
	['alert queries', 'p09-status-check'],
	['Monitor error rate', 'p09-status-check'],
	['Check resource usage', 'p09-status-check'],
	['Start Application', 'p09-container-start'],
	['Stop Application', 'p09-container-stop'],
	['Restart Application', 'p09-container-restart'],
	['Backup Database', 'p09-database-backup'],
	['Restore Database', 'p09-restore-database'],
	['Database Maintenance', 'p09-database-maintenance'],
	['View Logs', 'p09-logs-view'],
	['Export Logs', 'p09-logs-export'],
	['detection', 'p09-status-check'],
	['P0: Container Crashed', 'p09-p0-container-crashed'],
	['P0: Health Check Failing', 'p09-p0-health-failing'],
	['Database Locked', 'p09-p0-health-failing'],
	['Database Locked', 'p09-p2-database-locked'],
	['Port Already in Use', 'p09-p0-health-failing'],
	['Port Already in Use', 'p09-port-in-use'],
	['Database Connection Error', 'p09-p0-health-failing'],
	['Database Connection Error', 'p09-database-permissions'],
	['P1: High Error Rate', 'p09-p1-high-error-rate'],
	['Response time > 1s (p95)', 'p09-p1-high-latency'],
	['P2: Performance Degradation', 'p09-p2-performance-degradation'],
	['Disk usage > 80%', 'p09-p2-disk-usage'],
	['Memory usage > 90%', 'p09-p3-memory-usage'],
	['Container Issues', 'p09-status-check'],
	['Database Issues', 'p09-status-check'],
	["Issue: Container won't start", 'p09-container-wont-start'],
	['Issue: API returning 500 errors', 'p09-api-returns-500'],
	['Issue: Database file locked', 'p09-p2-database-locked'],
	['backup strategy', 'p09-database-backup'],
	['Rollback Deployment', 'p09-rollback'],
	['Complete Data Loss', 'p09-disaster-data-loss'],
	['RPO/RTO', 'p09-disaster-host-loss'],
	['Container Image Loss', 'p09-disaster-image-loss'],
	['Daily Tasks', 'p09-daily-tasks'],
	['Weekly Tasks', 'p09-weekly-tasks'],
	['Monthly Tasks', 'p09-monthly-tasks'],
	['quick reference', 'p09-container-restart'],
	['quick reference', 'p09-restore-database'],
];

let library: Library;
let all: readonly LoadedPlaybook[];

beforeAll(async () => {
	library = await loadLibrary([folder], libraryFiles);
	all = library.playbooks;
});

const withParts = (playbook: Playbook): readonly Step[] => playbook.steps.flatMap((step): readonly Step[] => (step.kind === 'parallel' ? [step, ...step.steps] : [step]));

const actionsOf = (step: Step): readonly Action[] => {
	const own = 'action' in step && step.action !== undefined && step.action.kind !== 'signal' ? [step.action] : [];
	return step.undo === undefined ? own : [...own, step.undo];
};

/** Scripts and command lines of a playbook, as text. */
const commandsOf = (playbook: Playbook): readonly string[] =>
	withParts(playbook)
		.flatMap(actionsOf)
		.flatMap((action) => (action.kind === 'command' ? [action.sh ?? action.run?.join(' ') ?? ''] : []));

const named = (id: string): Playbook => {
	const found = library.byId.get(id);
	if (found === undefined) throw new Error(`there is no playbook ${id}`);
	return found;
};

describe('the shipped packs', () => {
	it('load without a problem', () => {
		expect(library.problems.map(formatPlaybookProblem)).toEqual([]);
		expect([...new Set(all.map((each) => each.pack))]).toEqual(['generic', 'p09', 'sme-erp']);
	});

	it('have nothing that lint would say, warnings included', () => {
		const problems = all.flatMap((each) => lintPlaybook(each, { library: library.byId }));
		expect(problems.map(formatPlaybookProblem)).toEqual([]);
	});

	it('are named after their pack and file, and none is a draft', () => {
		for (const { playbook, pack, file } of all) {
			expect(playbook.id).toBe(`${pack}-${basename(file, '.yaml')}`);
			expect(playbook.draft, playbook.id).toBe(false);
		}
	});

	it('answer every built-in rule, and are triggered by no other', () => {
		const rules = builtInRules().map((rule) => rule.id);
		const answered = all.flatMap(({ playbook }) => playbook.triggers.map((trigger) => trigger.rule));
		expect([...new Set(answered)].toSorted((a, b) => a.localeCompare(b))).toEqual(rules.toSorted((a, b) => a.localeCompare(b)));
	});

	it('can be started with nothing but a service and the name of its container', () => {
		for (const { playbook } of all) {
			const prefilled = Object.fromEntries(Object.entries(playbook.params).flatMap(([name, { type }]) => (type === 'container' || type === 'service' ? [[name, 'web-1']] : [])));
			expect(() => readParams(playbook.params, {}, { prefilled }), playbook.id).not.toThrow();
		}
	});

	it('hold the figures after a rollback against the baseline, for a window', () => {
		for (const id of ['generic-rollback', 'p09-rollback', 'sme-erp-rollback-application']) {
			const windows = named(id).steps.filter((step) => step.kind === 'watch');
			expect(windows.length, id).toBeGreaterThan(0);
			for (const signal of ['http.errorRate', 'http.p95']) {
				expect(windows.some((step) => step.criteria.some(({ holds }) => holds.includes(`signal("${signal}") <= baseline("${signal}")`))), `${id}: ${signal}`).toBe(true);
			}
		}
	});

	it('show after an incident that the service is well, more than once in a row', () => {
		for (const { playbook } of all.filter((each) => each.playbook.kind === 'incident')) {
			const proofs = playbook.steps.filter((step) => step.kind === 'watch' || (step.kind === 'waitFor' && step.consecutiveSuccessLimit >= 3));
			expect(proofs.length, playbook.id).toBeGreaterThan(0);
		}
	});

	it('remove no write-ahead log, no volume, and no container', () => {
		for (const { playbook } of all) {
			for (const command of commandsOf(playbook)) expect(command, playbook.id).not.toMatch(/(?:^|[\s;&|])rm\s|\bvolume (?:rm|prune)\b|--rm\b|compose down/m);
		}
	});

	it('copy and restore databases through SQLite alone', () => {
		const copies = all.flatMap(({ playbook }) => commandsOf(playbook).filter((command) => /(?:^|[\s;&|])cp\s/m.test(command)));
		expect(copies).toEqual([]);
		const restores = withParts(named('p09-restore-database')).flatMap(actionsOf).filter((action) => action.kind === 'database' && action.action === 'restore');
		expect(restores).toMatchObject([{ stopped: ['${{params.container}}', '${{params.writer}}'] }]);
	});
});

describe('the pack p09', () => {
	it.each(sections)('covers %s with %s', (heading, id) => {
		const playbook = named(id);
		const sources = [playbook.source, ...withParts(playbook).map((step) => step.source)].filter((source) => source !== undefined);
		expect(sources.some((source) => source.toLowerCase().includes(heading.toLowerCase())), sources.join('\n')).toBe(true);
	});

	it('has no playbook that carries out no section', () => {
		const covering = new Set(sections.map(([, id]) => id));
		expect(all.filter((each) => each.pack === 'p09' && !covering.has(each.playbook.id)).map((each) => each.playbook.id)).toEqual([]);
	});

	it('says of each playbook where it comes from, and why it differs', () => {
		for (const { playbook } of all.filter((each) => each.pack === 'p09')) {
			expect(playbook.source, playbook.id).toMatch(/^P09 runbook/);
			expect(playbook.notes.length, playbook.id).toBeGreaterThan(0);
		}
	});

	it('keeps the time budgets of the runbook', () => {
		expect(named('p09-p0-container-crashed').phases.map((phase) => phase.budgetMinutes)).toEqual([5, 15, undefined]);
		expect(named('p09-disaster-data-loss').phases.map((phase) => phase.budgetMinutes)).toEqual([15]);
		expect(named('p09-disaster-image-loss').phases.map((phase) => phase.budgetMinutes)).toEqual([10]);
	});

	it('is offered for the service of the runbook only', () => {
		for (const { playbook } of all.filter((each) => each.pack === 'p09')) expect(playbook.appliesTo?.service, playbook.id).toContain('*cloud-native-poc*');
	});
});

describe('the pack generic', () => {
	it('is for any service, and asks for no other pack', () => {
		for (const { playbook } of all.filter((each) => each.pack === 'generic')) {
			// Those that take an earlier move up are for no service by themselves: the console offers them where there is such a move.
			expect(playbook.appliesTo, playbook.id).toEqual(playbook.id.startsWith('generic-rollback-') ? { service: [] } : undefined);
			const others = playbook.steps.flatMap((step) => [...(step.kind === 'playbook' ? [step.playbook] : []), ...(step.onFailure.do === 'playbook' ? [step.onFailure.playbook] : [])]);
			for (const other of others) expect(other, playbook.id).toMatch(/^generic-/);
		}
	});

	it.each(['crashed', 'unhealthy', 'restart-loop', 'out-of-memory', 'high-cpu', 'error-burst', 'disk-full', 'unreachable-port'])('treats %s', (name) => {
		expect(named(`generic-${name}`).kind).toBe('incident');
	});
});
