import { describe, expect, test } from 'vitest';
import { presentHealth } from '../../screens/present/health.ts';
import { presentLogs } from '../../screens/present/logs.ts';
import { presentMetrics } from '../../screens/present/metrics.ts';
import { presentServices } from '../../screens/present/services.ts';
import { glyphSet } from '../../screens/present/glyphs.ts';
import { layout } from '../../src/console/layout.ts';
import { themeOf } from '../../src/console/theme.ts';
import type { ConsoleView } from '../../src/console/view.ts';
import { mount } from '../support/renderView.tsx';
import { healthy, incident, many } from '../support/views.ts';

// Production React is what counts: NODE_ENV=production npx vitest bench --run tests/bench/frame.bench.ts

/** Turning a whole view into rows must not take longer than this, ms in the middle; the rest of a frame is Ink's. */
const rowsBudgetMs = 4;

const sizes = [
	{ columns: 80, rows: 24 },
	{ columns: 200, rows: 60 },
];

const pen = { theme: themeOf('dark', '256'), glyphs: glyphSet('unicode') };

/** All panes of a view as rows, without React and Ink. */
const presentAll = (view: ConsoleView): number => {
	const arranged = layout(view.columns, view.rows, view.focus, view.zoom === undefined ? {} : { zoom: view.zoom });
	if (arranged.kind !== 'panes') throw new Error(arranged.words);
	const { now } = view.header;
	let rows = 0;
	for (const { pane, width, height } of arranged.panes) {
		const box = { width, height, focused: pane === view.focus, now, stale: false, histogramRows: arranged.histogramRows };
		if (pane === 'services') rows += presentServices(view.services, box, pen).rows.length;
		else if (pane === 'logs') rows += presentLogs(view.logs, box, pen).rows.length;
		else if (pane === 'metrics') rows += presentMetrics(view.metrics, box, pen).rows.length;
		else rows += presentHealth(view.health, box, pen).rows.length;
	}
	return rows;
};

describe.each(sizes)('$columns x $rows', (size) => {
	const calm = healthy(size);
	const scenes = [calm, incident(size), many(size)];

	test('the rows of a frame', async ({ bench }) => {
		let tick = 0;
		const { latency } = await bench('rows', () => {
			tick += 1;
			presentAll(scenes[tick % scenes.length] ?? calm);
		}).run();
		expect(latency.p50).toBeLessThan(rowsBudgetMs);
	});

	const changes: Readonly<Record<string, (tick: number) => ConsoleView>> = {
		'nothing changes (the floor: Ink reads every cell of every frame)': (tick) => ({ ...calm, header: { ...calm.header, now: calm.header.now + (tick % 2) } }),
		'a second passes': (tick) => ({ ...calm, header: { ...calm.header, now: calm.header.now + tick * 1000 } }),
		'a log line comes': (tick) => {
			const { rows } = calm.logs;
			const turn = tick % rows.length;
			return { ...calm, logs: { ...calm.logs, rows: [...rows.slice(turn), ...rows.slice(0, turn)] } };
		},
		'everything changes': (tick) => ({ ...(scenes[tick % scenes.length] ?? calm) }),
	};

	test.for(Object.entries(changes))('%s', async ([name, change], { bench }) => {
		const { source, stdout, app } = mount(calm);
		let tick = 0;
		const { latency } = await bench(name, async () => {
			tick += 1;
			stdout.writes.length = 0;
			source.show(change(tick));
			await app.waitUntilRenderFlush();
		}).run();
		app.unmount();
		app.cleanup();
		expect(latency.samplesCount).toBeGreaterThan(10);
	});
});
