import type { CallOptions } from '../../../domain/engine.ts';
import type { RolloutState } from '../../../domain/rollout.ts';
import { fields, strings, text, type Fields } from '../narrow.ts';
import { nameOf, type RolloutCalls } from './calls.ts';
import type { PlanData } from './data.ts';

/** Both containers of a swap as they are now; absent where they are not there. */
export interface Look {
	readonly old: Fields | undefined;
	readonly fresh: Fields | undefined;
}

/**
 * The new one is found by its id where that was recorded, else by the name it was made with, else by the name that
 * both have in turn: it is then whoever has that name, runs the target's image and is not the old one.
 */
export async function lookAt(calls: RolloutCalls, state: RolloutState, data: PlanData, options?: CallOptions): Promise<Look> {
	const old = await calls.container(data.oldId, options);
	const known = state.freshId === undefined ? undefined : await calls.container(state.freshId, options);
	const fresh = known ?? (await calls.named(data.freshName, options)) ?? (await calls.named(data.name, options));
	const isOther = fresh === undefined || idOf(fresh) === data.oldId || (nameOf(fresh) !== data.freshName && text(fresh['Image']) !== state.plan.to.imageId);
	return { old: old !== undefined && idOf(old) === data.oldId ? old : undefined, fresh: isOther ? undefined : fresh };
}

export const idOf = (container: Fields): string => text(container['Id']) ?? '';

/** Also while the engine waits to start it again, as it may run the next moment. */
export function isRunning(container: Fields | undefined): boolean {
	return fields(container?.['State'])['Running'] === true;
}

export const healthOf = (container: Fields): string | undefined => text(fields(fields(container['State'])['Health'])['Status']);

export const policyOf = (container: Fields): Fields => fields(fields(container['HostConfig'])['RestartPolicy']);

export const parkedPolicy: Fields = { Name: 'no', MaximumRetryCount: 0 };

/** `no` and an empty name are the same. */
export const policyName = (policy: Fields): string => text(policy['Name']) ?? 'no';

export const stateOf = (container: Fields): Fields => fields(container['State']);

const endpoints = (container: Fields): readonly (readonly [string, Fields])[] => Object.entries(fields(fields(container['NetworkSettings'])['Networks'])).map(([name, value]) => [name, fields(value)]);

/** Names and ids of the networks it is on. One that was never started knows them by name only. */
export const networksOf = (container: Fields): readonly (readonly [string, string | undefined])[] => endpoints(container).map(([name, endpoint]) => [name, text(endpoint['NetworkID'])]);

export function isOn(container: Fields, { id, name }: { readonly id: string; readonly name: string }): boolean {
	return networksOf(container).some(([ownName, ownId]) => (ownId === undefined ? ownName === name : ownId === id));
}

/** Names beside its own, on any network. */
export const aliasesOf = (container: Fields): ReadonlySet<string> => new Set(endpoints(container).flatMap(([, endpoint]) => strings(endpoint['Aliases'])));
