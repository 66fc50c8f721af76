import { EngineError } from '../../../../domain/engine.ts';
import type { Fields } from '../../narrow.ts';
import type { SwarmData } from './data.ts';
import { fingerprint, markOf, sameMark, withMark, withOrder, type SwarmService } from './service.ts';
import { rollbackSettings, updateSettings } from './settings.ts';

/** What the cluster is sent. */
export interface Move {
	readonly spec: Fields;
	/** It is told to put back what it remembers. */
	readonly back: boolean;
}

/** What takes a service to the new version; `undefined` where it is there already. @throws EngineError of kind `conflict` where it is not what was planned for */
export function moveForth(service: SwarmService, data: SwarmData): Move | undefined {
	const { spec, previous } = service;
	const mark = markOf(spec);
	if (sameMark(mark, data.toMark)) {
		// Sent again, a paused update is taken up where it stands.
		return service.update?.state === 'paused' ? { spec, back: false } : undefined;
	}
	if (!sameMark(mark, data.fromMark)) {
		throw changed(service);
	}
	if (data.base === 'now') {
		const next = withMark(spec, data.toMark);
		return { spec: data.order === undefined ? next : withOrder(next, data.order), back: false };
	}
	if (previous === undefined || fingerprint(previous) !== data.previousPrint) {
		throw new EngineError('conflict', `Swarm does not remember the spec of ${service.name} that was planned for any more`, { advice: 'Plan it again.' });
	}
	if (data.call === 'rollback') {
		return { spec, back: true };
	}
	const next = { ...previous, Mode: spec['Mode'] };
	return { spec: data.order === undefined ? next : withOrder(next, data.order), back: false };
}

/** What takes it to the old version; `undefined` where it is there, or on its way, already. @throws EngineError of kind `conflict` where it is on neither */
export function moveBack(service: SwarmService, data: SwarmData): Move | undefined {
	const { spec, previous, update } = service;
	const mark = markOf(spec);
	if (isOld(service, data)) {
		return update?.state === 'paused' || update?.state === 'rollback_paused' ? { spec, back: false } : undefined;
	}
	if (!sameMark(mark, data.toMark)) {
		throw changed(service);
	}
	// By its name alone Swarm would bring what stands under that name now.
	const remembered = previous !== undefined && fingerprint(previous) === data.fromPrint && data.backMark.image === data.fromMark.image;
	if (!remembered) {
		const next = withMark(spec, data.backMark);
		return { spec: updateSettings(spec).order === data.fromOrder ? next : withOrder(next, data.fromOrder), back: false };
	}
	// Half way, Swarm's own rollback keeps the old tasks that still run; afterwards it may be harder on the service than an update.
	const settled = update === undefined || update.state === 'completed' || update.state === 'rollback_completed';
	return !settled || rollbackSettings(previous).order === updateSettings(previous).order ? { spec, back: true } : { spec: previous, back: false };
}

/** Without what the cluster tells of a change before this one. */
export function ownStatus(service: SwarmService, data: SwarmData): SwarmService {
	if (service.update === undefined || service.update.startedAt !== data.lastChangeAt || !isOld(service, data)) {
		return service;
	}
	const { update: _, ...rest } = service;
	return rest;
}

export const isOld = ({ spec }: SwarmService, { fromMark, backMark }: SwarmData): boolean => sameMark(markOf(spec), fromMark) || sameMark(markOf(spec), backMark);

const changed = ({ name, spec }: SwarmService): EngineError => new EngineError('conflict', `${name} is not what was planned for any more: it is set to ${markOf(spec).image}`, { advice: 'Somebody else has changed it. Plan it again.' });
