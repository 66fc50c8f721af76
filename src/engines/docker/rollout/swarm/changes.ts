import { isDeepStrictEqual } from 'node:util';
import type { RolloutChange } from '../../../../domain/rollout.ts';
import { fields, isFields, list, number, strings, text, type Fields } from '../../narrow.ts';
import { configChanges } from '../changes.ts';
import { mergeDefaults } from '../mergeDefaults.ts';
import { containerOf, modeOf, portsOf, templateOf } from './service.ts';

/** What a task's container comes to, in the words of a container's `Config`: the spec, completed by the image's defaults. */
export function effectiveConfig(spec: Fields, image: Fields | undefined): Fields {
	const container = containerOf(spec);
	const set: Fields = {
		Env: strings(container['Env']),
		Labels: fields(container['Labels']),
		...(list(container['Command']).length === 0 ? {} : { Entrypoint: container['Command'] }),
		Cmd: strings(container['Args']),
		WorkingDir: container['Dir'],
		User: container['User'],
		StopSignal: container['StopSignal'],
		...(isFields(container['Healthcheck']) ? { Healthcheck: container['Healthcheck'] } : {}),
	};
	return mergeDefaults(set, fields(image?.['Config']));
}

/** What differs between two specs on their images. Of an image that is not here only what the specs say is compared. */
export function specChanges(before: { readonly spec: Fields; readonly image: Fields | undefined }, after: { readonly spec: Fields; readonly image: Fields | undefined }): readonly RolloutChange[] {
	const both = before.image !== undefined && after.image !== undefined;
	const config = (side: typeof before) => effectiveConfig(side.spec, both ? side.image : undefined);
	return [
		...configChanges(config(before), config(after)),
		...entries('ports', published(before.spec), published(after.spec)),
		...entries('volumes', mounts(before.spec), mounts(after.spec)),
	];
}

/** Parts of a spec that differ and that no change has words for, such as `resources`. */
export function otherChanges(before: Fields, after: Fields): readonly string[] {
	const told = new Set(['Image', 'Env', 'Labels', 'Command', 'Args', 'Dir', 'User', 'StopSignal', 'Healthcheck', 'Mounts']);
	const differs = (a: Fields, b: Fields, leave: ReadonlySet<string>) => [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((key) => !leave.has(key) && !isDeepStrictEqual(a[key], b[key]));
	return [
		...differs(containerOf(before), containerOf(after), told),
		...differs(templateOf(before), templateOf(after), new Set(['ContainerSpec', 'ForceUpdate'])),
		...differs(before, after, new Set(['TaskTemplate', 'EndpointSpec', 'Mode', 'Name'])),
		...(modeOf(before).kind === modeOf(after).kind ? [] : ['Mode']),
	].map((key) => key.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase());
}

function published(spec: Fields): Readonly<Record<string, string>> {
	return Object.fromEntries(portsOf(spec).map((port) => [`${number(port['PublishedPort']) ?? 'any'}/${text(port['Protocol']) ?? 'tcp'}`, `to ${number(port['TargetPort']) ?? '?'}${port['PublishMode'] === 'host' ? ' on its node' : ''}`]));
}

function mounts(spec: Fields): Readonly<Record<string, string>> {
	return Object.fromEntries(list(containerOf(spec)['Mounts']).map(fields).map((mount) => [text(mount['Target']) ?? '', `${text(mount['Type']) ?? 'volume'} ${text(mount['Source']) ?? 'without a name'}${mount['ReadOnly'] === true ? ', read only' : ''}`]));
}

/** Paths that outlive a task and that it may write to. */
export function writablePaths(spec: Fields): readonly string[] {
	return list(containerOf(spec)['Mounts']).map(fields).filter((mount) => mount['ReadOnly'] !== true && mount['Type'] !== 'tmpfs').flatMap((mount) => text(mount['Target']) ?? []);
}

function entries(field: 'ports' | 'volumes', before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): RolloutChange[] {
	return [...new Set([...Object.keys(before), ...Object.keys(after)])]
		.filter((key) => before[key] !== after[key])
		.sort()
		.map((key) => ({ field, key, ...(before[key] === undefined ? {} : { before: before[key] }), ...(after[key] === undefined ? {} : { after: after[key] }) }));
}
