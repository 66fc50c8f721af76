import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isOverride } from './override.ts';

/** The files that compose made a project from, as absolute paths; ours left out. */
export interface ProjectFiles {
	readonly project: string;
	readonly workingDir: string;
	readonly files: readonly string[];
	/** Files of variables that were named; `.env` in the folder is read by itself. */
	readonly envFiles: readonly string[];
}

const label = (name: string): string => `com.docker.compose.${name}`;

/** Names that can be no option of a program, and no other path. */
const plainName = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;

/** Of which service of which project a container is; `undefined` for those of no service, and for those of a single command (`run`). */
export function composeOwner(labels: Readonly<Record<string, string>>): { readonly project: string; readonly service: string } | undefined {
	const [project, service] = [labels[label('project')], labels[label('service')]];
	if (project === undefined || service === undefined || !plainName.test(project) || !plainName.test(service) || labels[label('oneoff')]?.toLowerCase() === 'true') {
		return undefined;
	}
	return { project, service };
}

/** What compose wrote of its files on a container; `undefined` where it did not. Older versions wrote them as they were typed. */
export function projectFiles(labels: Readonly<Record<string, string>>): ProjectFiles | undefined {
	const project = labels[label('project')];
	const workingDir = labels[label('project.working_dir')];
	const files = filesNamed(labels).filter((file) => !isOverride(file));
	if (project === undefined || workingDir === undefined || !workingDir.startsWith('/') || files.length === 0) {
		return undefined;
	}
	return { project, workingDir, files, envFiles: paths(labels[label('project.environment_file')], workingDir) };
}

/** Every file that a container of compose was made from, ours too. */
export function filesNamed(labels: Readonly<Record<string, string>>): readonly string[] {
	return paths(labels[label('project.config_files')], labels[label('project.working_dir')]);
}

function paths(value: string | undefined, workingDir: string | undefined): readonly string[] {
	return (value ?? '').split(',').filter((path) => path !== '').map((path) => resolve(workingDir ?? '/', path));
}

export const replicaNumber = (labels: Readonly<Record<string, string>>): number => Number(labels[label('container-number')] ?? 1) || 1;

export const configHash = (labels: Readonly<Record<string, string>>): string | undefined => labels[label('config-hash')];

/** Those of its files that cannot be read here. */
export async function unreadable(files: ProjectFiles): Promise<readonly string[]> {
	const readable = async (path: string) => access(path, constants.R_OK).then(() => true, () => false);
	const all = [...files.files, ...files.envFiles];
	const answers = await Promise.all(all.map(readable));
	return all.filter((_, index) => answers[index] !== true);
}
