import type { RolloutPlan } from '../../domain/rollout.ts';
import { imageWords } from './imageWords.ts';
import { isToFetch, planMove, withFetch } from './planning.ts';
import { planValue } from './planValue.ts';
import { findingWords, planLines, planSummary, refusalsOf } from './planWords.ts';
import type { RolloutResult, RolloutSpec, RolloutToolPorts } from './ports.ts';

/** With what the playbook's earlier steps found. Of those none refuses: a move that is needed is not held up by a backup that is old. */
const withGiven = (plan: RolloutPlan, { action: { findings = [] } }: RolloutSpec): RolloutPlan =>
	findings.length === 0 ? plan : { ...plan, findings: [...plan.findings, ...findings.map(({ level, what, why }) => ({ level: level === 'fine' ? ('fine' as const) : ('warn' as const), what, why: why.slice(0, 1000) }))] };

/** Works a move out and shows it. Changes nothing; fails where the preflight refuses. @throws EngineError, RolloutFailure */
export const planStep = async (spec: RolloutSpec, ports: RolloutToolPorts): Promise<RolloutResult> => {
	const found = await planMove(spec, ports, spec.action.to ?? '');
	const fetches = isToFetch(found);
	const plan = withGiven(fetches ? withFetch(found) : found, spec);
	for (const line of planLines(plan)) ports.print(line);
	const refused = refusalsOf(plan);
	const words = refused.length > 0 ? `the preflight refuses to move ${plan.subject.name} to ${imageWords(plan.to)}: ${findingWords(refused)}` : planSummary(plan);
	ports.print(words);
	return { ok: refused.length === 0, value: { ...planValue(plan), ...(fetches ? { fetches: true } : {}), words: words.slice(0, 2000) } };
};
