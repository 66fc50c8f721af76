import type { RolloutAct, RolloutWay } from '../../../domain/rollout.ts';

export const actIds = ['pin', 'create', 'attach', 'start', 'prove', 'expose', 'drain', 'divert', 'park', 'stop', 'aside', 'name'] as const;
export const undoIds = ['rejoin', 'halt', 'unname', 'back', 'restart', 'reprove', 'unpark', 'withdraw', 'discard'] as const;
export type ActId = (typeof actIds)[number] | (typeof undoIds)[number];

export interface ActWords {
	readonly name: string;
	readonly asideName: string;
	readonly freshName: string;
	readonly toImage: string;
	readonly fromImage: string;
	readonly proof: string;
	readonly policy: string;
	readonly wasRunning: boolean;
	/** Networks beside the one it is made with. */
	readonly moreNetworks: boolean;
	/** It has names on its networks beside its own. */
	readonly aliases: boolean;
}

/** Acts of a swap in their order. Between stop and start there are only the two renames: names must be right before anything starts. */
export function swapActs(way: RolloutWay, words: ActWords): readonly RolloutAct[] {
	const { name, asideName, freshName } = words;
	const before = words.wasRunning ? 'old' : 'nobody';
	const unused = `${name} as it was, and an unused container ${freshName}`;
	const made = [
		act('pin', `keep the images of ${name} from being cleaned away`, `${name} as it was`, before),
		act('create', `make ${freshName} from ${words.toImage}`, `${name} as it was, its images kept by a tag`, before),
		...(words.moreNetworks ? [act('attach', `attach ${freshName} to the networks of ${name}`, unused, before)] : []),
	];
	const park = words.policy === 'no' ? [] : [act('park', `take the restart policy (${words.policy}) off the old one`, way === 'stop-first' ? unused : `both run`, way === 'stop-first' ? before : 'new')];
	if (way === 'stop-first') {
		return [
			...made,
			...park,
			act('stop', `stop ${name}`, `${name} as it was${park.length === 0 ? '' : ', but without its restart policy'}, and an unused container ${freshName}`, before),
			act('aside', `rename the old one to ${asideName}`, `${name} stopped: nobody answers`, 'nobody'),
			act('name', `give the new one its name, ${name}`, `the old one stopped as ${asideName}, the new one not started: nobody answers`, 'nobody'),
			act('start', `start ${name} from ${words.toImage}`, `the new one named ${name} and not started: nobody answers`, 'nobody'),
			act('prove', words.proof, `the new one runs as ${name}, not proved; the old one is kept as ${asideName}`, 'new'),
		];
	}
	return [
		...made,
		act('start', `start ${freshName} beside ${name}`, unused, before),
		act('prove', words.proof, `${name} as it was, and ${freshName} running beside it, asked by nobody`, before),
		act('expose', `let ${freshName} answer to ${name} too`, `${name} as it was, and ${freshName} running beside it, asked by nobody`, before),
		act('aside', `rename the old one to ${asideName}`, 'both answer', 'both'),
		// Its names go before its time to finish, for until then it is asked more.
		...(words.aliases ? [act('divert', 'take the other names off the old one', 'both answer to the other names', 'both')] : []),
		act('drain', 'let the old one finish what it has begun', 'the new one answers, the old one still runs', 'both'),
		...park,
		act('stop', 'stop the old one', 'the new one answers, the old one still runs', 'new'),
		act('name', `give the new one its name, ${name}`, `the new one answers, but is called ${freshName}`, 'new'),
	];
}

/** Acts that bring the old one back. Where both can run, the old one answers again before the new one goes. */
export function undoActs(way: RolloutWay, words: ActWords): readonly RolloutAct[] {
	const { name, asideName, freshName } = words;
	const rejoin = words.aliases ? [act('rejoin', 'give the old one its other names back', 'the old one runs beside the new one, asked by nobody', 'new')] : [];
	const halt = act('halt', `stop the new one`, 'the new one as it stands; the old one stopped', 'new');
	const names = (serving: RolloutAct['serving']) => [
		act('unname', `rename the new one to ${freshName}`, `the old one is called ${asideName}`, serving),
		act('back', `give the old one its name, ${name}`, `the old one is called ${asideName}, and nobody ${name}`, serving),
	];
	const restart = (serving: RolloutAct['serving']) =>
		words.wasRunning
			? [
					act('restart', `start the old one, ${words.fromImage}`, 'the old one stopped', serving),
					act('reprove', 'see the old one run', 'the old one runs, not yet seen healthy', serving === 'nobody' ? 'old' : 'both'),
				]
			: [];
	const unpark = words.policy === 'no' ? [] : [act('unpark', `give the old one its restart policy back (${words.policy})`, `${name} runs without its restart policy`, 'old')];
	const discard = act('discard', 'remove the new one', `${name} as it was, and an unused container ${freshName}`, 'old');
	const withdraw = [
		act('withdraw', 'take the names off the new one', 'both answer', 'both'),
		act('drain', 'let the new one finish what it has begun', 'the old one answers, the new one still runs', 'both'),
	];
	return way === 'stop-first'
		? [halt, ...names('nobody'), ...restart('nobody'), ...unpark, discard]
		: [...restart('new'), ...rejoin, ...names('both'), ...unpark, ...withdraw, halt, discard];
}

function act(id: ActId, words: string, leaves: string, serving: RolloutAct['serving']): RolloutAct {
	return { id, words, leaves, serving };
}
