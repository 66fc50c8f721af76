import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogEntry, Position } from '../../../src/observe/logs/entry.ts';
import { LogRing } from '../../../src/observe/logs/ring.ts';
import type { LogSettings } from '../../../src/observe/logs/settings.ts';
import { type Found, LogView } from '../../../src/observe/logs/view.ts';
import { makeRing, put, putAll, startMs, still } from './support.ts';

const viewOf = (lines: readonly string[], settings: Partial<LogSettings> = {}): LogView => {
	const ring = makeRing();
	putAll(ring, lines);
	return new LogView({ rings: [ring], now: still, settings });
};

const shown = (view: LogView): readonly LogEntry[] => view.page({ anchor: 'tail', rows: 10_000 }).entries;
const texts = (view: LogView): readonly string[] => shown(view).map((entry) => entry.text);

const top: Position = { ring: -1, seq: -1, order: 0, row: 0 };
const seqOf = (found: Found): number | string => (found.kind === 'found' ? found.position.seq : found.kind);

describe('search', () => {
	it('minds the case only where a capital is asked for', () => {
		const lines = ['Disk full', 'disk ok', 'DISK gone'];
		expect(texts(viewOf(lines, { search: 'disk', keepOnly: true }))).toEqual(lines);
		expect(texts(viewOf(lines, { search: 'Disk', keepOnly: true }))).toEqual(['Disk full']);
		expect(texts(viewOf(lines, { search: '/^d.sk/', keepOnly: true }))).toEqual(lines);
		expect(texts(viewOf(lines, { search: String.raw`/^D\w+ /`, keepOnly: true }))).toEqual(['Disk full', 'DISK gone']);
	});

	it('marks what matches, also in the lines below', () => {
		const view = viewOf(['TypeError: disk', '    at disk.js'], { search: 'disk' });
		const [entry] = shown(view);
		expect(entry?.matches).toEqual([[11, 15]]);
		expect(entry?.continuation).toEqual([{ text: '    at disk.js', matches: [[7, 11]] }]);
	});

	it('keeps the whole entry where one of its lines matches', () => {
		const view = viewOf(['TypeError: x', '    at disk.js', 'ready'], { search: 'disk', keepOnly: true });
		expect(shown(view).map((entry) => entry.continuation.length)).toEqual([1]);
	});

	it('inverts', () => {
		expect(texts(viewOf(['a', 'b', 'ab'], { search: 'a', keepOnly: true, invert: true }))).toEqual(['b']);
		expect(shown(viewOf(['a'], { search: 'a', invert: true }))[0]?.matches).toEqual([]);
	});

	it('finds what is shown, not what is stored', () => {
		const lines = ['er\u001b[31mror', 'a\u0000b', 'größe', 'GRÖSSE ß', 'x\u202ey'];
		expect(texts(viewOf(lines, { search: 'error', keepOnly: true }))).toEqual(['error']);
		expect(texts(viewOf(lines, { search: String.raw`\x00`, keepOnly: true }))).toEqual([String.raw`a\x00b`]);
		expect(texts(viewOf(lines, { search: 'ö', keepOnly: true }))).toEqual(['größe', 'GRÖSSE ß']);
		expect(texts(viewOf(lines, { search: 'u+202e', keepOnly: true }))).toEqual(['x<U+202E>y']);
	});

	it('finds exactly the lines that contain the text', () => {
		const word = fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'ä', ' ', '\u001b', '\t'), minLength: 1, maxLength: 4 });
		fc.assert(
			fc.property(fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'B', 'ä', 'Ä', ' ', '\u001b', '\t', 'é'), maxLength: 30 }), { maxLength: 20 }), word, (lines, search) => {
				const all = viewOf(lines.map((line) => `>${line}`));
				const folded = search === search.toLowerCase();
				const expected = texts(all).filter((text) => (folded ? text.toLowerCase() : text).includes(search));
				const view = viewOf(lines.map((line) => `>${line}`), { search, keepOnly: true });
				expect(texts(view)).toEqual(expected);
				for (const entry of shown(view)) {
					expect(entry.matches.length).toBeGreaterThan(0);
					for (const [start, end] of entry.matches) {
						const part = entry.text.slice(start, end);
						expect(folded ? part.toLowerCase() : part).toBe(search);
					}
				}
			}),
		);
	});

	it('takes an invalid regular expression as words, and says so', () => {
		const view = viewOf(['a (b', 'c'], { search: '/(b/', keepOnly: true });
		expect(texts(view)).toEqual(['a (b']);
		expect(view.searchNote).toMatch(/^not a regular expression/);
	});

	it('breaks off a regular expression that backtracks without end, and says so', () => {
		const view = viewOf(['a'.repeat(60), '(a+)+$ itself'], { search: '/(a+)+$/' });
		view.set({ search: '/(a+)+b$/', keepOnly: true });
		const before = performance.now();
		expect(texts(view)).toEqual([]);
		expect(performance.now() - before).toBeLessThan(2000);
		expect(view.searchNote).toMatch(/takes too long/);
		expect(view.nextMatch(top, 1).kind).toBe('none');
	});

	it('walks from match to match in both directions', () => {
		const view = viewOf(['a', 'x', 'a', 'x', 'x'], { search: 'x' });
		const first = view.nextMatch(top, 1);
		expect(seqOf(first)).toBe(1);
		const at = first.kind === 'found' ? first.position : top;
		expect(seqOf(view.nextMatch(at, 1))).toBe(3);
		expect(seqOf(view.nextMatch(at, -1))).toBe('none');
		expect([seqOf(view.nextMatch('tail', -1)), seqOf(view.nextMatch('head', 1)), seqOf(view.nextLevel('tail', -1, 'warn'))]).toEqual([4, 1, 'none']);
		expect(view.matchCount(at)).toEqual({ total: 3, current: 1, complete: true, words: '3' });
	});

	it('counts on where the time ran out', () => {
		const ring = makeRing('a', 4 * 1024 * 1024);
		for (let index = 0; index < 5000; index++) put(ring, 'match');
		let now = 0;
		const view = new LogView({ rings: [ring], now: () => now++, settings: { search: 'match' }, budgetMs: 20 });
		const once = view.matchCount();
		expect(once.complete).toBe(false);
		expect(once.words).toBe('1,000+');
		const slow = new LogView({ rings: [ring], now: () => now++, settings: { search: 'absent' }, budgetMs: 5 });
		const seen: string[] = [];
		for (let call = 0; call < 100 && seen.at(-1) !== 'none'; call++) seen.push(slow.nextMatch(top, 1).kind);
		expect(seen[0]).toBe('searching');
	});

	it('does not count again what the ring has written over', () => {
		const ring = makeRing('a', 16 * 1024);
		const view = new LogView({ rings: [ring], now: still, settings: { search: 'x' } });
		for (let round = 0; round < 20; round++) {
			for (let index = 0; index < 100; index++) put(ring, index % 2 === 0 ? `x ${round}` : `y ${round}`);
			let expected = 0;
			for (let seq = ring.first; seq < ring.next; seq++) if (ring.text(seq).includes('x')) expected++;
			expect(view.matchCount().total).toBe(expected);
		}
	});
});

