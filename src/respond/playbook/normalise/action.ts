import type { Action, CommandAction, ContainerAction, DatabaseAction, HttpAction, RolloutAction } from '../../../domain/playbook/step.ts';
import type { ActionSource } from '../schema/action.ts';

const command = (source: ActionSource): CommandAction => ({
	kind: 'command',
	...(source.run === undefined ? {} : { run: source.run }),
	...(source.sh === undefined ? {} : { sh: source.sh }),
	...(source.in === undefined ? {} : { inContainer: source.in }),
	env: source.env ?? {},
	...(source.workingDir === undefined ? {} : { workingDir: source.workingDir }),
});

const container = (source: NonNullable<ActionSource['container']>): ContainerAction => {
	const { action, name, sinceSeconds } = source;
	const base = { kind: 'container', action, name } as const;
	switch (action) {
		case 'stop':
		case 'restart':
			return { ...base, graceSeconds: source.graceSeconds ?? 10 };
		case 'kill':
			return { ...base, signal: source.signal ?? 'SIGKILL' };
		case 'logs':
			return { ...base, tail: source.tail ?? 200, ...(sinceSeconds === undefined ? {} : { sinceSeconds }) };
		default:
			return base;
	}
};

const http = (source: NonNullable<ActionSource['http']>): HttpAction => ({
	kind: 'http',
	method: source.method ?? 'GET',
	url: source.url,
	headers: source.headers ?? {},
	...(source.body === undefined ? {} : { body: source.body }),
	...(source.json === undefined ? {} : { json: source.json }),
	followRedirects: source.followRedirects ?? false,
});

const database = (source: NonNullable<ActionSource['database']>): DatabaseAction => {
	if (source.system === 'sqlite') return { kind: 'database', ...source };
	const { in: inContainer, port, ...rest } = source;
	return {
		kind: 'database',
		...rest,
		...(inContainer === undefined ? {} : { inContainer }),
		...(port === undefined ? {} : { port: String(port) }),
	};
};

const rollout = (source: NonNullable<ActionSource['rollout']>): RolloutAction => ({ kind: 'rollout', ...source });

/** The action that a source holds, its defaults filled in; none where it holds none. */
export const actionOf = (source: ActionSource): Action | undefined => {
	if (source.container !== undefined) return container(source.container);
	if (source.http !== undefined) return http(source.http);
	if (source.database !== undefined) return database(source.database);
	if (source.rollout !== undefined) return rollout(source.rollout);
	return source.run === undefined && source.sh === undefined ? undefined : command(source);
};
