/** How we stand with the engine. A reading that has gone stale is never shown as healthy. */
export type Liveness =
	| { readonly kind: 'connecting' }
	| { readonly kind: 'live' }
	/** `at`: epoch ms of the next try. */
	| { readonly kind: 'reconnecting'; readonly at: number; readonly why: string; readonly advice?: string }
	/** `since`: epoch ms of the last sign of life. */
	| { readonly kind: 'stale'; readonly since: number; readonly why: string }
	| { readonly kind: 'failed'; readonly why: string; readonly advice?: string };
