import type { RolloutAct, RolloutStanding, RolloutState } from '../../../../domain/rollout.ts';
import type { SwarmData } from './data.ts';
import { either, judge, runningWords } from './judge.ts';
import { isOld } from './move.ts';
import { fingerprint, markOf, sameMark, type SwarmService } from './service.ts';
import { tally, wantedOf, type SwarmTask } from './tasks.ts';

/** Judges how a move stands from the service and its tasks. Pure. @param service with the status of its own change only, see `ownStatus` */
export function swarmStandingOf(state: RolloutState, data: SwarmData, service: SwarmService | undefined, tasks: readonly SwarmTask[]): RolloutStanding {
	if (service === undefined) {
		return { stage: 'gone', serving: 'nobody', evidence: ['the service is gone'], finish: no('the service is gone'), undo: no('the service is gone'), state };
	}
	const [isNew, wasOld] = [either(data.toMark), either(data.fromMark, data.backMark)];
	const wanted = wantedOf(service, tasks);
	const serving = servingNow(tally(tasks, wanted, wasOld).running, tally(tasks, wanted, isNew).running);
	const base = { serving, evidence: evidence(service, tasks, wanted) };
	const begun: RolloutState = { ...state, freshId: state.plan.subject.id };
	if (isOld(service, data)) {
		const status = service.update?.state;
		const judged = judge(service, tasks, wasOld, isNew, data.ranBefore);
		if (state.freshId === undefined && status === undefined && sameMark(markOf(service.spec), data.fromMark)) {
			return { ...base, stage: 'not-begun', finish: no('nothing was changed yet: plan it again'), undo: no('there is nothing to take back'), state };
		}
		if (judged.stage === 'done') {
			return { ...base, stage: 'undone', finish: no('the service is set to the old version: plan it again'), undo: no('there is nothing to take back'), state: begun };
		}
		const why = judged.stage === 'failed' ? judged.words : `Swarm is on its way back: ${judged.words}`;
		return { ...base, stage: 'half', finish: no('the service is set to the old version already: plan it again'), undo: yes(why), advice: { choose: 'undo', why }, state: begun };
	}
	if (!sameMark(markOf(service.spec), data.toMark)) {
		const why = `somebody else has set it to ${markOf(service.spec).image} since: plan it again`;
		return { ...base, stage: 'gone', finish: no(why), undo: no(why), state: begun };
	}
	const remembered = service.previous !== undefined && fingerprint(service.previous) === data.fromPrint;
	const undo = yes(remembered ? 'Swarm remembers the spec before' : `Swarm does not remember the spec before: it is set to ${data.backMark.image}, with its other settings as they are`);
	const { stage, words } = judge(service, tasks, isNew, wasOld);
	if (stage === 'done') {
		return { ...base, stage: 'done', finish: no('it is done'), undo, state: begun };
	}
	return {
		...base,
		stage: 'half',
		finish: stage === 'failed' ? { possible: true, why: `${words}: it is likely to fail and to be taken back` } : yes('Swarm goes on with it by itself'),
		undo,
		advice: stage === 'failed' ? { choose: 'undo', why: words } : { choose: 'finish', why: `Swarm goes on with it by itself: ${words}` },
		state: begun,
	};
}

const yes = (why: string) => ({ possible: true, why });
const no = (why: string) => ({ possible: false, why });

const servingNow = (old: number, fresh: number): RolloutAct['serving'] => (old > 0 ? (fresh > 0 ? 'both' : 'old') : fresh > 0 ? 'new' : 'nobody');

function evidence(service: SwarmService, tasks: readonly SwarmTask[], wanted: number): readonly string[] {
	const { running, error } = tally(tasks, wanted, either(markOf(service.spec)));
	const { update } = service;
	return [
		`${service.name} is set to ${markOf(service.spec).image}`,
		`${running} of ${wanted} ${wanted === 1 ? 'task runs' : 'tasks run'} it${error === undefined ? '' : ` (${error})`}`,
		...runningWords(tasks),
		...(update === undefined ? [] : [`Swarm: ${update.state.replaceAll('_', ' ')}${update.message === '' ? '' : `, ${update.message}`}`]),
	];
}
