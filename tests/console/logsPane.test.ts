import { beforeEach, describe, expect, it } from 'vitest';
import type { Action } from '../../src/console/actions.ts';
import type { LogRings } from '../../src/console/logs/rings.ts';
import { LogsPane } from '../../src/console/logsPane.ts';
import type { LogsView } from '../../src/console/view.ts';
import type { Service } from '../../src/domain/service.ts';
import { LogRing } from '../../src/observe/logs/ring.ts';
import { container } from '../support/fakeEngine.ts';
import { ManualClock } from '../support/manualClock.ts';

const service = (...names: readonly string[]): Service => ({
	id: 'shop/api',
	name: 'api',
	manager: 'compose',
	containers: names.map((name) => container(name)),
	configured: false,
});

describe('LogsPane', () => {
	let clock: ManualClock;
	let rings: Map<string, LogRing>;
	let state: string;
	let pane: LogsPane;
	let at: number;
	const size = { rows: 5, columns: 80 };

	const source = (): LogRings => ({
		ring: (id) => rings.get(id),
		state: () => state,
		words: () => undefined,
		readAgain: (id) => {
			const ring = new LogRing({ source: id.slice(3) });
			rings.set(id, ring);
			write(id.slice(3), ...numbered(-99, 20));
		},
		onChange: () => () => undefined,
		engineNow: () => clock.now(),
	});
	const write = (name: string, ...lines: readonly string[]): void => {
		const ring = rings.get(`id-${name}`);
		for (const line of lines) {
			const bytes = Buffer.from(line);
			ring?.line(bytes, 0, bytes.length, at++, 0, 'stdout');
		}
	};
	const texts = (view: LogsView): string[] => view.rows.map((row) => row.spans.map((span) => span.text).join(''));
	const press = (...actions: readonly Action[]): LogsView => {
		for (const action of actions) {
			pane.handle(action);
			pane.view(size);
		}
		return pane.view(size);
	};
	const numbered = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}`);

	beforeEach(() => {
		clock = new ManualClock();
		at = clock.now() - 60_000;
		rings = new Map([
			['id-a', new LogRing({ source: 'a' })],
			['id-b', new LogRing({ source: 'b' })],
		]);
		state = 'live';
		pane = new LogsPane(source(), clock);
		pane.show(service('a'));
	});

	it('follows the newest line', () => {
		write('a', ...numbered(1, 20));
		expect(texts(pane.view(size))).toEqual(numbered(16, 20));
		write('a', 'line 21');
		expect(pane.view(size)).toMatchObject({ follow: true, behind: 0, totals: { lines: 21 } });
		expect(texts(pane.view(size))).toEqual(numbered(17, 21));
	});

	it('stays where it is while paused, and counts what came since', () => {
		write('a', ...numbered(1, 20));
		pane.view(size);
		press({ kind: 'follow' });
		write('a', ...numbered(21, 50));
		expect(texts(pane.view(size))).toEqual(numbered(16, 20));
		expect(pane.view(size)).toMatchObject({ follow: false, behind: 30 });
		expect(texts(press({ kind: 'follow' }))).toEqual(numbered(46, 50));
	});

	it('moves by rows, pages and to the ends', () => {
		write('a', ...numbered(1, 20));
		pane.view(size);
		const up = press({ kind: 'move', by: 'row', direction: -1 });
		expect(up.follow).toBe(false);
		expect(up.rows.findIndex((row) => row.selected)).toBe(3);
		expect(texts(press({ kind: 'move', by: 'page', direction: -1 }))).toEqual(numbered(12, 16));
		expect(texts(press({ kind: 'move', by: 'all', direction: -1 }))).toEqual(numbered(1, 5));
		expect(press({ kind: 'move', by: 'all', direction: 1 }).follow).toBe(true);
	});

	it('searches from the newest line up, marks matches, and says when there is none', () => {
		write('a', ...numbered(1, 9), 'needle one', ...numbered(10, 20), 'needle two', ...numbered(21, 40));
		pane.view(size);
		press({ kind: 'search' }, { kind: 'type', text: 'needle' });
		expect(pane.searching).toBe(true);
		const found = press({ kind: 'accept' });
		expect(texts(found)).toContain('needle two');
		expect(found.rows.flatMap((row) => row.spans).filter((span) => span.role === 'match')).toEqual([{ text: 'needle', role: 'match' }]);
		expect(found.matches).toMatchObject({ total: 2 });
		expect(texts(press({ kind: 'match', direction: -1 }))).toContain('needle one');
		expect(press({ kind: 'match', direction: -1 }).state).toBe('no further match');
	});

	it('gives the search back that was there before, where the prompt is left', () => {
		write('a', 'one', 'two');
		pane.view(size);
		press({ kind: 'search' }, { kind: 'type', text: 'one' }, { kind: 'accept' });
		expect(press({ kind: 'search' }, { kind: 'type', text: 'zzz' }, { kind: 'back' }).search).toBe('one');
	});

	it('keeps only matches, inverted too, and only a level and above', () => {
		write('a', 'ERROR broken', 'INFO fine', 'WARN odd');
		pane.view(size);
		press({ kind: 'search' }, { kind: 'type', text: 'odd' }, { kind: 'accept' });
		expect(texts(press({ kind: 'keep-only' }))).toEqual(['WARN odd']);
		expect(texts(press({ kind: 'invert' }))).toEqual(['ERROR broken', 'INFO fine']);
		press({ kind: 'keep-only' });
		press({ kind: 'min-level' }, { kind: 'min-level' });
		expect(texts(press({ kind: 'min-level' }))).toEqual(['ERROR broken']);
	});

	it('goes to the next and the previous error', () => {
		write('a', 'ERROR first', ...numbered(1, 20), 'ERROR second', ...numbered(21, 40));
		pane.view(size);
		expect(texts(press({ kind: 'level-step', level: 'error', direction: -1 }))).toContain('ERROR second');
		expect(texts(press({ kind: 'level-step', level: 'error', direction: -1 }))).toContain('ERROR first');
		expect(texts(press({ kind: 'level-step', level: 'error', direction: 1 }))).toContain('ERROR second');
		expect(press({ kind: 'level-step', level: 'error', direction: 1 }).state).toBe('no further error');
	});

	it('reads further back where the past is asked for', () => {
		write('a', ...numbered(1, 20));
		pane.view(size);
		const head = press({ kind: 'since', since: 'head' });
		expect(texts(head)).toEqual(numbered(-99, -95));
		expect(head).toMatchObject({ follow: false, since: 'head' });
		expect(texts(press({ kind: 'since', since: 'tail' }))).toEqual(numbered(16, 20));
		at = clock.now() - 30_000;
		write('a', 'late');
		expect(texts(press({ kind: 'since', since: '1m' })).at(-1)).toBe('late');
	});

	it('merges containers in time order and names each', () => {
		pane.show(service('a', 'b'));
		write('a', 'from a');
		write('b', 'from b');
		write('a', 'again a');
		const view = pane.view(size);
		expect(texts(view)).toEqual(['from a', 'from b', 'again a']);
		expect(view.rows.map((row) => row.source)).toEqual(['a', 'b', 'a']);
	});

	it('keeps a stack trace with its line, and wraps long lines', () => {
		write('a', 'ERROR boom', '    at one (a.js:1:1)', `long ${'x'.repeat(150)}`);
		const view = pane.view({ rows: 9, columns: 80 });
		expect(view.rows.map((row) => row.kind)).toEqual(['entry', 'continuation', 'entry']);
		pane.handle({ kind: 'wrap' });
		const wrapped = pane.view({ rows: 9, columns: 80 });
		expect(wrapped.rows.map((row) => row.kind)).toEqual(['entry', 'continuation', 'entry', 'continuation', 'continuation']);
	});

	it('folds repeated lines and shows JSON as columns', () => {
		write('a', '{"level":"info","message":"served","ms":12}', '{"level":"info","message":"served","ms":15}');
		expect(texts(pane.view(size))).toEqual(['served  ms=12', 'served  ms=15']);
		expect(press({ kind: 'fold' }).rows.map((row) => row.count)).toEqual([2]);
	});

	it('says why there is nothing', () => {
		expect(pane.view(size).words).toMatchObject({ text: 'It has written nothing yet.' });
		state = 'no logs: driver none';
		expect(pane.view(size).words).toMatchObject({ text: 'no logs: driver none' });
		rings.clear();
		pane.show(service('a'));
		expect(pane.view(size).words).toMatchObject({ text: 'no logs: driver none' });
		pane.show(undefined);
		expect(pane.view(size).words).toMatchObject({ text: 'No service is selected.' });
	});

	it('copies the selected line, and saves every line', () => {
		write('a', ...numbered(1, 3));
		pane.view(size);
		press({ kind: 'move', by: 'row', direction: -1 });
		expect(pane.copyText()).toBe('line 2');
		expect(Buffer.from(pane.saveBytes()).toString().trimEnd().split('\n')).toHaveLength(3);
	});
});
