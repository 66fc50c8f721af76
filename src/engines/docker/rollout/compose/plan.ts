import { createHash } from 'node:crypto';
import type { RolloutPlan, RolloutPlanOptions } from '../../../../domain/rollout.ts';
import { fields, list, number, stringMap, text } from '../../narrow.ts';
import { configChanges } from '../changes.ts';
import { mergeDefaults } from '../mergeDefaults.ts';
import { proofOf, proofWords } from '../proof.ts';
import { parseReference, shortImage } from '../reference.ts';
import { userSet } from '../userSet.ts';
import { swapActs, undoActs, type ComposeActWords } from './acts.ts';
import { subjectId, type ComposeData } from './data.ts';
import type { ComposeFacts } from './facts.ts';
import { composePreflight } from './findings.ts';
import { chooseMode, type ChosenMode } from './mode.ts';
import type { Replica } from './replicas.ts';

/** Stop, create and start of a small container by compose, measured; ms. */
const replaceMs = 500;
/** The same where compose is started only once the old one is gone, measured; ms. */
const removeAndMakeMs = 1500;
const defaultStopSeconds = 10;

/** Works a plan out from what the engine and compose tell. Pure. @param at epoch ms, makes the plan's id its own */
export function makeComposePlan(facts: ComposeFacts, toReference: string, at: number, options: RolloutPlanOptions): RolloutPlan {
	const { project, service, replicas, first } = facts;
	const name = `${project}/${service}`;
	const toImageId = text(first.toImage?.['Id']) ?? '';
	const old = replicas.filter(({ imageId }) => imageId !== toImageId);
	const shown = old[0] ?? replicas[0];
	const config = fields(shown?.container['Config']);
	const from = { image: shown?.image ?? '', imageId: shown?.imageId ?? '' };
	const set = userSet(shown?.container ?? {}, fields(first.fromImage?.['Config']));
	const after = mergeDefaults(set, fields(first.toImage?.['Config']));
	const proof = proofOf(after, options);
	const chosen = chooseMode(facts);
	const refusedWay = options.way === 'start-first' ? 'compose cannot make a new one beside the old one and have it take its place' : undefined;
	const words: ComposeActWords = {
		name,
		tool: facts.tool.name,
		fromImage: from.image,
		toImage: toReference,
		override: facts.override,
		proof: proofWords(proof),
		wasRunning: replicas.some(({ running }) => running),
		scale: replicas.length,
		old: old.map((one) => one.name),
	};
	const ownImage = facts.model?.image ?? facts.imageLine?.image;
	const data: ComposeData = {
		format: 1,
		kind: 'compose',
		service,
		files: facts.files,
		override: facts.override,
		mode: chosen.mode,
		scale: replicas.length,
		old: old.map(({ id, name, running }) => ({ id, name, running })),
		already: replicas.filter(({ imageId }) => imageId === toImageId).map(({ id }) => id),
		carried: chosen.carried,
		neverPull: facts.model?.pulls === true,
		...(ownImage === undefined || ownImage === toReference ? {} : { ownImage }),
		proof,
		stopSeconds: number(config['StopTimeout']) ?? defaultStopSeconds,
	};
	return {
		id: createHash('sha256').update(`${replicas.map(({ id }) => id).join(' ')} ${toImageId} ${at}`).digest('hex').slice(0, 8),
		subject: { id: subjectId(project, service), name },
		from,
		to: { image: toReference, imageId: toImageId },
		way: 'stop-first',
		wayWhy: chosen.why,
		changes: first.toImage === undefined ? [] : [{ field: 'image', before: imageWords(from.image, from.imageId), after: imageWords(toReference, toImageId) }, ...configChanges(withoutCompose(config), withoutCompose(after))],
		kept: keptWords(facts, chosen),
		lost: lostWords(facts, chosen, from),
		downtime: downtime(chosen, replicas),
		findings: composePreflight({ ...facts, toReference, chosen, refusedWay }),
		acts: swapActs(chosen.mode, words),
		undoActs: undoActs(chosen.mode, words),
		proof: words.proof,
		data: fields(JSON.parse(JSON.stringify(data))),
	};
}

/** What compose writes on containers for itself changes each time. */
function withoutCompose(config: ReturnType<typeof fields>): ReturnType<typeof fields> {
	return { ...config, Labels: Object.fromEntries(Object.entries(stringMap(config['Labels'])).filter(([key]) => !key.startsWith('com.docker.compose.'))) };
}

const imageWords = (image: string, id: string): string => (parseReference(image) === undefined ? shortImage(id) : `${image} (${shortImage(id)})`);

function keptWords({ replicas, files, tool }: ComposeFacts, { mode }: ChosenMode): readonly string[] {
	const mounts = list(replicas[0]?.container['Mounts']).length;
	return [
		`all that ${files.files.join(', ')} say, but the image`,
		`the containers stay compose's own: ${tool.name} sees and moves them as before`,
		...(mounts === 0 ? [] : [`${mounts} ${mounts === 1 ? 'mount with its data' : 'mounts with their data'}${mode === 'together' ? ', also volumes without a name' : ''}`]),
		...(replicas.length === 1 ? [] : [`${replicas.length} containers`]),
	];
}

function lostWords({ first, files }: ComposeFacts, { mode }: ChosenMode, from: RolloutPlan['from']): readonly string[] {
	const { written } = first;
	return [
		`the old container${mode === 'each' ? 's, each as its turn comes' : ''}, at once: compose keeps none aside. The way back is a new one made from ${from.image} and ${files.files.join(', ')}`,
		'its log as the engine keeps it',
		...(written === undefined ? ['what it wrote beside its volumes'] : written.length === 0 ? [] : [`${written.length} ${written.length === 1 ? 'file' : 'files'} it wrote beside its volumes: ${written.slice(0, 5).join(', ')}${written.length > 5 ? ', …' : ''}`]),
	];
}

function downtime({ mode }: ChosenMode, replicas: readonly Replica[]): RolloutPlan['downtime'] {
	const running = replicas.filter((one) => one.running).length;
	if (running === 0) {
		return { expectedMs: 0, basis: 'it does not run now' };
	}
	if (mode === 'each' && running > 1) {
		return { expectedMs: 0, basis: 'the others answer while one is replaced; requests that the one under way has open are cut by its stop' };
	}
	const rest = 'beyond it what the service takes to stop and to start';
	return mode === 'each'
		? { expectedMs: removeAndMakeMs, basis: `compose is started after the old one is gone, about ${removeAndMakeMs} ms; ${rest}` }
		: { expectedMs: replaceMs, basis: `compose's own stop, creation and start, about ${replaceMs} ms; ${rest}` };
}
