import type { RolloutWay } from '../../../../domain/rollout.ts';
import type { Fields } from '../../narrow.ts';
import { hostPorts } from './service.ts';
import { updateSettings, rollbackSettings, type MoveSettings } from './settings.ts';

export interface SwarmWay {
	readonly way: RolloutWay;
	readonly why: string;
	/** Set where another way was asked for than is possible. */
	readonly refused?: string;
	/** Set where the service says another order, and this move has to change it. */
	readonly order?: RolloutWay;
	readonly call: 'rollback' | 'update';
	/** By which the cluster goes about it. */
	readonly settings: MoveSettings;
}

/**
 * The order of the service's own update settings, unless another one is asked for or it cannot be. Swarm's own rollback has
 * settings apart, stop-first where nothing was said: it is used where it goes the same way; else the same spec is
 * brought back by an update, so that going back is no harder on the service than going forth.
 * @param base the spec to go to
 * @param whole it is what the cluster remembers, and nothing of it has to be changed
 */
export function chooseSwarmWay(base: Fields, whole: boolean, asked: RolloutWay | undefined): SwarmWay {
	const own = updateSettings(base);
	const ports = hostPorts(base);
	const obstacle = ports.length === 0 ? undefined : `it holds ${ports.length === 1 ? 'port' : 'ports'} ${ports.join(', ')} of its node, so two cannot run there at once`;
	const way = obstacle === undefined ? (asked ?? own.order) : 'stop-first';
	const why = obstacle ?? (asked === undefined ? `the service's update settings say ${own.order}` : `${asked}, as was asked for${asked === own.order ? '' : `; the service's update settings say ${own.order}`}`);
	const back = rollbackSettings(base);
	const call = whole && back.order === way ? 'rollback' : 'update';
	return {
		way,
		why: way === 'stop-first' ? `each task is stopped first: ${why}` : `each new task runs before its old one is stopped: ${why}`,
		...(asked === 'start-first' && obstacle !== undefined ? { refused: obstacle } : {}),
		...(call === 'update' && way !== own.order ? { order: way } : {}),
		call,
		settings: call === 'rollback' ? back : { ...own, order: way },
	};
}
