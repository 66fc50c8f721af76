import type { Journal, VersionRecord } from '../../domain/journal.ts';
import type { Missing } from '../../respond/action/scope.ts';

/**
 * What services were like while they were well: the figures of their versions' proofs, as the journal knows them. Expressions cannot
 * wait, therefore they stand here.
 */
export class Baselines {
	readonly #records = new Map<string, readonly VersionRecord[]>();

	/** @param records newest seen first */
	set(serviceId: string, records: readonly VersionRecord[]): void {
		this.#records.set(serviceId, records);
	}

	has(serviceId: string): boolean {
		return this.#records.has(serviceId);
	}

	keepOnly(serviceIds: ReadonlySet<string>): void {
		for (const id of this.#records.keys()) if (!serviceIds.has(id)) this.#records.delete(id);
	}

	/**
	 * What the signal was while the service was well. Of the newest proved version before the current one, for the current one is what is
	 * judged; else its own. Where a newer version was seen than the one that runs, the service went back, and its own proof comes first.
	 * @param current image id of what runs; absent where nothing does
	 */
	of(service: { readonly id: string; readonly name: string }, current: string | undefined, signal: string): number | Missing {
		const records = this.#records.get(service.id) ?? [];
		const proved = inOrder(records, current).filter(({ figures }) => figures !== undefined);
		if (proved.length === 0) return { missing: `no version of ${service.name} was seen healthy long enough for a baseline` };
		const value = proved.map(({ figures }) => figures?.[signal]).find((each) => typeof each === 'number');
		return value ?? { missing: `no baseline of ${signal}: it was not measured while ${service.name} was healthy` };
	}
}

/** Reads what a journal knows of services, for what does not keep them itself. Where it cannot be read there are no baselines. */
export const readBaselines = async (baselines: Baselines, journal: Pick<Journal, 'versions'>, services: readonly string[], engine: string): Promise<void> => {
	try {
		for (const id of services) baselines.set(id, await journal.versions(id, engine));
	} catch {
		// What asks for one is told that there is none; the journal itself says why it cannot be read.
	}
};

/** The versions whose figures are asked for, one after the other. */
const inOrder = (records: readonly VersionRecord[], current: string | undefined): readonly VersionRecord[] => {
	const own = records.find(({ imageId }) => imageId === current);
	const others = records.filter((record) => record !== own && record.provedAt !== undefined).toSorted((a, b) => (b.provedAt ?? 0) - (a.provedAt ?? 0));
	if (own === undefined) return others;
	const isNewer = ({ firstSeenAt }: VersionRecord): boolean => firstSeenAt > own.firstSeenAt;
	if (!records.some(isNewer)) return [...others, own];
	return [own, ...others.filter((record) => !isNewer(record)), ...others.filter(isNewer)];
};
