import { formatLatency } from '../../domain/duration.ts';
import type { RolloutChange, RolloutPlan } from '../../domain/rollout.ts';
import { imageWords } from './imageWords.ts';

const changeWords = ({ field, key, before, after }: RolloutChange): string => {
	const what = key === undefined ? field : `${field} ${key}`;
	if (before === undefined) return `${what}: ${after ?? ''} is new`;
	return after === undefined ? `${what}: ${before} goes` : `${what}: ${before} -> ${after}`;
};

export const refusalsOf = ({ findings }: Pick<RolloutPlan, 'findings'>): RolloutPlan['findings'] => findings.filter(({ level }) => level === 'refuse');
export const warningsOf = ({ findings }: Pick<RolloutPlan, 'findings'>): RolloutPlan['findings'] => findings.filter(({ level }) => level === 'warn');
export const findingWords = (findings: RolloutPlan['findings']): string => findings.map(({ what, why }) => `${what}: ${why}`).join('; ');

/** A plan in one line. */
export const planSummary = (plan: RolloutPlan): string => {
	const refused = refusalsOf(plan);
	if (refused.length > 0) return `refused: ${findingWords(refused)}`;
	const gap = plan.downtime.expectedMs > 0 ? `nobody answers for about ${formatLatency(plan.downtime.expectedMs)} and the service's own stop and start` : 'no request is to be lost';
	const warned = warningsOf(plan).length;
	return `${imageWords(plan.from)} -> ${imageWords(plan.to)}, ${plan.way}, ${gap}, ${plan.proof}${warned === 0 ? '' : `, ${warned} ${warned === 1 ? 'warning' : 'warnings'}`}`;
};

/** A plan as a person reads it before it is carried out, one line each. */
export const planLines = (plan: RolloutPlan): readonly string[] => [
	`${plan.subject.name}: ${imageWords(plan.from)} -> ${imageWords(plan.to)}`,
	`way       ${plan.way}: ${plan.wayWhy}`,
	`downtime  ${plan.downtime.expectedMs === 0 ? 'none expected' : `about ${formatLatency(plan.downtime.expectedMs)}`}: ${plan.downtime.basis}`,
	`proof     ${plan.proof}`,
	...plan.changes.map((change) => `changes   ${changeWords(change)}`),
	...plan.kept.map((line) => `kept      ${line}`),
	...plan.lost.map((line) => `lost      ${line}`),
	...plan.findings.map(({ level, what, why }) => `${level.padEnd(9)} ${what}: ${why}`),
	...plan.acts.map((act, index) => `act ${String(index + 1).padEnd(5)} ${act.words}`),
	`undo      ${plan.undoActs.map((act) => act.words).join('; ')}`,
];
