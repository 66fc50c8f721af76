import type Docker from 'dockerode';

type Json = Record<string, unknown>;

/**
 * The part of an inspect that was set by someone or comes from the image, in a form in which two containers made
 * alike are equal: what the engine gives to each anew is left out.
 */
export function settings(found: Docker.ContainerInspectInfo): Json {
	const config = { ...found.Config } as unknown as Json;
	// Who shares another's network shows that one's name once it has started.
	if (config['Hostname'] === found.Id.slice(0, 12) || found.HostConfig.NetworkMode?.startsWith('container:') === true) {
		delete config['Hostname'];
	}
	config['Env'] = [...found.Config.Env].sort();
	const host = { ...found.HostConfig } as unknown as Json;
	// Volumes without a name: where they are, and not which.
	const anonymous = /^[0-9a-f]{64}$/;
	host['Binds'] = (found.HostConfig.Binds ?? []).filter((bind) => !anonymous.test(bind.split(':')[0] ?? ''));
	host['Mounts'] = ((host['Mounts'] ?? []) as Json[]).map(({ Source, ...mount }) => (typeof Source !== 'string' || anonymous.test(Source) ? mount : { Source, ...mount }));
	return { config: withoutNothing(config), host: withoutNothing(host), networks: networks(found) };
}

function networks(found: Docker.ContainerInspectInfo): Json {
	return Object.fromEntries(
		Object.entries(found.NetworkSettings.Networks).map(([name, network]) => {
			const { IPAMConfig, Links, Aliases, DriverOpts } = network as unknown as Json;
			const aliases = ((Aliases ?? []) as string[]).filter((alias) => alias !== found.Id.slice(0, 12));
			return [name, withoutNothing({ IPAMConfig, Links, Aliases: aliases, DriverOpts })];
		}),
	);
}

/** Null, an empty list and an empty object all say that nothing was set. */
function withoutNothing(value: Json): Json {
	return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== null && item !== undefined && !(typeof item === 'object' && Object.keys(item).length === 0)));
}
