import { createHash } from 'node:crypto';
import { fields, isFields, number, stringMap, text, time, type Fields } from '../../narrow.ts';

/** How the newest change of a service stands; the cluster's own words. */
export interface UpdateStatus {
	/** `updating`, `paused`, `completed`, `rollback_started`, `rollback_paused`, `rollback_completed`. */
	readonly state: string;
	readonly message: string;
	/** Epoch ms. */
	readonly startedAt?: number;
}

/** A service as the cluster describes it. */
export interface SwarmService {
	readonly id: string;
	/** Whole, with its stack's name in front. */
	readonly name: string;
	/** Its stack. */
	readonly group?: string;
	/** Within its stack. */
	readonly shortName: string;
	readonly version: number;
	readonly spec: Fields;
	/** What it was before its newest change; gone after a rollback that the cluster did by itself. */
	readonly previous?: Fields;
	readonly update?: UpdateStatus;
}

export function readService(reply: Fields): SwarmService | undefined {
	const spec = fields(reply['Spec']);
	const [id, name, version] = [text(reply['ID']), text(spec['Name']), number(fields(reply['Version'])['Index'])];
	if (id === undefined || name === undefined || version === undefined) {
		return undefined;
	}
	const group = stringMap(spec['Labels'])['com.docker.stack.namespace'];
	const shortName = group !== undefined && name.startsWith(`${group}_`) ? name.slice(group.length + 1) : name;
	const status = fields(reply['UpdateStatus']);
	const [state, startedAt] = [text(status['State']), time(status['StartedAt'])];
	return {
		id,
		name,
		...(group === undefined ? {} : { group }),
		shortName,
		version,
		spec,
		...(isFields(reply['PreviousSpec']) ? { previous: reply['PreviousSpec'] } : {}),
		...(state === undefined ? {} : { update: { state, message: text(status['Message']) ?? '', ...(startedAt === undefined ? {} : { startedAt }) } }),
	};
}

export const templateOf = (spec: Fields): Fields => fields(spec['TaskTemplate']);
export const containerOf = (spec: Fields): Fields => fields(templateOf(spec)['ContainerSpec']);

/** By what tasks of one version are told from those of another: `ForceUpdate` counts where a name stands for another image than before. */
export interface Mark {
	readonly image: string;
	readonly force: number;
}

export const markOf = (spec: Fields): Mark => markOfTemplate(templateOf(spec));

export function markOfTemplate(template: Fields): Mark {
	return { image: text(fields(template['ContainerSpec'])['Image']) ?? '', force: number(template['ForceUpdate']) ?? 0 };
}

export const sameMark = (a: Mark, b: Mark): boolean => a.image === b.image && a.force === b.force;

export type Mode = { readonly kind: 'replicated'; readonly replicas: number } | { readonly kind: 'global' } | { readonly kind: 'other'; readonly name: string };

export function modeOf(spec: Fields): Mode {
	const mode = fields(spec['Mode']);
	if (isFields(mode['Replicated'])) {
		return { kind: 'replicated', replicas: number(mode['Replicated']['Replicas']) ?? 1 };
	}
	return isFields(mode['Global']) ? { kind: 'global' } : { kind: 'other', name: Object.keys(mode)[0] ?? 'unknown' };
}

/** Ports that are taken on the node itself. */
export function hostPorts(spec: Fields): readonly string[] {
	return portsOf(spec).filter((port) => port['PublishMode'] === 'host' && number(port['PublishedPort']) !== undefined).map((port) => `${number(port['PublishedPort']) ?? 0}/${text(port['Protocol']) ?? 'tcp'}`);
}

export function portsOf(spec: Fields): readonly Fields[] {
	const ports = fields(spec['EndpointSpec'])['Ports'];
	return Array.isArray(ports) ? ports.filter(isFields) : [];
}

/** The spec on another image, all else as it is. */
export function withMark(spec: Fields, mark: Mark): Fields {
	return { ...spec, TaskTemplate: { ...templateOf(spec), ContainerSpec: { ...containerOf(spec), Image: mark.image }, ForceUpdate: mark.force } };
}

export function withOrder(spec: Fields, order: string): Fields {
	const config = fields(spec['UpdateConfig']);
	// With no settings of its own it is one task after the other; a setting without that figure means all at once.
	return { ...spec, UpdateConfig: { ...(isFields(spec['UpdateConfig']) ? config : { Parallelism: 1 }), Order: order } };
}

/** Tells two specs apart without keeping what is in them: an environment may hold secrets. */
export const fingerprint = (spec: Fields): string => createHash('sha256').update(JSON.stringify(inOrder(spec))).digest('hex');

function inOrder(value: unknown): unknown {
	if (Array.isArray(value)) {
		return value.map(inOrder);
	}
	return isFields(value) ? Object.fromEntries(Object.keys(value).sort().map((key) => [key, inOrder(value[key])])) : value;
}
