import type { Facts, OutcomeWords, Scope } from '../action/scope.ts';
import { outcomeNames } from '../action/scope.ts';
import type { Secrets } from './secrets.ts';
import type { FoldedRun } from './track.ts';

/** What expressions and templates of a run can name now. */
export const scopeOf = (state: FoldedRun, secrets: Secrets, facts: Facts, more: Readonly<Record<string, unknown>> = {}): Scope => ({
	params: state.params,
	values: { ...state.registered, ...secrets.results, ...more },
	secrets: secrets.paths(state),
	facts,
});

/** The same, with what the step under way came to, for its `expect`. */
export const withOutcome = (scope: Scope, result: Readonly<Record<string, unknown>>): Scope => {
	const outcome: OutcomeWords = Object.fromEntries(outcomeNames.filter((name) => name in result).map((name) => [name, result[name]]));
	return { ...scope, outcome: { ...outcome, result } };
};
