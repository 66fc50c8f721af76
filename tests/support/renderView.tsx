import { render } from 'ink';
import { App } from '../../screens/App.tsx';
import type { KeyPress } from '../../src/console/keys.ts';
import { type Glyphs, type Theme, themeOf } from '../../src/console/theme.ts';
import type { ConsoleView } from '../../src/console/view.ts';
import { FakeStdin, FakeStdout } from './fakeStdout.ts';

/** A source whose view a test replaces. */
export class FakeSource {
	#view: ConsoleView;
	readonly #listeners = new Set<() => void>();

	constructor(view: ConsoleView) {
		this.#view = view;
	}

	subscribe = (listener: () => void): (() => void) => {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	};

	view = (): ConsoleView => this.#view;

	show(view: ConsoleView): void {
		this.#view = view;
		for (const listener of this.#listeners) listener();
	}
}

export const mount = (view: ConsoleView, options: { readonly theme?: Theme; readonly glyphs?: Glyphs; readonly debug?: boolean } = {}) => {
	const stdout = new FakeStdout(view.columns, view.rows);
	const stdin = new FakeStdin();
	const source = new FakeSource(view);
	const keys: KeyPress[] = [];
	const app = render(
		<App source={source} theme={options.theme ?? themeOf('dark', '256')} glyphs={options.glyphs ?? 'unicode'} onKeys={(events) => keys.push(...events)} />,
		{
			// The fakes have what Ink uses of a terminal.
			stdout: stdout as unknown as NodeJS.WriteStream,
			stdin: stdin as unknown as NodeJS.ReadStream,
			debug: options.debug ?? true,
			patchConsole: false,
			exitOnCtrlC: false,
			interactive: true,
			incrementalRendering: true,
		},
	);
	return { stdout, stdin, source, keys, app };
};

/** The frame of a view, with its SGR codes. */
export const frameOf = (view: ConsoleView, options: { readonly theme?: Theme; readonly glyphs?: Glyphs } = {}): string => {
	const { stdout, app } = mount(view, options);
	const frame = stdout.lastFrame();
	app.unmount();
	app.cleanup();
	return frame;
};
