import { bench, describe } from 'vitest';
import { healthy, incident, many } from '../support/views.ts';
import { mount } from '../support/renderView.tsx';

// Measured with production React: NODE_ENV=production npx vitest bench --run tests/bench/frame.bench.ts
describe.each([
	{ columns: 80, rows: 24 },
	{ columns: 200, rows: 60 },
])('$columns x $rows', (size) => {
	const calm = healthy(size);
	const { source } = mount(calm, { debug: true });
	let tick = 0;

	bench('a second passes: the clock and every age change', () => {
		tick += 1;
		source.show({ ...calm, header: { ...calm.header, now: calm.header.now + tick * 1000 } });
	});

	bench('a log line comes: the rows of one pane move up', () => {
		tick += 1;
		const { rows } = calm.logs;
		source.show({ ...calm, logs: { ...calm.logs, rows: [...rows.slice(tick % rows.length), ...rows.slice(0, tick % rows.length)] } });
	});

	const worst = [calm, incident(size), many(size)];
	bench('everything changes', () => {
		tick += 1;
		const next = worst[tick % worst.length] ?? calm;
		source.show({ ...next });
	});
});
