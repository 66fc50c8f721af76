import type { PlacedComplaint } from '../../config/place.ts';

/** What lint has to say of one place, not yet with its line. */
export interface PlaybookComplaint extends PlacedComplaint {
	/** Id of the lint rule; `schema` where the format itself is not met. */
	readonly rule: string;
	readonly level: 'error' | 'warning';
	readonly wayOut?: string;
}

/** A complaint about the format itself. */
export const formatError = (path: readonly PropertyKey[], message: string, wayOut?: string): PlaybookComplaint => ({
	rule: 'schema',
	level: 'error',
	path,
	atKey: false,
	message,
	...(wayOut === undefined ? {} : { wayOut }),
});
