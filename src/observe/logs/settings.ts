import type { LogLevel } from '../../domain/log.ts';

/** What a person has set in the logs pane. */
export interface LogSettings {
	/** Plain text or `/regex/`; empty is none. Capital letters make it mind the case. */
	readonly search: string;
	/** Entries that do not match count as the matches. */
	readonly invert: boolean;
	/** Only matches are shown. */
	readonly keepOnly: boolean;
	/** Only entries at this level or above; an entry that says none counts as info. */
	readonly minLevel: LogLevel | undefined;
	/** Only entries from this time on, epoch ms by the engine's clock. */
	readonly sinceMs: number | undefined;
	/** Entries of one pattern that follow each other are shown as the last of them with a count. */
	readonly fold: boolean;
	/** Take JSON and logfmt lines apart into columns. */
	readonly columns: boolean;
}

export const defaultSettings: LogSettings = {
	search: '',
	invert: false,
	keepOnly: false,
	minLevel: undefined,
	sinceMs: undefined,
	fold: false,
	columns: false,
};
