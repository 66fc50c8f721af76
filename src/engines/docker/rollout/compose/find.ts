import { EngineError, type CallOptions } from '../../../../domain/engine.ts';
import type { FoundSubject } from '../../../../domain/rollout.ts';
import { stringMap, strings } from '../../narrow.ts';
import type { RolloutCalls } from '../calls.ts';
import { subjectId } from './data.ts';
import { composeOwner } from './project.ts';
import { whyNotCompose } from './whyNotCompose.ts';

/**
 * A service of compose by `project/service`, its own name or the name of one of its containers, where compose can be
 * asked to move it.
 * @throws EngineError of kind `conflict` where services of several projects have the name
 */
export async function findComposeService(calls: RolloutCalls, name: string, options: CallOptions = {}): Promise<FoundSubject | undefined> {
	const all = (await calls.containers(options)).flatMap((listed) => {
		const labels = stringMap(listed['Labels']);
		const owner = composeOwner(labels);
		const own = strings(listed['Names']).map((each) => each.replace(/^\//, '')).find((each) => !each.includes('/')) ?? '';
		return owner === undefined ? [] : [{ ...owner, labels, own, id: `${owner.project}/${owner.service}` }];
	});
	const named = all.filter(({ own }) => own === name);
	const chosen = named.length > 0 ? named : all.filter(({ id }) => id === name);
	const hits = chosen.length > 0 ? chosen : all.filter(({ service }) => service === name);
	const [first] = hits;
	if (first === undefined) {
		return undefined;
	}
	const services = [...new Set(hits.map(({ id }) => id))];
	if (services.length > 1) {
		throw new EngineError('conflict', `${name} is a service of several projects: ${services.join(', ')}`, { advice: 'Name it with its project, as project/service.' });
	}
	if ((await whyNotCompose(calls.connection, first.labels, options.signal)) !== undefined) {
		return undefined;
	}
	return { id: subjectId(first.project, first.service), name: first.id, kind: 'compose service', containers: all.filter(({ id }) => id === first.id).map(({ own }) => own).sort() };
}
