import { createHash } from 'node:crypto';
import type { RolloutPlan, RolloutPlanOptions } from '../../../domain/rollout.ts';
import { fields, list, number, strings, text, type Fields } from '../narrow.ts';
import { swapActs, undoActs, type ActWords } from './acts.ts';
import { nameOf } from './calls.ts';
import { configChanges } from './changes.ts';
import type { PlanData } from './data.ts';
import type { PlanFacts } from './facts.ts';
import { preflight } from './findings.ts';
import { healthOf, idOf, isRunning, policyName, policyOf, stateOf } from './look.ts';
import { mergeDefaults } from './mergeDefaults.ts';
import { attachments as readAttachments, isShared, type Attachment } from './networks.ts';
import { proofOf, proofWords } from './proof.ts';
import { parseReference, shortImage } from './reference.ts';
import { userSet } from './userSet.ts';
import { carryVolumes } from './volumes.ts';
import { chooseWay } from './way.ts';

/** Two renames, and what the engine needs between its own stop and start, measured; ms. */
const betweenMs = 60;
/** Stop and start of a small container on an idle engine, measured; ms. */
const stopAndStartMs = 400;
const defaultStopSeconds = 10;

/** Works a plan out from what the engine tells. Pure. @param at epoch ms, makes the plan's id its own */
export function makePlan(facts: PlanFacts, toReference: string, at: number, options: RolloutPlanOptions): RolloutPlan {
	const { container } = facts;
	const name = nameOf(container);
	const config = fields(container['Config']);
	const fromImageId = text(container['Image']) ?? '';
	const toImageId = text(facts.toImage?.['Id']) ?? '';
	const id = createHash('sha256').update(`${idOf(container)} ${toImageId} ${at}`).digest('hex').slice(0, 8);
	const mode = text(fields(container['HostConfig'])['NetworkMode']) ?? 'default';
	const networks = isShared(mode) ? [] : readAttachments(container, facts.apiVersion).map((one) => ({ ...one, id: facts.networks.get(one.name) ?? one.id }));
	const way = chooseWay(container, networks, options.way);
	const volumes = carryVolumes(container);
	const set = userSet(container, fields(facts.fromImage?.['Config']));
	const after = mergeDefaults(set, fields(facts.toImage?.['Config']));
	const proof = proofOf(after, options);
	const restartPolicy = policyOf(container);
	const from = { image: text(config['Image']) ?? fromImageId, imageId: fromImageId };
	const words: ActWords = {
		name,
		asideName: `${name}-sitrep-old-${id}`,
		freshName: `${name}-sitrep-new-${id}`,
		toImage: toReference,
		fromImage: from.image,
		proof: proofWords(proof),
		policy: policyName(restartPolicy),
		wasRunning: isRunning(container),
		moreNetworks: networks.some(({ primary }) => !primary) || (networks.length > 0 && !networks.some(({ primary }) => primary)),
		aliases: networks.some(({ aliases }) => aliases.length > 0),
	};
	const data: PlanData = {
		format: 1,
		oldId: idOf(container),
		name,
		asideName: words.asideName,
		freshName: words.freshName,
		wasRunning: words.wasRunning,
		restartPolicy,
		attachments: networks,
		proof,
		stopSeconds: number(config['StopTimeout']) ?? defaultStopSeconds,
	};
	return {
		id,
		subject: { id: idOf(container), name },
		from,
		to: { image: toReference, imageId: toImageId },
		way: way.way,
		wayWhy: way.why,
		changes: facts.toImage === undefined ? [] : [{ field: 'image', before: imageWords(from.image, fromImageId), after: imageWords(toReference, toImageId) }, ...configChanges(config, after)],
		kept: keptWords(set, container, volumes.rebound, networks),
		lost: lostWords(container, facts.written),
		downtime: downtime(way.way, container),
		findings: preflight({ ...facts, toReference, attachments: networks, rebound: volumes.rebound, way }),
		acts: swapActs(way.way, words),
		undoActs: undoActs(way.way, words),
		proof: words.proof,
		data: plainJson(data),
	};
}

const imageWords = (image: string, id: string): string => (parseReference(image) === undefined ? shortImage(id) : `${image} (${shortImage(id)})`);

/** A plan stands in a journal: what cannot stand there must not be in it. */
const plainJson = (data: PlanData): Readonly<Record<string, unknown>> => fields(JSON.parse(JSON.stringify(data)));

function keptWords(set: Fields, container: Fields, rebound: readonly { readonly path: string }[], networks: readonly Attachment[]): readonly string[] {
	const host = fields(container['HostConfig']);
	const count = (amount: number, one: string, many = `${one}s`) => (amount === 0 ? [] : [`${amount} ${amount === 1 ? one : many}`]);
	const mounts = list(container['Mounts']).length;
	return [
		'every limit, permission and option it was made with',
		...count(strings(set['Env']).length, 'variable that was set', 'variables that were set'),
		...count(Object.keys(fields(set['Labels'])).length, 'label that was set', 'labels that were set'),
		...count(mounts, 'mount with its data', 'mounts with their data'),
		...(rebound.length === 0 ? [] : [`volumes without a name: ${rebound.map(({ path }) => path).join(', ')}`]),
		...count(Object.keys(fields(host['PortBindings'])).length, 'published port'),
		...networks.map(({ name, aliases, address }) => `network ${name}${address === undefined ? '' : ` at ${address}`}${aliases.length === 0 ? '' : ` as ${aliases.join(', ')}`}`),
		`restart policy ${policyName(policyOf(container))}`,
	];
}

function lostWords(container: Fields, written: readonly string[] | undefined): readonly string[] {
	const tmpfs = Object.keys(fields(fields(container['HostConfig'])['Tmpfs']));
	return [
		'its log as the engine keeps it, once the old one is retired',
		...(written === undefined ? ['what it wrote beside its volumes'] : written.length === 0 ? [] : [`${written.length} ${written.length === 1 ? 'file' : 'files'} it wrote beside its volumes: ${written.slice(0, 5).join(', ')}${written.length > 5 ? ', …' : ''}`]),
		...(tmpfs.length === 0 ? [] : [`what lies in memory at ${tmpfs.join(', ')}`]),
	];
}

function downtime(way: 'start-first' | 'stop-first', container: Fields): RolloutPlan['downtime'] {
	if (!isRunning(container)) {
		return { expectedMs: 0, basis: `it does not run now (${text(stateOf(container)['Status']) ?? 'ended'})` };
	}
	if (way === 'start-first') {
		return { expectedMs: 0, basis: 'the new one answers before the old one goes; requests under way longer than 1 s may be cut' };
	}
	const proved = (healthOf(container) ?? 'none') === 'none' ? '' : ', and until it is healthy';
	return { expectedMs: stopAndStartMs + betweenMs, basis: `the engine's own stop and start (about ${stopAndStartMs} ms) and two renames; beyond it what the service takes to stop and to start${proved}` };
}
