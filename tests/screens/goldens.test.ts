import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import stringWidth from 'string-width';
import stripAnsi from 'strip-ansi';
import { describe, expect, test } from 'vitest';
import { themeOf } from '../../src/console/theme.ts';
import type { ConsoleView } from '../../src/console/view.ts';
import { frameOf } from '../support/renderView.tsx';
import * as rollbacks from '../support/rollbackViews.ts';
import * as runs from '../support/runViews.ts';
import * as views from '../support/views.ts';

const folder = new URL('../golden/', import.meta.url);
const sizes: readonly views.Size[] = [
	{ columns: 80, rows: 24 },
	{ columns: 120, rows: 40 },
	{ columns: 200, rows: 60 },
];

const scenes: Readonly<Record<string, (size: views.Size) => ConsoleView>> = {
	healthy: views.healthy,
	incident: views.incident,
	'forty-filtered': views.many,
	forty: views.allForty,
	'empty-engine': views.emptyEngine,
	connecting: views.connecting,
	reconnecting: views.reconnecting,
	stale: views.stale,
	'no-engine': views.noEngine,
	help: views.help,
	palette: views.palette,
	menu: views.menu,
	'confirm-change': views.confirmChange,
	'confirm-destructive': views.confirmDestructive,
	'metrics-zoomed': views.metricsZoomed,
	'health-zoomed': views.healthZoomed,
	'logs-zoomed-search': views.logsSearch,
	'logs-paused': views.logsPaused,
	'run-asks': runs.runAsks,
	'run-works': runs.runWorks,
	'run-works-zoomed': runs.runWorksZoomed,
	'run-failed': runs.runFailed,
	'run-watched': runs.runWatched,
	'run-branch': runs.runBranch,
	'run-destroys': runs.runDestroys,
	'run-unknown': runs.runUnknown,
	'run-done': runs.runDone,
	'run-unfinished': runs.unfinished,
	'run-offered': runs.offered,
	'run-picker': runs.picker,
	'run-start': runs.startDialog,
	'rollback-offered': rollbacks.rollbackOffered,
	'rollback-half': rollbacks.rollbackHalf,
	'rollback-held': rollbacks.rollbackHeld,
	'rollback-decides': rollbacks.rollbackDecides,
	'rollback-decide-dialog': rollbacks.rollbackDecideDialog,
	'rollback-target': rollbacks.rollbackTarget,
	'rollback-planned': rollbacks.rollbackPlanned,
	'rollback-asks': rollbacks.rollbackAsks,
	'rollback-confirm': rollbacks.rollbackConfirm,
	'rollback-moves': rollbacks.rollbackMoves,
	'rollback-proves': rollbacks.rollbackProves,
	'rollback-takes-back': rollbacks.rollbackTakesBack,
	'rollback-restored': rollbacks.rollbackRestored,
	'rollback-swapped': rollbacks.rollbackSwapped,
	'rollback-watches': rollbacks.rollbackWatches,
	'rollback-done': rollbacks.rollbackDone,
};

/** Compares with the file, or writes it where UPDATE_GOLDENS is set. */
const expectGolden = (name: string, frame: string): void => {
	const file = new URL(`${name}.txt`, folder);
	const text = `${frame}\n`;
	if (process.env['UPDATE_GOLDENS'] === '1') {
		mkdirSync(folder, { recursive: true });
		writeFileSync(file, text);
	}
	expect(existsSync(file), `no golden ${name}: run with UPDATE_GOLDENS=1 and look at it`).toBe(true);
	expect(text).toBe(readFileSync(file, 'utf8'));
};

const expectFits = (frame: string, size: views.Size): void => {
	const lines = frame.split('\n');
	expect(lines.length).toBe(size.rows);
	for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(size.columns);
};

describe.each(sizes)('at $columns x $rows', (size) => {
	test.each(Object.keys(scenes))('%s', (name) => {
		const scene = scenes[name];
		if (scene === undefined) throw new Error(`no scene ${name}`);
		const frame = stripAnsi(frameOf(scene(size)));
		expectFits(frame, size);
		expectGolden(`${name}-${size.columns}x${size.rows}`, frame);
	});

	test('incident in ASCII without any SGR', () => {
		const raw = frameOf(views.incident(size), { theme: themeOf('bare', 'none'), glyphs: 'ascii' });
		expect(raw).toBe(stripAnsi(raw));
		expectFits(raw, size);
		expectGolden(`incident-ascii-${size.columns}x${size.rows}`, raw);
	});

	test.each(['rollback-decides', 'rollback-moves', 'rollback-done'] as const)('%s in ASCII without any SGR', (name) => {
		const scene = scenes[name];
		if (scene === undefined) throw new Error(`no scene ${name}`);
		const raw = frameOf(scene(size), { theme: themeOf('bare', 'none'), glyphs: 'ascii' });
		expect(raw).toBe(stripAnsi(raw));
		expectFits(raw, size);
		expectGolden(`${name}-ascii-${size.columns}x${size.rows}`, raw);
	});

	test('metrics zoomed in ASCII', () => {
		const frame = stripAnsi(frameOf(views.metricsZoomed(size), { theme: themeOf('none', 'none'), glyphs: 'ascii' }));
		expectFits(frame, size);
		expectGolden(`metrics-zoomed-ascii-${size.columns}x${size.rows}`, frame);
	});
});

describe('small windows', () => {
	test.each([
		{ columns: 60, rows: 16 },
		{ columns: 66, rows: 24 },
	])('incident at $columns x $rows', (size) => {
		const frame = stripAnsi(frameOf(views.incident(size)));
		expectFits(frame, size);
		expectGolden(`incident-${size.columns}x${size.rows}`, frame);
	});

	test('too small is one sentence and the engine', () => {
		const frame = stripAnsi(frameOf(views.incident({ columns: 50, rows: 10 })));
		expect(frame).toContain('sitrep needs 60x16, this is 50x10: enlarge');
		expect(frame).toContain('prod-1');
		expectGolden('too-small-50x10', frame);
	});

	test('colours of a move while nobody serves', () => {
		expectGolden('rollback-moves-colours-80x24', frameOf(rollbacks.rollbackMoves({ columns: 80, rows: 24 })).replaceAll('\u001b', '^['));
	});

	test('colours of the incident', () => {
		expectGolden('incident-colours-80x24', frameOf(views.incident({ columns: 80, rows: 24 })).replaceAll('\u001b', '^['));
	});
});
