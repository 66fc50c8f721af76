import type { RolloutFinding } from '../../../../domain/rollout.ts';
import { fields, text } from '../../narrow.ts';
import { preflight } from '../findings.ts';
import { shortImage } from '../reference.ts';
import type { ComposeFacts } from './facts.ts';
import type { ChosenMode } from './mode.ts';

export interface ComposeFindingParts extends ComposeFacts {
	readonly toReference: string;
	readonly chosen: ChosenMode;
	/** Set where another way was asked for than is possible. */
	readonly refusedWay: string | undefined;
}

const finding = (level: RolloutFinding['level'], what: string, why: string): RolloutFinding => ({ level, what, why });

/** The preflight of a compose service. Pure. */
export function composePreflight(parts: ComposeFindingParts): readonly RolloutFinding[] {
	return [...imageFindings(parts), ...fileFindings(parts), ...reachFindings(parts), ...driftFindings(parts), ...nextUpFindings(parts), ...wayFindings(parts), ...replicaFindings(parts), ...dependentFindings(parts), ...engineFindings(parts)];
}

/** What is true of any container is said by the same rules; what stands otherwise here is left out, and said on its own. */
const saidHere = new Set(['image', 'owner', 'way', 'written files', 'name']);

function engineFindings({ first, toReference, chosen }: ComposeFindingParts): readonly RolloutFinding[] {
	const attachments: readonly never[] = [];
	const found = preflight({ ...first, toReference, attachments, rebound: [], way: { way: 'stop-first', why: chosen.why } });
	return found.filter(({ what }) => !saidHere.has(what));
}

function imageFindings({ first, replicas, toReference }: ComposeFindingParts): readonly RolloutFinding[] {
	const id = text(first.toImage?.['Id']);
	if (id === undefined) {
		return [finding('refuse', 'image', `${toReference} is not on this engine: fetch it first`)];
	}
	if (replicas.every(({ imageId }) => imageId === id)) {
		return [finding('refuse', 'image', `${toReference} is what runs already (${shortImage(id)}): nothing would change`)];
	}
	const differing = new Set(replicas.map(({ imageId }) => imageId));
	const platform = (image: unknown) => ['Os', 'Architecture'].map((part) => text(fields(image)[part]) ?? '?').join('/');
	const same = first.fromImage === undefined || platform(first.fromImage) === platform(first.toImage);
	return [
		same ? finding('fine', 'image', `${toReference} is there (${shortImage(id)})`) : finding('warn', 'image', `it is made for ${platform(first.toImage)}, and what runs is for ${platform(first.fromImage)}`),
		...(differing.size > 1 ? [finding('warn', 'replicas', `they run different images: ${replicas.map(({ name, image, imageId }) => `${name} ${image} (${shortImage(imageId)})`).join(', ')}; taken back, all that were moved run the first of them`)] : []),
	];
}

function fileFindings({ files, broken, model, service, unset, drift, replicas }: ComposeFindingParts): readonly RolloutFinding[] {
	if (broken !== undefined) {
		return [finding('refuse', 'files', `compose cannot read ${files.files.join(', ')}: ${broken}`)];
	}
	if (model === undefined) {
		return [finding('refuse', 'files', `${service} is not among the services in ${files.files.join(', ')} (it may belong to a profile)`)];
	}
	// A variable that is missing now and was there before would be left empty, which may be a password.
	const unsetLevel = drift === undefined ? 'fine' : 'refuse';
	return [
		finding('fine', 'files', `compose reads ${files.files.join(', ')} without complaint`),
		...(unset.length === 0 ? [] : [finding(unsetLevel, 'variables', unsetLevel === 'fine' ? `${unset.join(', ')}: not set, and not set before` : `the files ask for ${unset.join(', ')}, which is not set here: compose would leave it empty. Put it into ${files.workingDir}/.env, or set it and plan again`)]),
		...(model.builds ? [finding('fine', 'build', 'the files tell how to build its image: nothing is built, the image that was chosen is taken')] : []),
		...(model.scale === replicas.length ? [] : [finding('warn', 'scale', `${replicas.length} containers are there and the files ask for ${model.scale}: ${replicas.length} are kept, and the next \`up\` without --scale makes it ${model.scale}`)]),
	];
}

