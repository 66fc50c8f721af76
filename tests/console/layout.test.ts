import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layout, logTextColumns, type PaneBox, smallest } from '../../src/console/layout.ts';
import { type Pane, panes } from '../../src/console/panes.ts';

const arranged = (columns: number, rows: number, focus: Pane, zoom?: Pane) => {
	const result = layout(columns, rows, focus, zoom === undefined ? {} : { zoom });
	if (result.kind !== 'panes') throw new Error(result.words);
	return result;
};

const overlap = (a: PaneBox, b: PaneBox): boolean =>
	a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + b.height && b.top < a.top + a.height;

const sizes = fc.record({ columns: fc.integer({ min: smallest.columns, max: 400 }), rows: fc.integer({ min: smallest.rows, max: 150 }) });
const pane = fc.constantFrom(...panes);

const withoutPlaybook = fc.constantFrom(...panes.filter((each) => each !== 'playbook'));

describe('layout', () => {
	test('below the smallest size there is one sentence', () => {
		expect(layout(50, 10, 'services')).toEqual({ kind: 'too-small', columns: 50, rows: 10, words: 'sitrep needs 60x16, this is 50x10: enlarge the window' });
		expect(layout(60, 15, 'services').kind).toBe('too-small');
		expect(layout(59, 16, 'services').kind).toBe('too-small');
		expect(layout(60, 16, 'services').kind).toBe('panes');
	});

	test('at 80x24 all four panes are there', () => {
		const { panes: boxes, serviceRows, logRows } = arranged(80, 24, 'services');
		expect(boxes.map((box) => box.pane)).toEqual(['services', 'health', 'metrics', 'logs']);
		expect(serviceRows).toBe(7);
		expect(logRows).toBe(7);
	});

	test('wide windows have two columns', () => {
		const { panes: boxes } = arranged(200, 60, 'services');
		const [services, health] = boxes;
		expect(services?.top).toBe(health?.top);
		expect(health?.left).toBeGreaterThan(services?.width ?? 0);
	});

	test('boxes stay inside, leave the first and last row free, and never overlap', () => {
		fc.assert(
			fc.property(sizes, pane, fc.option(pane, { nil: undefined }), ({ columns, rows }, focus, zoom) => {
				const result = arranged(columns, rows, focus, zoom);
				for (const box of result.panes) {
					expect(box.left).toBeGreaterThanOrEqual(0);
					expect(box.top).toBeGreaterThanOrEqual(1);
					expect(box.left + box.width).toBeLessThanOrEqual(columns);
					expect(box.top + box.height).toBeLessThanOrEqual((result.noticeRow ?? rows - 1));
					expect(box.height).toBeGreaterThanOrEqual(4);
				}
				for (const [index, box] of result.panes.entries()) {
					for (const other of result.panes.slice(index + 1)) expect(overlap(box, other)).toBe(false);
				}
			}),
		);
	});

	test('every cell between the header and the bottom belongs to a pane or a divider', () => {
		fc.assert(
			fc.property(sizes, pane, ({ columns, rows }, focus) => {
				const result = arranged(columns, rows, focus);
				const covered = [...result.panes.map((box) => box.width * box.height), ...result.dividers.map((one) => one.height)];
				const height = (result.noticeRow ?? rows - 1) - 1;
				expect(covered.reduce((sum, cells) => sum + cells, 0)).toBe(columns * height);
			}),
		);
	});

	test('the focused pane is drawn, whatever the size', () => {
		fc.assert(
			fc.property(sizes, pane, ({ columns, rows }, focus) => {
				const drawn = arranged(columns, rows, focus).panes.map((box) => box.pane);
				expect(drawn).toContain(focus);
				expect(drawn[0]).toBe('services');
			}),
		);
	});

	test('from 80x24 on nothing moves when the focus does', () => {
		fc.assert(
			fc.property(fc.integer({ min: 80, max: 400 }), fc.integer({ min: 24, max: 150 }), withoutPlaybook, withoutPlaybook, (columns, rows, one, other) => {
				expect(arranged(columns, rows, one)).toEqual(arranged(columns, rows, other));
			}),
		);
	});

	test('with a playbook open nothing moves either, but the pane that is looked at takes the place of the log', () => {
		const of = (columns: number, rows: number, focus: Pane) => {
			const result = layout(columns, rows, focus, { playbook: true });
			return result.kind === 'panes' ? result.panes.map(({ pane: _pane, ...box }) => box) : [];
		};
		fc.assert(
			fc.property(fc.integer({ min: 80, max: 400 }), fc.integer({ min: 24, max: 150 }), pane, pane, (columns, rows, one, other) => {
				expect(of(columns, rows, one)).toEqual(of(columns, rows, other));
			}),
		);
	});

	test.each([[100, 36], [120, 40], [200, 60]])('at %ix%i a playbook stands beside every other pane', (columns, rows) => {
		const result = layout(columns, rows, 'playbook', { playbook: true });
		if (result.kind !== 'panes') throw new Error(result.words);
		expect(result.panes.map((box) => box.pane).toSorted()).toEqual(panes.toSorted());
		expect(result.logRows).toBeGreaterThan(3);
	});

	test('a rollback gets about half of the rows, and the services stay in view', () => {
		const result = layout(80, 24, 'playbook', { playbook: true, roomy: true });
		if (result.kind !== 'panes') throw new Error(result.words);
		expect(result.panes.map(({ pane: name, top, height }) => [name, top, height])).toEqual([
			['services', 1, 4],
			['logs', 5, 6],
			['playbook', 11, 12],
		]);
		expect(result.serviceRows).toBe(3);
	});

	test('a rollback never has less room than another playbook, and every pane keeps some', () => {
		fc.assert(
			fc.property(sizes, pane, ({ columns, rows }, focus) => {
				const of = (roomy: boolean) => {
					const result = layout(columns, rows, focus, { playbook: true, roomy });
					if (result.kind !== 'panes') throw new Error(result.words);
					return result.panes;
				};
				const [more, some] = [of(true), of(false)];
				expect(more.map((box) => box.pane)).toEqual(some.map((box) => box.pane));
				for (const box of more) expect(box.height).toBeGreaterThanOrEqual(4);
				const height = (boxes: readonly PaneBox[]) => boxes.find((box) => box.pane === 'playbook')?.height ?? 0;
				expect(height(more)).toBeGreaterThanOrEqual(height(some));
				const covered = more.reduce((sum, box) => sum + box.height * box.width, 0);
				expect(covered).toBe(some.reduce((sum, box) => sum + box.height * box.width, 0));
			}),
		);
	});

	test('a zoomed pane has everything', () => {
		const { panes: boxes, logRows, histogramRows, zoomed } = arranged(120, 40, 'logs', 'logs');
		expect(boxes).toEqual([{ pane: 'logs', left: 0, top: 1, width: 120, height: 37 }]);
		expect(logRows + histogramRows).toBe(36);
		expect(zoomed).toBe(true);
	});
});

test('the text of a log row gets what the time, the level and the source leave', () => {
	expect(logTextColumns(80, { timestamps: true, merged: false })).toBe(80 - 1 - 9 - 6);
	expect(logTextColumns(80, { timestamps: false, merged: true })).toBe(80 - 1 - 6 - 13);
	expect(logTextColumns(200, { timestamps: true, merged: false })).toBe(200 - 1 - 13 - 6);
});
