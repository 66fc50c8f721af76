import type { LogLevel } from '../../domain/log.ts';
import type { LogSettings } from '../../observe/logs/settings.ts';
import type { Action, Since } from '../actions.ts';

/** How the pane shows its lines, and which. */
export interface PaneSettings extends Omit<LogSettings, 'sinceMs'> {
	readonly since: Since;
	readonly wrap: boolean;
	readonly timestamps: boolean;
}

export const initialSettings: PaneSettings = {
	search: '',
	invert: false,
	keepOnly: false,
	minLevel: undefined,
	fold: false,
	columns: true,
	since: 'tail',
	wrap: false,
	timestamps: true,
};

const spans: Readonly<Record<Since, number | undefined>> = {
	tail: undefined,
	head: undefined,
	'1m': 60_000,
	'5m': 300_000,
	'15m': 900_000,
	'30m': 1_800_000,
	'1h': 3_600_000,
};

/** How far back, ms; `undefined` where it is no time. */
export const sinceMs = (since: Since): number | undefined => spans[since];

/** The least levels that one key goes through. */
const minLevels: readonly (LogLevel | undefined)[] = [undefined, 'info', 'warn', 'error'];

/** The settings after a key that switches one of them; `undefined` for every other action. */
export const switched = (settings: PaneSettings, action: Action): PaneSettings | undefined => {
	switch (action.kind) {
		case 'timestamps':
			return { ...settings, timestamps: !settings.timestamps };
		case 'wrap':
			return { ...settings, wrap: !settings.wrap };
		case 'columns':
			return { ...settings, columns: !settings.columns };
		case 'fold':
			return { ...settings, fold: !settings.fold };
		case 'invert':
			return { ...settings, invert: !settings.invert };
		case 'keep-only':
			return { ...settings, keepOnly: !settings.keepOnly };
		case 'min-level':
			return { ...settings, minLevel: minLevels[(minLevels.indexOf(settings.minLevel) + 1) % minLevels.length] };
		default:
			return undefined;
	}
};

/** What a view of the log must know of them. @param engineNow epoch ms by the engine's clock */
export const logSettings = (settings: PaneSettings, engineNow: number): LogSettings => {
	const { search, invert, keepOnly, minLevel, fold, columns } = settings;
	const since = sinceMs(settings.since);
	return { search, invert, keepOnly, minLevel, fold, columns, sinceMs: since === undefined ? undefined : engineNow - since };
};
