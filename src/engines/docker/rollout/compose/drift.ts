import { fields, list, strings, text, type Fields } from '../../narrow.ts';
import { variableName } from '../mergeDefaults.ts';
import { userSet } from '../userSet.ts';
import type { ServiceModel } from './model.ts';

/**
 * What of a running container is not as the project's files say now, by name: compose would change that too. Values are
 * left out, as some are secrets.
 * @param container the reply of `/containers/{id}/json`
 * @param image `Config` of its image
 */
export function driftNames(container: Fields, image: Fields, model: ServiceModel): readonly string[] {
	const set = userSet(container, image);
	const config = fields(container['Config']);
	const host = fields(container['HostConfig']);
	const variables = new Map(strings(set['Env']).map((entry) => [variableName(entry), entry.slice(variableName(entry).length + 1)]));
	const defaults = new Set(strings(image['Env']));
	const labels = new Map(Object.entries(fields(set['Labels'])).filter(([key]) => !key.startsWith('com.docker.compose.')));
	const imageLabels = fields(image['Labels']);
	const wantedVariables = [...model.environment].filter(([key, value]) => value !== undefined && !defaults.has(`${key}=${value}`));
	return [
		...differing(variables, new Map(wantedVariables), [...model.environment.keys()]).map((name) => `variable ${name}`),
		...differing(labels, new Map([...model.labels].filter(([key, value]) => imageLabels[key] !== value)), []).map((name) => `label ${name}`),
		...changed('command', bare(strings(set['Cmd']).join(' ')), bare(model.command)),
		...changed('entrypoint', bare(strings(set['Entrypoint']).join(' ')), bare(model.entrypoint)),
		...changed('user', text(set['User']), model.user),
		...changed('working folder', text(set['WorkingDir']), model.workingDir),
		...changed('restart policy', policyWords(fields(host['RestartPolicy'])), model.restart ?? 'no'),
		...mountsThat(config, container, model),
	];
}

/** @param passed names whose values come from the environment of whoever calls compose, so that nothing can be said of them */
function differing(now: ReadonlyMap<string, unknown>, wanted: ReadonlyMap<string, unknown>, passed: readonly string[]): readonly string[] {
	const unknown = new Set(passed.filter((name) => !wanted.has(name)));
	return [...new Set([...now.keys(), ...wanted.keys()])].filter((name) => !unknown.has(name) && now.get(name) !== wanted.get(name)).sort();
}

const changed = (what: string, now: string | undefined, wanted: string | undefined): readonly string[] => ((now ?? '') === (wanted ?? '') ? [] : [what]);

/** Quotes and the blanks between words are lost where a line is split. */
const bare = (words: string | undefined): string => (words ?? '').replace(/["'\s\\]+/g, ' ').trim();

function policyWords(policy: Fields): string {
	const name = text(policy['Name']) ?? 'no';
	const most = policy['MaximumRetryCount'];
	return name === 'on-failure' && typeof most === 'number' && most > 0 ? `${name}:${most}` : name;
}

function mountsThat(config: Fields, container: Fields, model: ServiceModel): readonly string[] {
	const declared = new Set(Object.keys(fields(config['Volumes'])));
	const now = list(container['Mounts']).flatMap((mount) => text(fields(mount)['Destination']) ?? []);
	const wanted = model.mounts.map((path) => path.replace(/(.)\/+$/, '$1'));
	return [...now.filter((path) => !wanted.includes(path) && !declared.has(path)), ...wanted.filter((path) => !now.includes(path))].sort().map((path) => `mount ${path}`);
}
