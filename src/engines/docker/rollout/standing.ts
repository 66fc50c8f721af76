import { shortImage } from './reference.ts';
import type { RolloutAct, RolloutStanding, RolloutState } from '../../../domain/rollout.ts';
import { text } from '../narrow.ts';
import { nameOf } from './calls.ts';
import type { PlanData } from './data.ts';
import { aliasesOf, healthOf, idOf, isOn, isRunning, policyName, policyOf, stateOf, type Look } from './look.ts';
import { endWords } from './prove.ts';

/** Judges how a swap stands from both its containers. Pure. */
export function standingOf(state: RolloutState, data: PlanData, look: Look): RolloutStanding {
	const { old, fresh } = look;
	const oldRuns = isRunning(old);
	const freshRuns = isRunning(fresh);
	const oldNamed = old !== undefined && nameOf(old) === data.name;
	const freshNamed = fresh !== undefined && nameOf(fresh) === data.name;
	const parked = old !== undefined && policyName(policyOf(old)) !== policyName(data.restartPolicy);
	const known: RolloutState = fresh === undefined ? state : { ...state, freshId: idOf(fresh) };
	const base = { serving: servingNow(state, { oldRuns, freshRuns, oldNamed, freshNamed, freshKnown: answersToName(look, data) }), evidence: evidence(state, data, look, parked), state: known };
	if (old === undefined) {
		return freshNamed && freshRuns
			? { ...base, stage: 'done', finish: no('it is done'), undo: no('the old one was removed') }
			: { ...base, stage: 'gone', finish: no('the old one was removed, and what it was made like is not known any more'), undo: no('the old one was removed') };
	}
	const asBefore = oldNamed && !parked && (oldRuns || !data.wasRunning) && data.attachments.every((attachment) => isOn(old, attachment));
	if (fresh === undefined && asBefore) {
		return { ...base, stage: state.freshId === undefined ? 'not-begun' : 'undone', finish: no('the old one runs, and there is no new one: plan it again'), undo: no('there is nothing to take back') };
	}
	const bad = fresh === undefined ? undefined : freshRuns ? (healthOf(fresh) === 'unhealthy' ? 'the new one is unhealthy' : undefined) : startedBefore(fresh) ? `the new one ${endWords(fresh) ?? 'ended'}` : undefined;
	const settled = freshNamed && freshRuns && !oldRuns && nameOf(old) === data.asideName;
	if (settled && bad === undefined && (data.proof.kind === 'steady' || healthOf(fresh) === 'healthy')) {
		return { ...base, stage: 'done', finish: no('it is done'), undo: yes('the old one is kept') };
	}
	const choose = bad === undefined && fresh !== undefined ? (oldRuns && oldNamed ? 'undo' : 'finish') : 'undo';
	return {
		...base,
		stage: 'half',
		finish: bad === undefined ? yes('every act that is done already is left alone') : { possible: true, why: `${bad}: it is likely to fail and to be taken back` },
		undo: yes('the old one is there as it was'),
		advice: { choose, why: bad ?? (choose === 'finish' ? 'the swap has come further than half its way' : 'the old one still answers') },
	};
}

const yes = (why: string) => ({ possible: true, why });
const no = (why: string) => ({ possible: false, why });

interface Facts {
	readonly oldRuns: boolean;
	readonly freshRuns: boolean;
	readonly oldNamed: boolean;
	readonly freshNamed: boolean;
	readonly freshKnown: boolean;
}

/** Beside the old one, the new one answers only once it goes by the name. */
function servingNow(state: RolloutState, facts: Facts): RolloutAct['serving'] {
	const fresh = facts.freshRuns && (facts.freshNamed || facts.freshKnown || state.plan.way === 'stop-first');
	return facts.oldRuns ? (fresh ? 'both' : 'old') : fresh ? 'new' : 'nobody';
}

function answersToName({ fresh }: Look, data: PlanData): boolean {
	return fresh !== undefined && aliasesOf(fresh).has(data.name);
}

function evidence(state: RolloutState, data: PlanData, { old, fresh }: Look, parked: boolean): readonly string[] {
	const of = (container: NonNullable<Look['old']>, image: string) => {
		const health = healthOf(container);
		const runs = isRunning(container) ? `runs${health === undefined || health === '' || health === 'none' ? '' : `, ${health}`}` : startedBefore(container) ? (endWords(container) ?? 'ended') : 'was never started';
		return `${nameOf(container)} (${image}, ${shortImage(idOf(container))}) ${runs}`;
	};
	return [
		old === undefined ? `the old one (${shortImage(data.oldId)}) is gone` : `old: ${of(old, state.plan.from.image)}`,
		fresh === undefined ? 'there is no new one' : `new: ${of(fresh, state.plan.to.image)}`,
		...(parked ? [`the old one is without its restart policy (${policyName(data.restartPolicy)})`] : []),
	];
}

const startedBefore = (container: NonNullable<Look['old']>): boolean => {
	const startedAt = text(stateOf(container)['StartedAt']);
	return startedAt !== undefined && !startedAt.startsWith('0001');
};
