import type { Connection } from '../../connection.ts';
import { composeErrorWords } from './errorWords.ts';
import { composeOwner, projectFiles, unreadable } from './project.ts';
import { composeTool } from './tool.ts';

/**
 * Why a container that compose made cannot be moved through its project's files; `undefined` where it can, or where
 * compose did not make it.
 */
export async function whyNotCompose(connection: Connection, labels: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<string | undefined> {
	const owner = composeOwner(labels);
	if (owner === undefined) {
		return undefined;
	}
	const files = projectFiles(labels);
	if (files === undefined) {
		return 'it does not say which files it was made from';
	}
	const missing = await unreadable(files);
	if (missing.length > 0) {
		return `${missing.join(', ')} cannot be read on this machine`;
	}
	const tool = await composeTool(connection);
	if (tool === undefined) {
		return 'neither `docker compose` nor `docker-compose` is on this machine';
	}
	if (connection.target.transport.kind === 'unix') {
		return undefined;
	}
	// Another machine's engine may be out of its reach, though it is within ours.
	const seen = await tool.containers(files, owner.service, signal);
	return seen.exitCode === 0 && seen.ids.length > 0 ? undefined : `${tool.name} does not see it on ${connection.target.address}: ${seen.exitCode === 0 ? 'it finds no container of it' : composeErrorWords(seen)}`;
}
