import { fields, isFields, list, strings, stringMap, text, number, type Fields } from '../narrow.ts';

/** Name of a variable in `NAME=value`, or in the bare `NAME` that unsets one. */
export const variableName = (entry: string): string => entry.split('=', 1)[0] ?? entry;

/**
 * What a container's configuration comes to: what was set, completed by the image's defaults as the engine does it
 * (moby, daemon/commit.go, `merge`; a health check by its parts).
 */
export function mergeDefaults(set: Fields, image: Fields): Fields {
	const names = new Set(strings(set['Env']).map(variableName));
	const merged: Record<string, unknown> = {
		...set,
		Env: [...strings(set['Env']), ...strings(image['Env']).filter((entry) => !names.has(variableName(entry)))],
		Labels: { ...stringMap(image['Labels']), ...stringMap(set['Labels']) },
		ExposedPorts: { ...fields(image['ExposedPorts']), ...fields(set['ExposedPorts']) },
		Volumes: { ...fields(image['Volumes']), ...fields(set['Volumes']) },
		...mergeCommand(set, image),
	};
	for (const field of ['User', 'WorkingDir', 'StopSignal']) {
		merged[field] = text(set[field]) ?? text(image[field]) ?? '';
	}
	if (list(set['Shell']).length === 0 && list(image['Shell']).length > 0) {
		merged['Shell'] = image['Shell'];
	}
	const health = mergeHealth(set['Healthcheck'], image['Healthcheck']);
	if (health === undefined) {
		delete merged['Healthcheck'];
	} else {
		merged['Healthcheck'] = health;
	}
	return merged;
}

/** An entry point that was set takes the image's command away; one that was cleared does not. */
function mergeCommand(set: Fields, image: Fields): Fields {
	const entrypoint = strings(set['Entrypoint']);
	const command = strings(set['Cmd']);
	if (entrypoint.length > 0) {
		return { Entrypoint: entrypoint, Cmd: command };
	}
	return {
		Entrypoint: Array.isArray(set['Entrypoint']) ? [] : strings(image['Entrypoint']),
		Cmd: command.length > 0 ? command : strings(image['Cmd']),
	};
}

/** Parts of a health check that count as not set when they are 0. */
export const healthFigures = ['Interval', 'Timeout', 'StartPeriod', 'StartInterval', 'Retries'] as const;

function mergeHealth(set: unknown, image: unknown): Fields | undefined {
	if (!isFields(set)) {
		return isFields(image) ? image : undefined;
	}
	const base = fields(image);
	const merged: Record<string, unknown> = { Test: strings(set['Test']).length > 0 ? set['Test'] : strings(base['Test']) };
	for (const part of healthFigures) {
		const value = number(set[part]) || number(base[part]) || 0;
		if (value !== 0) {
			merged[part] = value;
		}
	}
	return merged;
}
