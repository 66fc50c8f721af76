import { matches } from '../../config/services.ts';
import type { ContainerSummary } from '../../domain/container.ts';
import type { LoadedPlaybook, Playbook, PlaybookKind } from '../../domain/playbook/playbook.ts';
import type { Alert } from '../../domain/rule.ts';
import type { Service } from '../../domain/service.ts';
import { severityRank } from '../../domain/severity.ts';

/** A playbook that can be run on a service. */
export interface Fit {
	readonly loaded: LoadedPlaybook;
	/** The alert that speaks for it now, the worst of them; absent where none does. */
	readonly alert?: Alert;
	/** Why it is offered, such as `container-down fires: exited 137` or `for cloud-native-poc`. */
	readonly why: string;
	/** Parameters that the service gives: its id, the name of its container. */
	readonly params: Readonly<Record<string, string>>;
}

/** What a playbook's `appliesTo` says to a service: for what it is, the empty text where it is for any; `undefined` where it is for others. */
const standing = ({ appliesTo }: Playbook, service: Service): string | undefined => {
	const names = [service.id, service.name, ...service.containers.map((each) => each.name)];
	const images = service.containers.map((each) => each.image);
	const byName = appliesTo?.service?.find((pattern) => names.some((name) => matches(pattern, name)));
	const byImage = appliesTo?.image?.find((pattern) => images.some((image) => matches(pattern, image)));
	if (appliesTo?.service !== undefined && byName === undefined) return undefined;
	if (appliesTo?.image !== undefined && byImage === undefined) return undefined;
	if (byName !== undefined) return `for ${byName}`;
	return byImage === undefined ? '' : `for the image ${byImage}`;
};

/** The container that is meant: the first that is not well, else the newest. */
const containerOf = (service: Service): ContainerSummary | undefined => service.containers.find((each) => each.state !== 'running' || each.health === 'unhealthy') ?? service.containers[0];

const local = /^https?:\/\/(?:127\.0\.0\.1|localhost)(?::(\d+))?(?=\/|$)/;

/**
 * A default address on this machine with the port that the container is published on: the one that leads to the default's own port, else the
 * only one there is. Absent where nothing speaks for another than the default.
 */
const addressOf = (preset: unknown, container: ContainerSummary | undefined): string | undefined => {
	if (typeof preset !== 'string') return undefined;
	const meant = local.exec(preset);
	const published = container?.ports.filter((port) => port.protocol === 'tcp' && port.host !== undefined) ?? [];
	const hosts = new Set(published.map((port) => port.host));
	const found = published.find((port) => port.container === Number(meant?.[1] ?? 80)) ?? (hosts.size === 1 ? published[0] : undefined);
	if (meant === null || found?.host === undefined) return undefined;
	const address = preset.replace(/:\d+(?=\/|$)/, '');
	const end = (local.exec(address)?.[0] ?? address).length;
	return `${address.slice(0, end)}:${found.host}${address.slice(end)}`;
};

/**
 * Values that the service gives for a playbook's parameters, and those that were set up for it.
 * @param configured by name; they go before what is found out, but for the service itself and for secrets
 */
export const paramsFrom = (playbook: Playbook, service: Service, configured: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => {
	const container = containerOf(service);
	const set = Object.entries(configured).filter(([name]) => {
		const type = Object.hasOwn(playbook.params, name) ? playbook.params[name]?.type : undefined;
		return type !== undefined && type !== 'service' && type !== 'secret';
	});
	const found = Object.fromEntries(
		Object.entries(playbook.params).flatMap(([name, { type, default: preset }]) => {
			if (type === 'service') return [[name, service.id] as const];
			if (type === 'url') {
				const address = addressOf(preset, container);
				return address === undefined ? [] : [[name, address] as const];
			}
			return type === 'container' && container !== undefined ? [[name, container.name] as const] : [];
		}),
	);
	return { ...found, ...Object.fromEntries(set) };
};

const kinds: readonly PlaybookKind[] = ['incident', 'rollback', 'check', 'maintenance', 'deploy'];

/** Firing before pending, the worse before the better. */
const alertRank = (alert: Alert | undefined): number => (alert === undefined ? 20 : severityRank(alert.severity) + (alert.state === 'firing' ? 0 : 10));

const worstAlert = (playbook: Playbook, alerts: readonly Alert[]): Alert | undefined => {
	const rules = playbook.triggers.map((each) => each.rule);
	return alerts.filter((each) => rules.includes(each.ruleId)).sort((a, b) => alertRank(a) - alertRank(b))[0];
};

const whyOf = (alert: Alert | undefined, stands: string): string => {
	if (alert === undefined) return stands === '' ? 'for any service' : stands;
	return `${alert.ruleId} ${alert.state === 'firing' ? 'fires' : 'is about to fire'}: ${alert.reason}`;
};

/**
 * Playbooks that can be run on a service: those whose triggers fire first, by severity, then those made for it, then
 * those for any service. Drafts are among them, for a person to see; they do not run.
 * @param alerts firing and pending ones, of any service
 * @param configured values of parameters that were set up for the service
 */
export const fitPlaybooks = (playbooks: readonly LoadedPlaybook[], service: Service, alerts: readonly Alert[], configured: Readonly<Record<string, string>> = {}): readonly Fit[] => {
	const own = alerts.filter((each) => each.serviceId === service.id);
	return playbooks
		.flatMap((loaded) => {
			const { playbook } = loaded;
			const stands = standing(playbook, service);
			if (stands === undefined) return [];
			const alert = worstAlert(playbook, own);
			const fit: Fit = { loaded, ...(alert === undefined ? {} : { alert }), why: whyOf(alert, stands), params: paramsFrom(playbook, service, configured) };
			return [{ fit, rank: [alertRank(alert), playbook.draft ? 1 : 0, stands === '' ? 1 : 0, kinds.indexOf(playbook.kind), severityRank(playbook.severity)] as const }];
		})
		.sort((a, b) => a.rank.reduce((sum, each, at) => (sum === 0 ? each - (b.rank[at] ?? 0) : sum), 0) || (a.fit.loaded.playbook.title < b.fit.loaded.playbook.title ? -1 : 1))
		.map(({ fit }) => fit);
};
