import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogEntry, Position } from '../../../src/observe/logs/entry.ts';
import type { LogRing } from '../../../src/observe/logs/ring.ts';
import type { LogSettings } from '../../../src/observe/logs/settings.ts';
import { LogView } from '../../../src/observe/logs/view.ts';
import { makeRing, put, startMs, still } from './support.ts';

interface Line {
	readonly ring: number;
	readonly text: string;
	readonly step: number;
	readonly stderr: boolean;
}

const lineOf = fc.record({
	ring: fc.nat(2),
	text: fc.oneof(
		fc.constantFrom('ERROR failed', 'WARN slow 12 ms', 'WARN slow 13 ms', 'ready', '\tat app.Main(Main.java:3)', '    frame', '{"level":"debug","msg":"x"}', ''),
		fc.string({ maxLength: 40 }),
	),
	step: fc.nat(3),
	stderr: fc.boolean(),
});
const lines = fc.array(lineOf, { maxLength: 120 });
const settings: fc.Arbitrary<Partial<LogSettings>> = fc.record({
	search: fc.constantFrom('', 'slow', '/a.*p/', 'ERROR'),
	invert: fc.boolean(),
	keepOnly: fc.boolean(),
	minLevel: fc.constantFrom(undefined, 'warn', 'error'),
	sinceMs: fc.constantFrom(undefined, startMs + 30),
	fold: fc.boolean(),
});

const fill = (input: readonly Line[], capacityBytes: number): readonly LogRing[] => {
	const rings = [makeRing('a', capacityBytes), makeRing('b', capacityBytes), makeRing('c', capacityBytes)];
	let at = startMs;
	for (const line of input) {
		at += line.step;
		const ring = rings[line.ring];
		if (ring !== undefined) put(ring, line.text, { atMs: at, stream: line.stderr ? 'stderr' : 'stdout' });
	}
	return rings;
};

const costOf = (entry: LogEntry): number => 1 + entry.continuation.length + (entry.text.length > 20 ? 1 : 0);

const keys = (entries: readonly LogEntry[]): readonly string[] => entries.map((entry) => `${entry.key} x${entry.foldCount}`);

/** All entries of a view in one page. */
const everything = (view: LogView): readonly LogEntry[] => view.page({ anchor: 'tail', rows: 1e6 }).entries;

/** Every screen row of a view, top to bottom. */
const allRows = (view: LogView): readonly string[] =>
	everything(view).flatMap((entry) => Array.from({ length: costOf(entry) }, (_, row) => `${entry.key}/${row}`));

/** The screen rows that a page shows. */
const rowsOf = (view: LogView, anchor: 'tail' | Position, rows: number): readonly string[] => {
	const page = view.page({ anchor, rows, costOf });
	return page.entries.flatMap((entry) => Array.from({ length: costOf(entry) }, (_, row) => `${entry.key}/${row}`)).slice(page.topRow, page.topRow + rows);
};

describe('paging', () => {
	it('shows all entries in the same order from above and from below', () => {
		fc.assert(
			fc.property(lines, settings, (input, set) => {
				const view = new LogView({ rings: fill(input, 1 << 20), now: still, settings: set });
				const head = view.head();
				const down = head === undefined ? [] : view.page({ anchor: { ...head, row: 0 }, rows: everything(view).length }).entries;
				expect(keys(down)).toEqual(keys(everything(view)));
			}),
		);
	});

	it('walks down page by page over every screen row once, and up again', () => {
		fc.assert(
			fc.property(lines, settings, fc.integer({ min: 1, max: 9 }), (input, set, rows) => {
				const view = new LogView({ rings: fill(input, 1 << 20), now: still, settings: set });
				const expected = allRows(view);
				const head = view.head();
				expect(head === undefined).toBe(expected.length === 0);
				if (head === undefined) return;
				let anchor: Position = head;
				let top = 0;
				for (;;) {
					const page = view.page({ anchor, rows, costOf });
					top = Math.min(top, Math.max(0, expected.length - rows));
					expect(rowsOf(view, anchor, rows)).toEqual(expected.slice(top, top + rows));
					expect(page.atTop).toBe(top === 0);
					expect(page.atTail).toBe(top + rows >= expected.length);
					if (page.atTail || page.first === undefined) break;
					const next = view.move(page.first, rows, costOf);
					expect(next).toBeDefined();
					if (next === undefined) break;
					anchor = next;
					top += rows;
				}
				const tail = view.page({ anchor: 'tail', rows, costOf });
				let at = tail.first;
				top = Math.max(0, expected.length - rows);
				while (at !== undefined && top > 0) {
					at = view.move(at, -1, costOf);
					top -= 1;
					expect(at === undefined ? [] : rowsOf(view, at, rows)).toEqual(expected.slice(top, top + rows));
				}
			}),
			{ numRuns: 60 },
		);
	});

	it('merges by time, then ring, and keeps the lines of a trace with their head', () => {
		fc.assert(
			fc.property(lines, (input) => {
				const rings = fill(input, 1 << 20);
				const view = new LogView({ rings, now: still });
				const entries = everything(view);
				const sorted = entries.toSorted((a, b) => a.position.order - b.position.order || a.position.ring - b.position.ring || a.seq - b.seq);
				expect(keys(entries)).toEqual(keys(sorted));
				const shown = entries.reduce((sum, entry) => sum + 1 + entry.continuation.length, 0);
				expect(shown).toBe(input.length);
			}),
		);
	});

	it('goes on from a position whose line was given up, and says how many were lost', () => {
		const ring = makeRing('a', 16 * 1024);
		const view = new LogView({ rings: [ring], now: still });
		put(ring, 'the first');
		const anchor = view.tail();
		expect(anchor).toBeDefined();
		for (let index = 0; index < 5000; index++) put(ring, `line ${index}`, { atMs: startMs + index });
		const page = view.page({ anchor: anchor ?? { ring: 0, seq: 0, order: 0, row: 0 }, rows: 5 });
		expect(page.skippedBefore).toBe(ring.overrun.lines);
		expect(page.atTop).toBe(true);
		expect(page.entries[0]?.kind).toBe('marker');
		expect(page.entries[0]?.text).toBe(`${ring.overrun.lines.toLocaleString('en')} lines skipped`);
		expect(page.entries[1]?.seq).toBe(ring.first);
	});

	it('gives the same objects for entries that did not change', () => {
		const ring = makeRing();
		for (let index = 0; index < 50; index++) put(ring, `line ${index}`);
		const view = new LogView({ rings: [ring], now: still });
		const before = view.page({ anchor: 'tail', rows: 10 });
		put(ring, 'one more');
		const after = view.page({ anchor: 'tail', rows: 10 });
		expect(after.entries.slice(0, 9)).toEqual(before.entries.slice(1));
		expect(after.entries[0]).toBe(before.entries[1]);
	});
});
