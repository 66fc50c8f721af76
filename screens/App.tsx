import { useInput, usePaste } from 'ink';
import { useCallback, useSyncExternalStore } from 'react';
import { keyPresses, type KeyPress, pasteOf } from '../src/console/keys.ts';
import type { Glyphs, Theme } from '../src/console/theme.ts';
import type { ConsoleView } from '../src/console/view.ts';
import { Screen } from './Screen.tsx';

/** Where the views come from. `view` returns the same object until a listener has been called. */
interface ViewSource {
	subscribe(listener: () => void): () => void;
	view(): ConsoleView;
}

export interface AppProps {
	readonly source: ViewSource;
	readonly theme: Theme;
	readonly glyphs: Glyphs;
	/** Keys in the order in which they were pressed; a burst comes as one call. A paste is one key, `paste`. */
	readonly onKeys: (events: readonly KeyPress[]) => void;
}

/** The whole console screen. It holds no state of its own: it draws the newest view and hands over keys. */
export const App = ({ source, theme, glyphs, onKeys }: AppProps) => {
	const subscribe = useCallback((listener: () => void) => source.subscribe(listener), [source]);
	const newest = useCallback(() => source.view(), [source]);
	const view = useSyncExternalStore(subscribe, newest, newest);
	useInput((input, key) => {
		const events = keyPresses(input, key);
		if (events.length > 0) onKeys(events);
	});
	usePaste((text) => {
		const event = pasteOf(text);
		if (event.text !== '') onKeys([event]);
	});
	return <Screen view={view} theme={theme} glyphs={glyphs} />;
};
