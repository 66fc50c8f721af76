/** How we stand with the log of one container. Times are epoch ms on the console's clock. */
export type FollowState =
	| { readonly kind: 'off' }
	| { readonly kind: 'connecting' }
	| { readonly kind: 'live' }
	/** `at`: time of the next try. */
	| { readonly kind: 'reconnecting'; readonly at: number; readonly why: string; readonly advice?: string }
	/** The stream is open, but the engine does not answer. `since`: the last sign of life. */
	| { readonly kind: 'stale'; readonly since: number; readonly why: string }
	/** The engine keeps no log that can be read. */
	| { readonly kind: 'none'; readonly driver: string; readonly why: string }
	| { readonly kind: 'stopped' }
	| { readonly kind: 'gone' };

const seconds = (ms: number): number => Math.max(0, Math.ceil(ms / 1000));

/** The state in the words of the pane's title: `live`, `reconnecting 3 s`, `stale 12 s`, `no logs: driver none`. */
export const followWords = (state: FollowState, now: number): string => {
	switch (state.kind) {
		case 'off':
			return 'not followed';
		case 'reconnecting':
			return `reconnecting ${seconds(state.at - now)} s`;
		case 'stale':
			return `stale ${Math.floor(Math.max(0, now - state.since) / 1000)} s`;
		case 'none':
			return `no logs: driver ${state.driver}`;
		case 'connecting':
		case 'live':
		case 'stopped':
		case 'gone':
			return state.kind;
	}
};
