import type { RolloutAct } from '../../../../domain/rollout.ts';
import type { ComposeMode } from './data.ts';

/** What an act does; those of single replicas carry their place behind a full stop: `take.2`. */
export const composeActs = ['pin', 'write', 'recreate', 'prove', 'take', 'make', 'check', 'rewrite', 'revert', 'reprove', 'back'] as const;
export type ComposeAct = (typeof composeActs)[number];

export interface ComposeActWords {
	/** `project/service` */
	readonly name: string;
	readonly tool: string;
	readonly fromImage: string;
	readonly toImage: string;
	readonly override: string;
	readonly proof: string;
	readonly wasRunning: boolean;
	/** How many containers there are. */
	readonly scale: number;
	/** Names of those to be moved. */
	readonly old: readonly string[];
}

export function swapActs(mode: ComposeMode, words: ComposeActWords): readonly RolloutAct[] {
	const { name, tool, toImage, override, scale } = words;
	const before = words.wasRunning ? 'old' : 'nobody';
	const all = scale === 1 ? name : `all ${scale} containers of ${name}`;
	const written = `${name} as it was; ${override} names ${toImage}, which compose reads only where it is told to`;
	const begun = [
		act('pin', `keep the images of ${name} from being cleaned away`, `${name} as it was`, before),
		act('write', `write ${override}: ${toImage}`, `${name} as it was, its images kept by a tag`, before),
	];
	if (mode === 'together') {
		return [
			...begun,
			act('recreate', `have ${tool} replace ${all}`, written, before),
			act('prove', words.proof, `the new ${scale === 1 ? 'one runs' : 'ones run'}, not proved; compose has removed what was there before`, 'new'),
		];
	}
	return [...begun, ...words.old.flatMap((old, index) => eachActs(old, index, words, written))];
}

function eachActs(old: string, index: number, { name, tool, toImage, proof, scale, old: { length: count } }: ComposeActWords, written: string): readonly RolloutAct[] {
	const place = index + 1;
	const others = scale > count || index > 0;
	const rest = index === 0 ? (scale === 1 ? 'nobody' : 'old') : place === count ? 'new' : 'both';
	const moved = index === 0 ? written : `${index} of ${count} moved to ${toImage}, the others as they were`;
	return [
		act(`take.${place}`, `stop and remove ${old}`, moved, others ? 'both' : 'old'),
		act(`make.${place}`, `have ${tool} make the missing one from ${toImage}`, `${name} with ${scale - 1} of its ${scale} containers`, rest),
		act(`check.${place}`, proof, `${place} of ${count} moved to ${toImage}, the last one not proved`, place === count ? 'new' : 'both'),
	];
}

export function undoActs(mode: ComposeMode, words: ComposeActWords): readonly RolloutAct[] {
	const { name, tool, fromImage, override, scale, old } = words;
	const rewrite = act('rewrite', `write ${override}: ${fromImage}`, `${name} as it stands`, 'new');
	if (mode === 'together') {
		return [
			rewrite,
			act('revert', `have ${tool} replace ${scale === 1 ? name : `all ${scale} containers of ${name}`} by ${fromImage}`, `${name} as it stands; ${override} names ${fromImage}`, 'new'),
			act('reprove', 'see the old version run', 'the old version runs, not yet seen healthy', 'old'),
		];
	}
	const backs = old.map((_, index) => act(`back.${index + 1}`, `bring ${index + 1} of ${old.length} back to ${fromImage}, and see it run`, index === 0 ? `${name} as it stands` : `${index} of ${old.length} back, the others as they stand`, scale === 1 ? 'new' : 'both'));
	return [rewrite, ...backs];
}

function act(id: string, words: string, leaves: string, serving: RolloutAct['serving']): RolloutAct {
	return { id, words, leaves, serving };
}

/** The act an id stands for, and its place; `undefined` for one of another kind. */
export function readComposeAct(id: string): { readonly act: ComposeAct; readonly place: number } | undefined {
	const [word = '', place = '1'] = id.split('.');
	const act = composeActs.find((one) => one === word);
	return act === undefined ? undefined : { act, place: Number(place) };
}
