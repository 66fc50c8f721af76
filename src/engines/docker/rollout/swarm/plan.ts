import { createHash } from 'node:crypto';
import type { RolloutPlan, RolloutPlanOptions } from '../../../../domain/rollout.ts';
import { fields, number, type Fields } from '../../narrow.ts';
import { defaultSteadyMs, proofOf, seconds } from '../proof.ts';
import { parseReference, shortImage } from '../reference.ts';
import { swarmActs, swarmUndoActs, type SwarmActWords } from './acts.ts';
import { effectiveConfig, specChanges } from './changes.ts';
import type { SwarmData } from './data.ts';
import type { SwarmFacts } from './facts.ts';
import { subjectPrefix } from './find.ts';
import { swarmPreflight } from './findings.ts';
import { containerOf, fingerprint, markOf, modeOf, withMark, type SwarmService } from './service.ts';
import { allAtOnce, settingsWords, updateSettings, type MoveSettings } from './settings.ts';
import { serves, wantedOf } from './tasks.ts';
import { chooseSwarmWay } from './way.ts';

/** Stop and start of one small task, measured; ms. Swarm waits for 2 s between taking a task off its addresses and stopping it (moby, defaultGossipConvergeDelay). */
const stopAndStartMs = 3500;
const marginMs = 15_000;
const mostMs = 3_600_000;

/** Works a plan out from what the cluster tells. Pure. @param at epoch ms, makes the plan's id its own */
export function makeSwarmPlan(facts: SwarmFacts, toImage: string, at: number, options: RolloutPlanOptions): RolloutPlan {
	const { service, tasks, source, target } = facts;
	const { spec, previous } = service;
	const fromMark = markOf(spec);
	const remembered = target.isPrevious ? previous : undefined;
	// The same name for another image changes no spec: without a new figure here Swarm would leave the tasks alone.
	const toMark = remembered === undefined ? { image: target.reference, force: fromMark.force + (target.reference === fromMark.image ? 1 : 0) } : markOf(remembered);
	const base = remembered ?? withMark(spec, toMark);
	const way = chooseSwarmWay(base, remembered !== undefined && sameMode(service, base), options.way);
	const wanted = wantedOf(service, tasks);
	const ranBefore = new Set(tasks.filter(serves).map(({ place }) => place)).size;
	const gap = way.way === 'stop-first' && allAtOnce(way.settings, wanted);
	const proof = proofOf(effectiveConfig(base, target.found), { ...options, steadyMs: options.steadyMs ?? defaultSteadyMs });
	const words: SwarmActWords = { name: service.name, fromImage: source.image, toImage, tasks: wanted, gap, way: way.way, call: way.call, wasRunning: ranBefore > 0, settings: settingsWords(way.settings) };
	const data: SwarmData = {
		format: 1,
		serviceId: service.id,
		base: remembered === undefined ? 'now' : 'previous',
		call: way.call,
		fromMark,
		toMark,
		backMark: { image: source.reference, force: fromMark.force + (toMark.force > fromMark.force ? 2 : 0) },
		fromPrint: fingerprint(spec),
		...(previous === undefined ? {} : { previousPrint: fingerprint(previous) }),
		...(way.order === undefined ? {} : { order: way.order }),
		fromOrder: updateSettings(spec).order,
		ranBefore,
		...(service.update?.startedAt === undefined ? {} : { lastChangeAt: service.update.startedAt }),
		withinMs: options.proveWithinMs ?? withinMs(way.settings, wanted, proof.withinMs, base),
		probeWithinMs: proof.withinMs,
		// The cluster watches each task for a while already.
		holdMs: proof.kind === 'health' ? 0 : Math.max(0, proof.steadyMs - way.settings.monitorMs),
	};
	return {
		id: createHash('sha256').update(`${service.id} ${toMark.image} ${at}`).digest('hex').slice(0, 8),
		subject: { id: `${subjectPrefix}${service.id}`, name: service.name },
		from: { image: source.image, imageId: source.imageId },
		to: { image: toImage, imageId: target.imageId },
		way: way.way,
		wayWhy: way.why,
		changes: [{ field: 'image', before: imageWords(source.image, source.imageId), after: imageWords(target.reference, target.imageId) }, ...specChanges({ spec, image: source.found }, { spec: base, image: target.found })],
		kept: keptWords(remembered !== undefined, wanted, modeOf(spec).kind),
		lost: ['the logs of the old tasks, and what they wrote beside their volumes, once Swarm clears its history of tasks'],
		downtime: downtime(way.way, gap, ranBefore, way.settings),
		findings: swarmPreflight({ ...facts, toImage, way, base, asked: options.way !== undefined }),
		acts: swarmActs(words),
		undoActs: swarmUndoActs(words),
		proof: `${wanted} of ${wanted} ${wanted === 1 ? 'task runs' : 'tasks run'} it${proof.kind === 'health' ? ' healthy' : ''} within ${seconds(data.withinMs)}: ${words.settings}`,
		data: plainJson(data),
	};
}

/** Scaling is no part of a version: where it differs, the number of tasks stays as it is now. */
function sameMode({ spec }: SwarmService, base: Fields): boolean {
	const [now, then] = [modeOf(spec), modeOf(base)];
	return now.kind === then.kind && (now.kind !== 'replicated' || then.kind !== 'replicated' || now.replicas === then.replicas);
}

/** Batch after batch, each as long as it takes to stop and to prove a task, and the watch over the last one. */
function withinMs(settings: MoveSettings, tasks: number, oneMs: number, spec: Fields): number {
	const batches = settings.parallelism === 0 ? 1 : Math.max(1, Math.ceil(tasks / settings.parallelism));
	const graceMs = (number(containerOf(spec)['StopGracePeriod']) ?? 10e9) / 1e6;
	return Math.min(mostMs, batches * (oneMs + graceMs + settings.delayMs) + settings.monitorMs + marginMs);
}

const imageWords = (image: string, id: string): string => (parseReference(image) === undefined || id === '' ? image : `${image.replace(/@.*/, '')} (${shortImage(id)})`);

/** A plan stands in a journal: what cannot stand there must not be in it. */
const plainJson = (data: SwarmData): Readonly<Record<string, unknown>> => fields(JSON.parse(JSON.stringify(data)));

function keptWords(whole: boolean, tasks: number, mode: string): readonly string[] {
	return [
		mode === 'global' ? 'one task on each node' : `${tasks} ${tasks === 1 ? 'replica' : 'replicas'}`,
		'the service with its id, name and address, and its volumes with their data',
		whole ? 'all settings that are the same in the spec that Swarm remembers' : 'every setting of the service but its image',
	];
}

function downtime(way: RolloutPlan['way'], gap: boolean, ranBefore: number, settings: MoveSettings): RolloutPlan['downtime'] {
	if (ranBefore === 0) {
		return { expectedMs: 0, basis: 'none of its tasks runs now' };
	}
	if (way === 'start-first') {
		return { expectedMs: 0, basis: 'each new task runs before its old one is stopped' };
	}
	return gap
		? { expectedMs: stopAndStartMs, basis: `all tasks are stopped before a new one runs: about ${stopAndStartMs} ms in Swarm, and what the service takes to stop and to start` }
		: { expectedMs: 0, basis: `${settings.parallelism} of ${ranBefore} tasks at a time, the others answer` };
}
