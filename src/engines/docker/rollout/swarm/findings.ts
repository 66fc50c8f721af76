import type { RolloutFinding } from '../../../../domain/rollout.ts';
import { text, type Fields } from '../../narrow.ts';
import { shortImage } from '../reference.ts';
import { otherChanges, writablePaths } from './changes.ts';
import type { SwarmFacts } from './facts.ts';
import { markOf, modeOf, sameMark } from './service.ts';
import { tally, wantedOf } from './tasks.ts';
import type { SwarmWay } from './way.ts';

export interface SwarmFindingParts extends SwarmFacts {
	readonly toImage: string;
	readonly way: SwarmWay;
	/** The spec that is gone to. */
	readonly base: Fields;
	readonly asked: boolean;
}

/** The preflight: everything that could go wrong and can be known before. Pure. */
export function swarmPreflight(parts: SwarmFindingParts): readonly RolloutFinding[] {
	return [...imageFindings(parts), ...modeFindings(parts), ...updateFindings(parts), ...taskFindings(parts), ...wayFindings(parts), ...settingFindings(parts), ...wayBackFindings(parts)];
}

const finding = (level: RolloutFinding['level'], what: string, why: string): RolloutFinding => ({ level, what, why });
const nodesWords = (count: number): string => `${count} ${count === 1 ? 'node' : 'nodes'}`;

function imageFindings({ source, target, toImage, nodes, base }: SwarmFindingParts): RolloutFinding[] {
	const same = target.imageId === '' ? target.reference === source.image : target.imageId === source.imageId;
	if (same) {
		return [finding('refuse', 'image', `${toImage} is what runs already: nothing would change`)];
	}
	if (target.known === 'nowhere') {
		const missing = `${toImage} is not on this node, and no registry tells of it`;
		// Nodes ask with the credentials that the service was deployed with, which are not known here.
		return [nodes.ready > 1 ? finding('warn', 'image', `${missing}; ${target.isPrevious ? 'the nodes it ran on may have it still' : 'other nodes may find it all the same'}`) : finding('refuse', 'image', `${missing}: fetch it first`)];
	}
	const here = `${toImage} is ${target.known === 'registry' ? 'in its registry' : 'on this node'} (${shortImage(target.imageId)})`;
	const sure = target.known === 'registry' || target.reference.includes('@') || nodes.ready <= 1;
	return [
		sure ? finding('fine', 'image', here) : finding('warn', 'image', `${here}; ${nodesWords(nodes.ready - 1)} more may have to fetch it, and no registry tells of it`),
		...platformFindings(source.found, target.found),
		...(markOf(base).image.startsWith('sha256:') && nodes.ready > 1 ? [finding('warn', 'image', 'it is asked for by its id, which no other node can fetch')] : []),
	];
}

function platformFindings(from: Fields | undefined, to: Fields | undefined): RolloutFinding[] {
	const platform = (image: Fields) => [image['Os'], image['Architecture']].map((part) => text(part) ?? '?').join('/');
	return from === undefined || to === undefined || platform(from) === platform(to) ? [] : [finding('warn', 'image', `it is made for ${platform(to)}, and what runs is for ${platform(from)}`)];
}

function modeFindings({ service }: SwarmFindingParts): RolloutFinding[] {
	const mode = modeOf(service.spec);
	return [
		mode.kind === 'other' ? finding('refuse', 'mode', `it is a ${mode.name}: its tasks end by themselves, and there is nothing to move`) : finding('fine', 'mode', mode.kind === 'global' ? 'one task on each node' : `${mode.replicas} ${mode.replicas === 1 ? 'replica' : 'replicas'}`),
		...(service.group === undefined ? [] : [finding('warn', 'owner', `it is of the stack ${service.group}: its next \`docker stack deploy\` goes back to what the stack's file says`)]),
	];
}

