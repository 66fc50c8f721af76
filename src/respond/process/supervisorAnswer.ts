/** What a supervisor says once its command runs, or cannot. */
export type SupervisorAnswer =
	/** It runs, or failed to start, which its end says. */
	| { readonly started: true }
	/** Nothing was spawned. */
	| { readonly refused: string };

/** @returns `undefined` where the line is no answer */
export const parseAnswer = (line: string): SupervisorAnswer | undefined => {
	const value: unknown = line === '' ? undefined : JSON.parse(line);
	if (typeof value !== 'object' || value === null) return undefined;
	if ('refused' in value && typeof value.refused === 'string') return { refused: value.refused };
	return 'started' in value ? { started: true } : undefined;
};
