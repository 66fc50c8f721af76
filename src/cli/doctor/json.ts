import type { DoctorShape } from '../reference/shapes.ts';
import type { DoctorCheck } from './check.ts';

/** The worst state among the checks. */
export const verdictOf = (checks: readonly DoctorCheck[]): DoctorCheck['state'] =>
	checks.some((check) => check.state === 'fail') ? 'fail' : checks.some((check) => check.state === 'warn') ? 'warn' : 'ok';

export const doctorJson = (checks: readonly DoctorCheck[]): DoctorShape => ({
	schemaVersion: 1,
	verdict: verdictOf(checks),
	checks: checks.map(({ id, group, state, title, words, advice }) => ({ id, group, state, title, words, advice: advice ?? null })),
});
