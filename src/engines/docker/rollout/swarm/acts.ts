import type { RolloutAct, RolloutWay } from '../../../../domain/rollout.ts';

export const swarmActIds = ['pin', 'update', 'converge', 'prove'] as const;
export const swarmUndoIds = ['revert', 'settle'] as const;
export type SwarmActId = (typeof swarmActIds)[number] | (typeof swarmUndoIds)[number];

export interface SwarmActWords {
	readonly name: string;
	readonly fromImage: string;
	readonly toImage: string;
	readonly tasks: number;
	/** All tasks may be down together. */
	readonly gap: boolean;
	readonly way: RolloutWay;
	readonly call: 'rollback' | 'update';
	readonly wasRunning: boolean;
	/** How the cluster goes about it. */
	readonly settings: string;
}

const all = (tasks: number, image: string): string => `${tasks === 1 ? 'the task runs' : `all ${tasks} tasks run`} ${image}`;

export function swarmActs(words: SwarmActWords): readonly RolloutAct[] {
	const { name, toImage, tasks, settings } = words;
	const before = words.wasRunning ? 'old' : 'nobody';
	const during = words.gap || !words.wasRunning ? 'nobody' : 'both';
	return [
		act('pin', `keep the images of ${name} on this node from being cleaned away`, `${name} as it was`, before),
		act('update', words.call === 'rollback' ? `have Swarm roll ${name} back to ${toImage}` : `update ${name} to ${toImage}, ${words.way}`, `${name} as it was, its images on this node kept by a tag`, before),
		act('converge', `wait until ${all(tasks, toImage)}: ${settings}`, `Swarm goes on by itself until ${all(tasks, toImage)}, or as its failure action says`, during),
		act('prove', 'see that they keep running, and ask the service\'s own probes', `${all(tasks, toImage)}, not proved; Swarm remembers the spec before`, 'new'),
	];
}

export function swarmUndoActs(words: SwarmActWords): readonly RolloutAct[] {
	const { name, fromImage, tasks } = words;
	return [
		act('revert', `put ${name} back to ${fromImage}, where Swarm does not do so by itself`, `${name} as it stands`, words.gap ? 'new' : 'both'),
		act('settle', `wait until ${all(tasks, fromImage)}`, `Swarm goes on by itself until ${all(tasks, fromImage)}`, words.gap ? 'nobody' : 'both'),
	];
}

const act = (id: SwarmActId, words: string, leaves: string, serving: RolloutAct['serving']): RolloutAct => ({ id, words, leaves, serving });