describe('filters', () => {
	it('shows a level and above; a line that says none counts as info', () => {
		const lines = ['DEBUG a', 'plain', 'WARN b', 'ERROR c'];
		expect(texts(viewOf(lines, { minLevel: 'info' }))).toEqual(['plain', 'WARN b', 'ERROR c']);
		expect(texts(viewOf(lines, { minLevel: 'error' }))).toEqual(['ERROR c']);
	});

	it('shows from a time on', () => {
		expect(texts(viewOf(['a', 'b', 'c'], { sinceMs: startMs + 1000 }))).toEqual(['b', 'c']);
	});

	it('shows markers whatever is kept, but never as a match', () => {
		const ring = makeRing();
		put(ring, 'a');
		ring.mark('container started', startMs + 10);
		const view = new LogView({ rings: [ring], now: still, settings: { search: 'started', keepOnly: true } });
		expect(shown(view).map((entry) => [entry.kind, entry.text])).toEqual([['marker', 'container started']]);
		expect(view.matchCount().total).toBe(0);
	});

	it('finds the next error or warning', () => {
		const view = viewOf(['a', 'WARN b', 'ERROR c', 'a', 'WARN d']);
		expect(seqOf(view.nextLevel(top, 1, 'error'))).toBe(2);
		expect(seqOf(view.nextLevel({ ring: 0, seq: 2, order: startMs + 2000, row: 0 }, 1, 'warn'))).toBe(4);
		expect(seqOf(view.nextLevel({ ring: 0, seq: 2, order: startMs + 2000, row: 0 }, -1, 'warn'))).toBe(1);
	});
});

