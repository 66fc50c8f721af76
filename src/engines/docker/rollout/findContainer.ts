import { EngineError, type CallOptions } from '../../../domain/engine.ts';
import type { FoundSubject } from '../../../domain/rollout.ts';
import { fields, strings, text, type Fields } from '../narrow.ts';
import { ownership } from '../labels.ts';
import type { RolloutCalls } from './calls.ts';

/** Kept aside by a move, or not yet named by one: it is not what a person means. */
const isOurs = (name: string): boolean => /-sitrep-(?:old|new)-[0-9a-f]{8}$/.test(name);

const namesOf = (container: Fields): readonly string[] => strings(container['Names']).map((name) => name.replace(/^\//, ''));

/**
 * A container by its name, or by the name of the service it is the only container of.
 * @throws EngineError of kind `conflict` where the name is that of several
 */
export async function findContainer(calls: RolloutCalls, name: string, options?: CallOptions): Promise<FoundSubject | undefined> {
	const all = (await calls.containers(options)).flatMap((container) => {
		const id = text(container['Id']);
		const own = namesOf(container).find((each) => !each.includes('/'));
		return id === undefined || own === undefined || isOurs(own) ? [] : [{ id, name: own, owner: ownership(labelsOf(container)) }];
	});
	const named = all.find((each) => each.name === name);
	if (named !== undefined) {
		return subject(named);
	}
	const ofService = all.filter(({ owner }) => owner.service !== undefined && (name === `${owner.group ?? ''}/${owner.service}` || name === owner.service));
	const [first, second] = ofService;
	if (first === undefined) {
		return undefined;
	}
	if (second !== undefined) {
		throw new EngineError('conflict', `${name} is ${ofService.length} containers: ${ofService.map((each) => each.name).join(', ')}`, { advice: 'Name one of them, or move them through what keeps them together.' });
	}
	return subject(first);
}

const subject = ({ id, name }: { readonly id: string; readonly name: string }): FoundSubject => ({ id, name, kind: 'container', containers: [name] });

function labelsOf(container: Fields): Readonly<Record<string, string>> {
	return Object.fromEntries(Object.entries(fields(container['Labels'])).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value] as const] : [])));
}
