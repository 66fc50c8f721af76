import stripAnsi from 'strip-ansi';
import { afterEach, describe, expect, test } from 'vitest';
import { mount } from '../support/renderView.tsx';
import { confirmChange, healthy, incident } from '../support/views.ts';

const size = { columns: 80, rows: 24 };
const mounted: ReturnType<typeof mount>[] = [];

const open = (...args: Parameters<typeof mount>): ReturnType<typeof mount> => {
	const one = mount(...args);
	mounted.push(one);
	return one;
};

afterEach(() => {
	for (const one of mounted.splice(0)) {
		one.app.unmount();
		one.app.cleanup();
	}
});

describe('App', () => {
	test('draws the newest view of its source', async () => {
		const { stdout, source, app } = open(healthy(size));
		expect(stripAnsi(stdout.lastFrame())).not.toContain('in trouble');
		source.show(incident(size));
		await app.waitUntilRenderFlush();
		expect(stripAnsi(stdout.lastFrame())).toContain('2 in trouble');
	});

	test('a view of another size is drawn at that size', async () => {
		const { stdout, source, app } = open(healthy(size));
		stdout.resize(120, 40);
		source.show(healthy({ columns: 120, rows: 40 }));
		await app.waitUntilRenderFlush();
		const lines = stripAnsi(stdout.lastFrame()).split('\n');
		expect(lines.length).toBe(40);
		expect(lines[1]?.length).toBe(120);
	});

	test('hands over keys one by one, in order', () => {
		const { stdin, keys } = open(healthy(size));
		stdin.type('jj\r');
		stdin.type('\u001b[A');
		stdin.type('\u0004');
		expect(keys.map((one) => one.key)).toEqual(['j', 'j', 'enter', 'up', 'ctrl-d']);
	});

	test('a paste is one key that commands nothing', () => {
		const { stdin, keys } = open(healthy(size));
		stdin.type('\u001b[200~aq\nrm\u001b[201~');
		expect(keys).toEqual([{ key: 'paste', text: 'aq rm' }]);
	});

	test('a dialog covers the panes and leaves them as they were', async () => {
		const { stdout, source, app } = open(incident(size));
		const before = stripAnsi(stdout.lastFrame());
		source.show(confirmChange(size));
		await app.waitUntilRenderFlush();
		const during = stripAnsi(stdout.lastFrame());
		expect(during).toContain('> Cancel <');
		expect(during.split('\n')[0]).toBe(before.split('\n')[0]);
		source.show(incident(size));
		await app.waitUntilRenderFlush();
		expect(stripAnsi(stdout.lastFrame())).toBe(before);
	});
});