function updateFindings({ service, target, toImage }: SwarmFindingParts): RolloutFinding[] {
	const { update, previous } = service;
	const said = update?.message === undefined || update.message === '' ? '' : `: ${update.message}`;
	const underWay = update?.state === 'updating' || update?.state === 'rollback_started';
	const paused = update?.state === 'paused' || update?.state === 'rollback_paused';
	return [
		...(underWay ? [finding('warn', 'update', `an ${update.state === 'updating' ? 'update' : 'automatic or manual rollback'} of it is under way: it is left where it stands`)] : []),
		...(paused ? [finding('warn', 'update', `its last ${update.state === 'paused' ? 'update' : 'rollback'} is paused${said}`)] : []),
		previous === undefined
			? finding(
					(update?.state.startsWith('rollback') ?? false) ? 'warn' : 'fine',
					'previous spec',
					`${(update?.state.startsWith('rollback') ?? false) ? 'Swarm has rolled back by itself, and remembers no earlier spec since' : 'it was never updated, so Swarm remembers no earlier spec'}: it is rolled to an image instead, ${toImage}, with its other settings as they are`,
				)
			: target.isPrevious
				? finding('fine', 'previous spec', `${toImage} is what Swarm remembers: the whole spec is put back`)
				: finding('fine', 'previous spec', `what Swarm remembers is on another image (${text(markOf(previous).image) ?? '?'}): only the image is changed`),
	];
}

function taskFindings({ service, tasks, nodes }: SwarmFindingParts): RolloutFinding[] {
	const wanted = wantedOf(service, tasks);
	const { running, error } = tally(tasks, wanted, (mark) => sameMark(mark, markOf(service.spec)));
	const words = `${running} of ${wanted} ${wanted === 1 ? 'task runs' : 'tasks run'} what the service asks for`;
	return [
		running >= wanted && wanted > 0 ? finding('fine', 'tasks', words) : finding('warn', 'tasks', wanted === 0 ? 'it is scaled to none: nothing will run that could prove the new version' : `${words}${error === undefined ? '' : ` (${error})`}`),
		...(nodes.down.length === 0 ? [] : [finding('warn', 'nodes', `${nodes.down.slice(0, 5).join(', ')} ${nodes.down.length === 1 ? 'does' : 'do'} not answer`)]),
		...(nodes.ready === 0 ? [finding('refuse', 'nodes', 'no node takes tasks')] : []),
	];
}

function wayFindings({ way, base, asked }: SwarmFindingParts): RolloutFinding[] {
	const shared = writablePaths(base);
	return [
		way.refused === undefined ? finding('fine', 'way', way.why) : finding('refuse', 'way', `both cannot run at once: ${way.refused}`),
		...(way.order === undefined ? [] : [finding('warn', 'update order', `the service's own setting becomes ${way.order} with this update`)]),
		...(way.way === 'start-first' && shared.length > 0 && asked ? [finding('warn', 'volumes', `old and new tasks write to ${shared.join(', ')} at the same time for a while`)] : []),
	];
}

function settingFindings({ service, target, base, gone }: SwarmFindingParts): RolloutFinding[] {
	const others = target.isPrevious ? otherChanges(service.spec, base) : [];
	return [
		...(others.length === 0 ? [] : [finding('warn', 'settings', `with the spec that Swarm remembers these are as they were too: ${others.join(', ')}`)]),
		...gone.map((what) => finding('refuse', what.split(' ')[0] ?? 'spec', `the spec to go back to needs the ${what}, which is gone`)),
	];
}

function wayBackFindings({ source, way }: SwarmFindingParts): RolloutFinding[] {
	const { failureAction, maxFailureRatio } = way.settings;
	return [
		...(source.moved ? [finding('warn', 'way back', `the name ${source.image} stands for another image by now: the way back is to ${source.reference}, and what Swarm itself goes back to would be the wrong one`)] : []),
		failureAction === 'rollback'
			? finding('fine', 'failure action', 'where a task fails Swarm rolls back by itself; it remembers no earlier spec after that')
			: failureAction === 'pause'
				? finding('fine', 'failure action', 'where a task fails Swarm pauses, and the old version is brought back from here')
				: finding('warn', 'failure action', `Swarm goes on where tasks fail${maxFailureRatio > 0 ? ', whatever its failure ratio says' : ''}: only afterwards is it brought back from here`),
	];
}
