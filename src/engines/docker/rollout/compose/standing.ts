import type { RolloutAct, RolloutStanding, RolloutState } from '../../../../domain/rollout.ts';
import { text } from '../../narrow.ts';
import { healthOf, stateOf } from '../look.ts';
import { endWords } from '../prove.ts';
import { shortImage } from '../reference.ts';
import type { ComposeData } from './data.ts';
import type { ComposeLook } from './look.ts';
import type { Replica } from './replicas.ts';

/** Judges how a move of a compose service stands. Pure. @param obstacle why compose cannot be called now; absent where it can */
export function composeStanding(state: RolloutState, data: ComposeData, look: ComposeLook, obstacle: string | undefined): RolloutStanding {
	const { all, old, fresh, halves, misnamed } = look;
	const known: RolloutState = fresh.length === 0 ? state : { ...state, freshId: fresh.at(-1)?.id ?? '' };
	const base = { serving: servingNow(look), evidence: evidence(state, data, look), state: known };
	const whole = halves.length === 0 && misnamed.length === 0;
	const able = (why: string) => (obstacle === undefined ? { possible: true, why } : { possible: false, why: obstacle });
	if (all.length === 0 && obstacle !== undefined) {
		return { ...base, stage: 'gone', finish: no(obstacle), undo: no(obstacle) };
	}
	const asPlanned = whole && data.old.every((planned) => old.some(({ id, running }) => id === planned.id && (running || !planned.running)));
	if (fresh.length === 0 && asPlanned) {
		return { ...base, stage: state.freshId === undefined ? 'not-begun' : 'undone', ...nothing };
	}
	const complete = whole && all.length >= data.scale;
	if (complete && fresh.length === 0 && all.every(({ running }) => running)) {
		return { ...base, stage: 'undone', ...nothing };
	}
	const bad = fresh.map(badWords).find((words) => words !== undefined);
	const proven = fresh.every(({ running, container }) => running && (data.proof.kind === 'steady' || healthOf(container) === 'healthy'));
	if (complete && old.length === 0 && fresh.length > 0 && bad === undefined && proven) {
		return { ...base, stage: 'done', finish: no('it is done'), undo: able(`${state.plan.from.image} is kept, and compose makes it again from its files`) };
	}
	const choose = bad === undefined && fresh.length > 0 ? 'finish' : 'undo';
	return {
		...base,
		stage: 'half',
		finish: able(bad === undefined ? 'what is done already is left alone' : `${bad}: it is likely to fail and to be taken back`),
		undo: able(`${state.plan.from.image} is kept, and compose makes what is missing from its files`),
		...(obstacle === undefined ? { advice: { choose, why: bad ?? (choose === 'finish' ? 'the new version runs already' : old.length > 0 ? 'the old version is still there' : 'nothing runs, and the old version is known to') } } : {}),
	};
}

const no = (why: string) => ({ possible: false, why });

const nothing = { finish: no('the old version runs, and there is no new one: plan it again'), undo: no('there is nothing to take back') } as const;

function badWords({ name, running, container }: Replica): string | undefined {
	const started = text(stateOf(container)['StartedAt'])?.startsWith('0001') === false;
	if (running) {
		return healthOf(container) === 'unhealthy' ? `${name} is unhealthy` : undefined;
	}
	return started ? `${name} ${endWords(container) ?? 'ended'}` : undefined;
}

function servingNow({ all, old }: ComposeLook): RolloutAct['serving'] {
	const running = (some: readonly Replica[]) => some.some((one) => one.running);
	const oldIds = new Set(old.map(({ id }) => id));
	const fresh = running(all.filter(({ id }) => !oldIds.has(id)));
	return running(old) ? (fresh ? 'both' : 'old') : fresh ? 'new' : 'nobody';
}

function evidence({ plan }: RolloutState, data: ComposeData, { all, halves, misnamed }: ComposeLook): readonly string[] {
	const of = ({ name, image, id, running, container }: Replica) => {
		const health = healthOf(container);
		const started = text(stateOf(container)['StartedAt'])?.startsWith('0001') === false;
		const runs = running ? `runs${health === undefined || health === '' || health === 'none' ? '' : `, ${health}`}` : started ? (endWords(container) ?? 'ended') : 'was never started';
		return `${name} (${image}, ${shortImage(id)}) ${runs}`;
	};
	return [
		...(all.length === 0 ? [`there is no container of ${plan.subject.name}`] : all.map(of)),
		...(all.length < data.scale && all.length > 0 ? [`${all.length} of ${data.scale} containers are there`] : []),
		...(halves.length + misnamed.length > 0 ? ['compose was cut off while it replaced one'] : []),
	];
}
