import { sanitiseLines } from '../../domain/sanitise.ts';
import type { Step } from '../../domain/playbook/step.ts';
import type { Waiting } from '../../domain/run/state.ts';
import type { RunScene } from '../reduce/scene.ts';
import { titleOf } from './dialogParts.ts';
import type { PlanView } from './moveView.ts';
import { downtimeWords, newestPlan } from './plan.ts';
import type { ConfirmFact, ConfirmStep } from './view.ts';

type Confirming = Extract<Waiting, { kind: 'confirm' }>;

/** Lines of loss that a confirmation has room for. */
const mostLost = 4;

/** What a step does to a service's version; `undefined` where it moves nothing. */
export const movesBy = (step: Step | undefined): 'swap' | 'finish' | 'undo' | undefined => {
	if (step?.kind !== 'rollout' || step.action.kind !== 'rollout') return undefined;
	const { action } = step.action;
	return action === 'swap' || action === 'finish' || action === 'undo' ? action : undefined;
};

const factsOf = (plan: PlanView, moves: 'swap' | 'finish' | 'undo'): readonly ConfirmFact[] => {
	const [from, to] = moves === 'undo' ? [plan.to, plan.from] : [plan.from, plan.to];
	const warned = plan.findings.filter((each) => each.level !== 'fine');
	return [
		{ label: 'from', text: from, tone: 'plain' },
		{ label: 'to', text: to, tone: 'plain' },
		...(moves === 'swap' ? [{ label: 'down', text: downtimeWords(plan), tone: 'plain' } as const] : []),
		...(moves === 'swap' ? warned.map((each): ConfirmFact => ({ label: each.level === 'refuse' ? 'refuses' : 'warns', text: `${each.what}: ${each.why}`, tone: each.level === 'refuse' ? 'p0' : 'p2' })) : []),
	];
};

const lossOf = (waiting: Confirming, plan: PlanView | undefined): string => {
	// A playbook may have named what the plan says itself.
	const lost = (plan?.lost ?? []).filter((each) => waiting.loses?.includes(each) !== true);
	const listed = [...lost.slice(0, mostLost), ...(lost.length > mostLost ? [`${lost.length - mostLost} more`] : [])].join('; ');
	if (waiting.loses !== undefined) return listed === '' ? waiting.loses : `${waiting.loses}; ${listed}`;
	if (plan !== undefined) return listed === '' ? 'nothing, as planned' : listed;
	return waiting.typed === undefined ? 'nothing named' : 'not said in the playbook: think first';
};

/** The question before a step that changes something: Cancel has the focus; of a move it names from, to, and what goes. */
export const confirmStep = (run: RunScene, waiting: Confirming, host: string): ConfirmStep => {
	const step = run.state.playbook.steps.find((each) => each.id === waiting.step);
	const moves = waiting.undo ? undefined : movesBy(step);
	const plan = moves === undefined ? undefined : newestPlan(run.state);
	const facts = plan === undefined || moves === undefined ? [] : factsOf(plan, moves);
	return {
		kind: 'confirm',
		title: `${waiting.undo ? 'Undo: ' : ''}${titleOf(run, waiting.step)}?`,
		risk: waiting.typed === undefined ? 'change' : 'destructive',
		host,
		target: waiting.typed ?? waiting.target ?? '',
		act: sanitiseLines(waiting.command),
		loss: lossOf(waiting, moves === 'swap' ? plan : undefined),
		...(facts.length === 0 ? {} : { facts }),
		focus: 'cancel',
		typed: '',
		subject: { kind: 'step', step: waiting.step },
	};
};
