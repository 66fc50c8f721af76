import { render } from 'ink-testing-library';
import { describe, expect, it, vi } from 'vitest';
import { App } from '../../screens/App.tsx';
import type { KeyPress } from '../../src/console/keys.ts';
import { themeOf } from '../../src/console/theme.ts';
import { healthy } from '../support/views.ts';

describe('App', () => {
	it('hands over every key of a burst that arrives as one string', async () => {
		const keys: KeyPress[] = [];
		const view = healthy({ columns: 100, rows: 30 });
		const app = render(<App source={{ subscribe: () => () => undefined, view: () => view }} theme={themeOf('none', 'none')} glyphs="ascii" onKeys={(presses) => keys.push(...presses)} />);
		// Ink listens once its effects have run.
		await vi.waitFor(() => {
			app.stdin.write('jjG');
			expect(keys.map((press) => press.key).slice(0, 3)).toEqual(['j', 'j', 'G']);
		});
		expect(app.lastFrame()).toContain('SERVICES');
		app.unmount();
	});
});
