import fc from 'fast-check';
import stringWidth from 'string-width';
import stripAnsi from 'strip-ansi';
import { describe, expect, test } from 'vitest';
import { themeOf } from '../../src/console/theme.ts';
import { fit, harmless, type Pen, piece, row } from '../../screens/present/cells.ts';
import { presentDialog } from '../../screens/present/dialogs.ts';
import { presentHints, presentNotice } from '../../screens/present/footer.ts';
import { glyphSet } from '../../screens/present/glyphs.ts';
import { presentHeader } from '../../screens/present/header.ts';
import { presentHealth } from '../../screens/present/health.ts';
import { presentLogs } from '../../screens/present/logs.ts';
import { presentMetrics } from '../../screens/present/metrics.ts';
import { presentServices } from '../../screens/present/services.ts';
import { wrapWords } from '../../screens/present/wrap.ts';
import type { Dialog, LogRow, ServiceRow } from '../../src/console/view.ts';
import { container, now } from '../support/containers.ts';
import { healthy, incident } from '../support/views.ts';

const pens: readonly Pen[] = [
	{ theme: themeOf('dark', '256'), glyphs: glyphSet('unicode') },
	{ theme: themeOf('none', 'none'), glyphs: glyphSet('ascii') },
	{ theme: themeOf('bare', 'none'), glyphs: glyphSet('ascii') },
];
const anyPen = fc.constantFrom(...pens);
// Full Unicode, and what containers really send: control sequences, wide characters, emoji, combining marks, bidi.
const nasty = fc.constantFrom('\u001b[2J', '\u001b]0;title\u0007', '\u009b31m', '\r\n\t', '日本語', '👩‍💻', '🇩🇪', '❤️', 'e\u0301', '\u202e', '\u200b', '\ud800', '\u0000', 'a\u0300\u0301', '한', 'ｱ', '\u0e33');
const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ unit: 'grapheme', maxLength: 60 }), fc.array(nasty, { maxLength: 8 }).map((parts) => parts.join('')));
const width = fc.integer({ min: 60, max: 220 });

