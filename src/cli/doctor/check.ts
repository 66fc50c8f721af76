/** One thing `doctor` looked at. */
export interface DoctorCheck {
	/** Stable, for scripts: `engine.reachable`. */
	readonly id: string;
	readonly group: 'engine' | 'permissions' | 'terminal' | 'versions' | 'disk';
	readonly state: 'ok' | 'warn' | 'fail';
	readonly title: string;
	/** What was found. */
	readonly words: string;
	/** What to do about it. */
	readonly advice?: string;
}

/** In words, whatever was thrown. */
export const errorWords = (error: unknown): string => (error instanceof Error ? error.message : String(error));