function reachFindings({ tool, seen, unseen, replicas }: ComposeFindingParts): readonly RolloutFinding[] {
	const version = `${tool.name} ${tool.version}`;
	if (seen === undefined) {
		return [finding('refuse', 'compose', `${version} does not get to this engine: ${unseen ?? ''}`)];
	}
	const missing = replicas.filter(({ id }) => !seen.some((one) => id.startsWith(one)));
	return [missing.length === 0 ? finding('fine', 'compose', `${version} sees ${replicas.length === 1 ? 'its container' : `all ${replicas.length} containers`}`) : finding('refuse', 'compose', `${version} does not see ${missing.map(({ name }) => name).join(', ')}: it may speak to another engine`)];
}

function driftFindings({ drift, model }: ComposeFindingParts): readonly RolloutFinding[] {
	if (model === undefined) {
		return [];
	}
	if (drift === undefined) {
		return [finding('fine', 'changed files', 'the files say what the containers were made from: only the image changes')];
	}
	return [finding('warn', 'changed files', `the files were changed since the containers were made, and that comes into force too: ${drift.length === 0 ? 'what it is cannot be named' : drift.join(', ')}`)];
}

function nextUpFindings({ imageLine, files, service, toReference, override, model }: ComposeFindingParts): readonly RolloutFinding[] {
	const withOurs = `or run it with \`${[...files.files, override].map((file) => `-f ${file}`).join(' ')}\``;
	if (imageLine !== undefined && imageLine.image === toReference) {
		return [finding('fine', 'next up', `${imageLine.file} names ${toReference} already`)];
	}
	const where = imageLine === undefined ? `write \`image: ${toReference}\` under \`services: ${service}:\` in ${files.files.at(-1) ?? ''}` : `in ${imageLine.file}, line ${imageLine.line}, write \`image: ${toReference}\` instead of \`image: ${imageLine.image}\``;
	return [finding('warn', 'next up', `the next \`up\` that is not ours goes back to ${imageLine?.image ?? model?.image ?? 'the image that the files build'}. To stay with this version: ${where}, ${withOurs}`)];
}

function wayFindings({ chosen, refusedWay, replicas, tool }: ComposeFindingParts): readonly RolloutFinding[] {
	const numbers = replicas.map(({ number }) => number);
	const highest = Math.max(...numbers);
	const renumbered = chosen.mode === 'each' && replicas.length > 1 ? [finding('warn', 'numbers', `compose numbers those it makes on: they will not be called ${replicas.map(({ name }) => name).join(', ')}, but end in ${highest} or more`)] : [];
	const way = refusedWay ?? chosen.refused;
	const carried = chosen.carried.map((path) => finding('warn', `volume ${path}`, `it has no name, and ${tool.name} ${tool.version} keeps it only because our file names its path. An \`up\` without our file begins with an empty one: give it a name in the project's file`));
	return [way === undefined ? finding('fine', 'way', chosen.why) : finding('refuse', 'way', way), ...renumbered, ...carried];
}

function replicaFindings({ replicas, first }: ComposeFindingParts): readonly RolloutFinding[] {
	const stopped = replicas.filter(({ running }) => !running);
	const aside = replicas.filter(({ name }) => /^[0-9a-f]{12}_/.test(name));
	const { written } = first;
	return [
		...(stopped.length === 0 ? [] : [finding('warn', 'stopped', `${stopped.map(({ name }) => name).join(', ')} ${stopped.length === 1 ? 'does' : 'do'} not run: compose starts what it makes`)]),
		...(aside.length === 0 ? [] : [finding('refuse', 'name', `an earlier \`up\` was cut off (${aside.map(({ name }) => name).join(', ')}): settle that first, with \`up\` or \`rm\``)]),
		written === undefined
			? finding('warn', 'written files', 'what it wrote beside its volumes could not be listed in time; compose keeps no old container, so that it is lost at once')
			: written.length > 0
				? finding('warn', 'written files', `it wrote ${written.length} ${written.length === 1 ? 'file' : 'files'} beside its volumes, such as ${written[0] ?? ''}: compose keeps no old container, so that they are lost at once`)
				: finding('fine', 'written files', 'it wrote nothing beside its volumes'),
	];
}

function dependentFindings({ model }: ComposeFindingParts): readonly RolloutFinding[] {
	return model === undefined || model.dependents.length === 0 ? [] : [finding('fine', 'dependents', `${model.dependents.join(', ')}: left as they are, and not restarted`)];
}
