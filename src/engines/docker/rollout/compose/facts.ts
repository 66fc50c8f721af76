import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EngineError, type CallOptions } from '../../../../domain/engine.ts';
import { fields, text } from '../../narrow.ts';
import type { RolloutCalls } from '../calls.ts';
import { gatherFacts, type PlanFacts } from '../facts.ts';
import { freeBytesOf } from '../freeSpace.ts';
import { driftNames } from './drift.ts';
import { composeErrorWords, unsetVariables } from './errorWords.ts';
import { imageLine, type ImageLine } from './imageLine.ts';
import { readModel, type ServiceModel } from './model.ts';
import { overridePath, writeOverride } from './override.ts';
import { overrideFolder } from './overrideFolder.ts';
import { configHash, projectFiles, unreadable, type ProjectFiles } from './project.ts';
import { labelsOf, replicasOf, type Replica } from './replicas.ts';
import { composeTool, type ComposeTool } from './tool.ts';

/** Everything that a plan of a compose service is worked out from. */
export interface ComposeFacts {
	readonly project: string;
	readonly service: string;
	readonly tool: ComposeTool;
	readonly files: ProjectFiles;
	readonly override: string;
	readonly replicas: readonly Replica[];
	/** Of the first replica to be moved, the others of its service left out. */
	readonly first: PlanFacts;
	/** Absent where compose cannot read the files, or the service is not in them. */
	readonly model: ServiceModel | undefined;
	/** Why compose cannot read the files. */
	readonly broken: string | undefined;
	/** Variables that the files ask for and nobody set. */
	readonly unset: readonly string[];
	/** Ids that compose takes for the service's; absent where it failed, which `unseen` tells. */
	readonly seen: readonly string[] | undefined;
	readonly unseen: string | undefined;
	/** What is otherwise in the files than it is on the containers, by name; absent where nothing is. */
	readonly drift: readonly string[] | undefined;
	readonly imageLine: ImageLine | undefined;
}

/** @throws EngineError of kind `not-found` where there is no such service, `conflict` where its files or compose are not there */
export async function gatherComposeFacts(calls: RolloutCalls, project: string, service: string, toImage: string, call: CallOptions): Promise<ComposeFacts> {
	const replicas = await replicasOf(calls, project, service, call);
	const newest = replicas.at(-1);
	const toId = text((await calls.image(toImage, call))?.['Id']);
	const moved = replicas.find(({ imageId }) => imageId !== toId) ?? newest;
	if (newest === undefined || moved === undefined) {
		throw new EngineError('not-found', `compose made no container of ${project}/${service}`, { advice: 'Look at what is there with `docker ps -a`.' });
	}
	const { files, tool } = await means(calls, newest);
	const from = newest.image;
	const [first, config, ps, line, hash] = await Promise.all([
		gatherFacts(calls, { id: moved.id, name: moved.name }, toImage, async () => freeBytesOf(calls.connection, call), call),
		tool.config(files, [], call.signal),
		tool.containers(files, service, call.signal),
		imageLine(files.files, service),
		hashOf(tool, files, service, from, call.signal),
	]);
	call.signal?.throwIfAborted();
	const model = config.exitCode === 0 ? readModel(config.stdout, service) : undefined;
	const ids = new Set(replicas.map(({ id }) => id));
	return {
		project,
		service,
		tool,
		files,
		override: overridePath(overrideFolder(calls.connection), project, service),
		replicas,
		first: { ...first, others: first.others.filter((other) => !ids.has(text(other['Id']) ?? '')) },
		model,
		broken: config.exitCode !== 0 ? composeErrorWords(config) : hash.exitCode !== 0 ? `with our file beside them: ${composeErrorWords(hash)}` : undefined,
		unset: unsetVariables(config.stderr),
		seen: ps.exitCode === 0 ? ps.ids : undefined,
		unseen: ps.exitCode === 0 ? undefined : composeErrorWords(ps),
		drift: model === undefined ? undefined : await driftOf(calls, tool, newest, model, hash.hash, call),
		imageLine: line,
	};
}

/** @throws EngineError where it cannot be moved through compose any more */
async function means(calls: RolloutCalls, replica: Replica): Promise<{ readonly files: ProjectFiles; readonly tool: ComposeTool }> {
	const files = projectFiles(labelsOf(replica.container));
	const tool = await composeTool(calls.connection);
	const missing = files === undefined ? [] : await unreadable(files);
	if (files === undefined || tool === undefined || missing.length > 0) {
		const why = tool === undefined ? 'compose is not on this machine' : files === undefined ? 'it does not say which files it was made from' : `${missing.join(', ')} cannot be read`;
		throw new EngineError('conflict', `${replica.name} cannot be moved through compose: ${why}`, { advice: 'Bring the files back, or name the container alone.' });
	}
	return { files, tool };
}

/** With the image that runs, so that only what else would change tells in the hash. */
async function hashOf(tool: ComposeTool, files: ProjectFiles, service: string, image: string, signal: AbortSignal | undefined): ReturnType<ComposeTool['hash']> {
	const folder = await mkdtemp(join(tmpdir(), 'sitrep-compose-'));
	try {
		const path = join(folder, `${service}.sitrep.yaml`);
		await writeOverride(path, service, image);
		return await tool.hash(files, [path], service, signal);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** The first compose put the image's id into its hash: where the tag was moved since, the hash says nothing of the rest. */
async function driftOf(calls: RolloutCalls, tool: ComposeTool, replica: Replica, model: ServiceModel, hash: string | undefined, call: CallOptions): Promise<readonly string[] | undefined> {
	const written = configHash(labelsOf(replica.container));
	const comparable = hash !== undefined && written !== undefined && (!tool.isFirst || text((await calls.image(replica.image, call))?.['Id']) === replica.imageId);
	if (comparable && hash === written) {
		return undefined;
	}
	const names = driftNames(replica.container, fields((await calls.image(replica.imageId, call))?.['Config']), model);
	return comparable || names.length > 0 ? names : undefined;
}

