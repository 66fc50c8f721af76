import { formatDuration } from '../../domain/duration.ts';
import type { RolloutRecord, VersionRecord } from '../../domain/journal.ts';
import type { ServiceVersion } from '../../domain/rollout.ts';
import { imageWords, isId } from './imageWords.ts';
import { atWords } from './times.ts';

/** All that tells which version was good. */
export interface VersionFacts {
	/** What the engine has. */
	readonly versions: readonly ServiceVersion[];
	/** What the journal knows of the versions of this service on this engine. */
	readonly records: readonly VersionRecord[];
	/** Moves of this service on this engine, newest first. */
	readonly moves: readonly RolloutRecord[];
	readonly current: { readonly image: string; readonly imageId: string } | undefined;
	/** Epoch ms. */
	readonly now: number;
}

export interface LastGood {
	readonly image: string;
	readonly imageId: string;
	/** One line: why this one. */
	readonly why: string;
	/** True where it was seen healthy for its watch window; false where it is the best guess there is. */
	readonly proved: boolean;
}

/** `lastGood` is absent where none is known; `why` says it in either case. */
export interface LastGoodAnswer {
	readonly lastGood?: LastGood;
	readonly why: string;
}

const found = (lastGood: LastGood): LastGoodAnswer => ({ lastGood, why: lastGood.why });

/** Whether a version was gone to again after it was last seen well, and that move was taken back. */
const failedSince = (record: VersionRecord, moves: readonly RolloutRecord[]): boolean => {
	const newest = moves.find((move) => move.state.plan.to.imageId === record.imageId);
	return newest?.end !== undefined && newest.end !== 'swapped' && newest.begunAt > (record.provedAt ?? 0);
};

const ranWords = (record: VersionRecord, now: number): string => `ran healthy for ${formatDuration(record.healthyMs)} until ${atWords(record.lastSeenAt, now)}`;

const currentWords = ({ current, records, now }: VersionFacts): string => {
	if (current === undefined) return 'what runs now is not known';
	const record = records.find((each) => each.imageId === current.imageId);
	const name = imageWords(current);
	if (record === undefined) return `of ${name}, which runs now, nothing is recorded`;
	if (record.provedAt !== undefined) return `${name}, which runs now, was healthy for ${formatDuration(record.healthyMs)}, proved ${atWords(record.provedAt, now)}`;
	const longest = record.healthyMs > 0 ? `: ${formatDuration(record.healthyMs)} at the longest` : '';
	return `${name}, which runs now${record.since === undefined ? '' : ` since ${atWords(record.since, now)}`}, was never seen healthy for its watch window${longest}`;
};

/** The newest version other than the current one that was proved. Those the engine still has go before those it would have to fetch. */
const proved = (facts: VersionFacts): LastGoodAnswer | undefined => {
	const { records, versions, current, moves, now } = facts;
	const good = records.filter((record) => record.provedAt !== undefined && record.imageId !== current?.imageId).toSorted((a, b) => b.lastSeenAt - a.lastSeenAt || (b.provedAt ?? 0) - (a.provedAt ?? 0));
	const there = (record: VersionRecord): ServiceVersion | undefined => versions.find((version) => version.imageId === record.imageId);
	const usable = good.filter((record) => there(record) !== undefined || !isId(record.image));
	const chosen = usable.find((record) => there(record) !== undefined && !failedSince(record, moves)) ?? usable.find((record) => !failedSince(record, moves)) ?? usable[0];
	if (chosen === undefined) return undefined;
	const version = there(chosen);
	const image = version?.image ?? chosen.image;
	const passed = good.filter((record) => record !== chosen && record.lastSeenAt > chosen.lastSeenAt);
	const notes = [
		...(version === undefined ? ['it is not on this engine any more and would be fetched'] : []),
		...(failedSince(chosen, moves) ? ['the newest move to it was taken back'] : []),
		...passed.map((record) => `${imageWords(record)}, proved later, ${failedSince(record, moves) ? 'was gone to again, and that was taken back' : 'is not on this engine any more'}`),
	];
	const why = [`${imageWords({ image, imageId: chosen.imageId })} ${ranWords(chosen, now)}`, currentWords(facts), ...notes].join('; ');
	return found({ image, imageId: chosen.imageId, why, proved: true });
};

/** Where the journal proves nothing: what ran before the newest move that brought the current one. */
const movedFrom = ({ moves, versions, current, now }: VersionFacts): LastGoodAnswer | undefined => {
	const move = moves.find((each) => each.end === 'swapped' && each.state.plan.to.imageId === current?.imageId && each.state.plan.from.imageId !== current?.imageId);
	if (move === undefined) return undefined;
	const { from } = move.state.plan;
	const version = versions.find((each) => each.imageId === from.imageId);
	if (version === undefined && isId(from.image)) return undefined;
	const image = version?.image ?? from.image;
	return found({
		image,
		imageId: from.imageId,
		why: `not known to have been healthy: ${imageWords({ image, imageId: from.imageId })} ran until the move of ${atWords(move.begunAt, now)} brought what runs now`,
		proved: false,
	});
};

/** Image ids that a move went to and did not stay at. */
const takenBack = (moves: readonly RolloutRecord[]): ReadonlySet<string> => new Set(moves.filter((move) => move.end !== undefined && move.end !== 'swapped').map((move) => move.state.plan.to.imageId));

/** What an earlier move kept, of which nothing is recorded here. One that a recorded move failed to bring is no candidate. */
const kept = ({ versions, moves }: VersionFacts): LastGoodAnswer | undefined => {
	const failed = takenBack(moves);
	const version = versions.find((each) => each.pinned && !each.current && !failed.has(each.imageId));
	if (version === undefined) return undefined;
	return found({ image: version.image, imageId: version.imageId, why: `not known to have been healthy: ${imageWords(version)} was kept by an earlier move`, proved: false });
};

const builtBefore = ({ versions, moves, current }: VersionFacts): LastGoodAnswer | undefined => {
	const runs = versions.find((each) => each.imageId === current?.imageId);
	const failed = takenBack(moves);
	const runsBuilt = runs?.createdAt;
	if (runsBuilt === undefined) return undefined;
	const version = versions
		.filter((each) => !each.current && each.createdAt !== undefined && each.createdAt < runsBuilt && !failed.has(each.imageId))
		.toSorted((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0))[0];
	if (version === undefined) return undefined;
	return found({ image: version.image, imageId: version.imageId, why: `not known to have been healthy: ${imageWords(version)} was built before the one that runs`, proved: false });
};

/**
 * The last good version: the newest one other than the current that was proved, which is healthy for its watch window without a
 * break. Where the journal knows of none, the best guess there is, called one: what ran before the newest move to the
 * current one, what an earlier move kept, what was built before the current one. Pure.
 */
export const lastGood = (facts: VersionFacts): LastGoodAnswer =>
	proved(facts) ??
	movedFrom(facts) ??
	kept(facts) ??
	builtBefore(facts) ?? {
		why: `no version other than the one that runs is known to have been good, and none was built before it; ${currentWords(facts)}`,
	};