describe('fold', () => {
	it('shows entries of one pattern that follow each other as the last of them', () => {
		const view = viewOf(['GET /items/1 12 ms', 'GET /items/2 9 ms', 'ready', 'GET /items/3 7 ms'], { fold: true });
		expect(shown(view).map((entry) => [entry.text, entry.foldCount])).toEqual([
			['GET /items/2 9 ms', 2],
			['ready', 1],
			['GET /items/3 7 ms', 1],
		]);
	});

	it('folds whole traces, and what stands between only where it is shown', () => {
		const trace = (line: number): readonly string[] => [`TypeError: no ${line}`, `    at f (a.js:${line})`];
		const ring = makeRing();
		for (const [index, text] of [...trace(1), ...trace(2), 'DEBUG x', ...trace(3)].entries()) put(ring, text, { atMs: startMs + index });
		const view = new LogView({ rings: [ring], now: still, settings: { fold: true } });
		expect(shown(view).map((entry) => entry.foldCount)).toEqual([2, 1, 1]);
		view.set({ minLevel: 'info' });
		expect(shown(view).map((entry) => entry.foldCount)).toEqual([3]);
	});

	it('loses no entry: the counts add up', () => {
		fc.assert(
			fc.property(fc.array(fc.constantFrom('a 1', 'a 2', 'b', 'c "x"', 'c "y"', 'ERROR 1')), (lines) => {
				const view = viewOf(lines, { fold: true });
				expect(shown(view).reduce((sum, entry) => sum + entry.foldCount, 0)).toBe(lines.length);
			}),
		);
	});

	it('keeps the place while a folded run grows', () => {
		const ring = makeRing();
		putAll(ring, ['first', 'tick 1', 'tick 2']);
		const view = new LogView({ rings: [ring], now: still, settings: { fold: true } });
		const at = view.page({ anchor: 'tail', rows: 1 }).first;
		put(ring, 'tick 3', { atMs: startMs + 9000 });
		const page = view.page({ anchor: at ?? top, rows: 1 });
		expect(page.entries.map((entry) => [entry.text, entry.foldCount])).toEqual([['tick 3', 3]]);
		expect(page.atTail).toBe(true);
	});
});

describe('several rings', () => {
	const merged = (): LogView => {
		const a = makeRing('a');
		const b = makeRing('b');
		put(a, 'a1', { atMs: startMs, nanos: 500 });
		put(b, 'b1', { atMs: startMs, nanos: 250_000 });
		put(a, 'a2', { atMs: startMs + 2 });
		put(b, 'b2', { atMs: startMs + 2 });
		return new LogView({ rings: [a, b], now: still });
	};

	it('are merged by nanoseconds, then in their order', () => {
		expect(texts(merged())).toEqual(['a1', 'b1', 'a2', 'b2']);
	});

	it('are counted together below a position', () => {
		const view = merged();
		const head = view.head();
		expect(view.linesAfter(head ?? top)).toBe(3);
		expect(view.linesAfter(view.tail() ?? top)).toBe(0);
		expect(view.positionAt(startMs + 1)?.seq).toBe(1);
		expect(view.totals()).toEqual({ lines: 4, kept: 4, errors: 0, warnings: 0, skipped: 0 });
	});
});

describe('histogram', () => {
	it('counts lines, errors and warnings of each bucket', () => {
		const view = viewOf(['ERROR a', 'WARN b', 'c', 'd']);
		expect(view.histogram(startMs, startMs + 4000, 2)).toEqual([
			{ at: startMs, lines: 2, errors: 1, warnings: 1 },
			{ at: startMs + 2000, lines: 2, errors: 0, warnings: 0 },
		]);
	});
});

describe('a long line', () => {
	it('is shown in part, with a note of the rest', () => {
		const ring = new LogRing({ source: 'a' });
		put(ring, 'x'.repeat(1_000_000));
		const view = new LogView({ rings: [ring], now: still });
		expect(texts(view)[0]).toMatch(/^x{16384} \[983,616 more bytes\]$/);
	});
});

describe('an empty view', () => {
	it('has no place and says so', () => {
		const view = viewOf([]);
		expect(view.page({ anchor: 'tail', rows: 10 })).toEqual({ entries: [], topRow: 0, first: undefined, last: undefined, atTop: true, atTail: true, skippedBefore: 0, searching: false });
		expect(view.head()).toBeUndefined();
		expect(view.move(top, 3)).toBeUndefined();
		expect(view.matchCount().words).toBe('0');
	});
});