const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;
const sgr = /\u001b\[[\d;]*m/g;

const expectRow = (line: string, cells: number): void => {
	const plain = line.replaceAll(sgr, '');
	expect(plain).not.toMatch(control);
	expect(stringWidth(plain)).toBe(cells);
	expect(stripAnsi(line)).toBe(plain);
};

const expectRows = (lines: readonly string[], cells: number, amount: number): void => {
	expect(lines.length).toBe(amount);
	for (const line of lines) expectRow(line, cells);
};

describe('cells', () => {
	test('fit is exactly as wide as asked, on either side', () => {
		fc.assert(
			fc.property(text, fc.integer({ min: 1, max: 80 }), fc.constantFrom('left' as const, 'right' as const), anyPen, (value, cells, side, pen) => {
				expectRow(fit(value, cells, pen, side), cells);
			}),
			{ numRuns: 500 },
		);
	});

	test('row is exactly as wide as asked', () => {
		fc.assert(
			fc.property(fc.array(text, { maxLength: 5 }), fc.integer({ min: 1, max: 120 }), anyPen, (left, cells, pen) => {
				expectRow(row(left.map((one) => piece(one, 'p0')), cells, pen, 'selected'), cells);
			}),
			{ numRuns: 500 },
		);
	});

	test('printable ASCII stays as it is', () => {
		fc.assert(fc.property(fc.string({ unit: 'grapheme-ascii' }), (value) => {
			expect(harmless(value)).toBe(value);
		}));
	});

	test('wrapped lines fit and lose no word', () => {
		fc.assert(
			fc.property(text, fc.integer({ min: 4, max: 60 }), (value, cells) => {
				const safe = harmless(value);
				const lines = wrapWords(safe, cells);
				for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(cells);
				expect(lines.join('').replaceAll(' ', '')).toBe(safe.replaceAll(' ', ''));
			}),
		);
	});
});

const size = { columns: 120, rows: 40 };
const number = fc.oneof(fc.double(), fc.constant(undefined));

const serviceRow = fc.record({ name: text, reason: text, group: text, image: text, ports: text, cpu: number, errors: number, up: number, severity: fc.constantFrom('P0' as const, 'P3' as const, undefined), stale: fc.boolean() }).map(
	(some): ServiceRow => ({
		id: some.name,
		name: some.name,
		group: some.group,
		mark: some.severity ?? 'ok',
		reason: some.reason,
		replicas: { running: 1, total: 2 },
		image: some.image,
		ports: some.ports,
		figuresStale: some.stale,
		...(some.severity === undefined ? {} : { severity: some.severity }),
		...(some.cpu === undefined ? {} : { cpuPercent: some.cpu, memoryPercent: some.cpu, memoryBytes: some.cpu, rxBytesPerSecond: some.cpu }),
		...(some.errors === undefined ? {} : { errorsPerMinute: some.errors, restarts: some.errors }),
		...(some.up === undefined ? {} : { uptimeMs: some.up }),
	}),
);

describe('panes are exactly as wide and as high as their box, whatever comes', () => {
	test('services', () => {
		fc.assert(
			fc.property(fc.array(serviceRow, { maxLength: 12 }), width, fc.integer({ min: 4, max: 20 }), text, fc.boolean(), anyPen, (rows, cells, height, filter, filtering, pen) => {
				const view = { ...healthy(size).services, rows, filter, filtering, selected: 0, offset: 0 };
				const shown = presentServices(view, { width: cells, height, focused: true, notCurrent: filter }, pen);
				expectRow(shown.title, cells);
				expectRows(shown.rows, cells, height - 1);
			}),
		);
	});

	test('logs', () => {
		const logRow = fc.record({ text, source: text, count: fc.integer({ min: 1, max: 2_000_000 }), kind: fc.constantFrom('entry' as const, 'marker' as const, 'continuation' as const) }).map(
			(some): LogRow => ({ key: some.text, kind: some.kind, at: now, level: 'error', source: some.source, spans: [{ text: some.text, role: 'plain' }, { text: some.source, role: 'match' }], count: some.count, selected: some.count === 1 }),
		);
		fc.assert(
			fc.property(fc.array(logRow, { maxLength: 30 }), width, fc.integer({ min: 4, max: 30 }), text, fc.integer({ min: 0, max: 3 }), anyPen, (rows, cells, height, search, histogramRows, pen) => {
				const view = { ...incident(size).logs, rows, search, searching: search.length % 2 === 0, title: search };
				const shown = presentLogs(view, { width: cells, height, focused: true, histogramRows }, pen);
				expectRow(shown.title, cells);
				expectRows(shown.rows, cells, height - 1);
			}),
		);
	});

	test('health', () => {
		fc.assert(
			fc.property(text, width.map((cells) => Math.floor(cells / 2)), fc.integer({ min: 4, max: 40 }), fc.nat(60), anyPen, (value, cells, height, scroll, pen) => {
				const one = container(value, { image: value, networks: [value], mounts: [{ kind: 'bind', source: value, target: value, readOnly: true }] }, { error: value, command: [value], healthLog: [{ startedAt: now, durationMs: 3, exitCode: 1, output: value }] });
				const view = { ...incident(size).health, container: one, scroll, probes: [{ name: value, ok: false, words: value }] };
				const shown = presentHealth(view, { width: cells, height, focused: false, now, stale: scroll % 2 === 0 }, pen);
				expectRow(shown.title, cells);
				expectRows(shown.rows, cells, height - 1);
			}),
		);
	});

	test('metrics', () => {
		const sample = fc.record({ at: fc.integer({ min: now - 1_000_000, max: now + 1000 }), value: fc.double() });
		fc.assert(
			fc.property(fc.array(sample, { maxLength: 40 }), text, fc.double(), width.map((cells) => Math.floor(cells / 2)), fc.integer({ min: 4, max: 60 }), anyPen, (samples, title, latest, cells, height, pen) => {
				const series = healthy(size).metrics.series.map((one) => ({ ...one, title, note: title, latest, samples: samples.toSorted((a, b) => a.at - b.at), thresholds: [{ value: latest, severity: 'P1' as const, title }] }));
				const shown = presentMetrics({ ...healthy(size).metrics, series, title }, { width: cells, height, focused: true, now }, pen);
				expectRow(shown.title, cells);
				expectRows(shown.rows, cells, height - 1);
			}),
		);
	});
});

test('the header keeps the engine and its state at any width, whatever it is called', () => {
	fc.assert(
		fc.property(text, width, fc.boolean(), anyPen, (name, cells, readOnly, pen) => {
			const view = incident(size).header;
			const line = presentHeader({ ...view, target: { ...view.target, name }, readOnly, liveness: { kind: 'stale', since: now - 12_000, why: name } }, cells, pen);
			expectRow(line, cells);
			expect(line).toContain('STALE 12 s');
		}),
	);
	fc.assert(
		fc.property(fc.string({ unit: fc.constantFrom('a', 'b', 'z', '-', '.', '@', '0', '1'), minLength: 1, maxLength: 60 }), width, anyPen, (name, cells, pen) => {
			const view = incident(size).header;
			expect(presentHeader({ ...view, target: { ...view.target, name } }, cells, pen)).toContain(name.slice(0, 11));
		}),
	);
});

test('the bottom lines and dialogs are as wide as they say', () => {
	fc.assert(
		fc.property(text, width, fc.integer({ min: 16, max: 60 }), anyPen, (value, cells, rows, pen) => {
			const dialogs: readonly Dialog[] = [
				{ kind: 'help', scroll: 3 },
				{ kind: 'palette', query: value, items: [{ id: value, title: value, keys: value }], selected: 0 },
				{ kind: 'menu', title: value, items: [{ id: 'x', title: value, risk: 'destructive' }], selected: 0, containerId: 'c' },
				{ kind: 'confirm', title: value, risk: 'destructive', host: value, target: value, act: value, loss: value, focus: 'cancel', typed: value, subject: { kind: 'act', actId: 'a', containerId: 'c' } },
			];
			const view = { ...incident({ columns: cells, rows }) };
			expectRow(presentHints(view, cells, pen), cells);
			expectRow(presentNotice({ text: value, tone: 'p0' }, cells, pen), cells);
			for (const dialog of dialogs) {
				const box = presentDialog(dialog, cells, rows, pen);
				expect(box.left).toBeGreaterThanOrEqual(0);
				expect(box.left + box.width).toBeLessThanOrEqual(cells);
				expect(box.top).toBeGreaterThanOrEqual(1);
				expect(box.top + box.rows.length).toBeLessThanOrEqual(rows);
				for (const line of box.rows) expectRow(line, box.width);
			}
		}),
	);
});
