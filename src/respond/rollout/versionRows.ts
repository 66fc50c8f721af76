import { formatDuration } from '../../domain/duration.ts';
import type { VersionRecord } from '../../domain/journal.ts';
import type { ServiceVersion } from '../../domain/rollout.ts';
import { imageWords, shortId } from './imageWords.ts';
import type { Known } from './known.ts';
import { agoWords, atWords } from './times.ts';

/** One version to choose from. */
export interface VersionRow {
	/** What a plan's `to` takes. */
	readonly value: string;
	readonly image: string;
	readonly imageId: string;
	readonly title: string;
	readonly detail: string;
	readonly tags: readonly string[];
	/** Epoch ms. */
	readonly createdAt?: number;
	readonly current: boolean;
	readonly pinned: boolean;
	/** It was healthy for its watch window once. */
	readonly good: boolean;
	readonly healthyMs?: number;
	/** Epoch ms at which it was last seen to run. */
	readonly ranAt?: number;
	/** Why it cannot be chosen. */
	readonly disabled?: string;
}

/** Of all rows together, within the 64 KiB of a value; what is beyond is counted. */
const mostBytes = 48 * 1024;
const mostRows = 60;
const mostTags = 10;
const mostDetail = 300;

const recordWords = (record: VersionRecord | undefined, current: boolean, now: number): string => {
	if (record === undefined) return 'not known to have run';
	const until = current ? '' : `, until ${atWords(record.lastSeenAt, now)}`;
	if (record.provedAt !== undefined) return `healthy for ${formatDuration(record.healthyMs)}${until}`;
	return record.healthyMs > 0 ? `healthy for ${formatDuration(record.healthyMs)} at most${until}: ${record.words}` : `never seen healthy${until}: ${record.words}`;
};

const rowOf = (version: ServiceVersion, known: Known): VersionRow => {
	const { records, now, lastGood } = known;
	const record = records.find((each) => each.imageId === version.imageId);
	const pinned = known.pinned.has(version.imageId);
	const { createdAt } = version;
	const label = version.labels['org.opencontainers.image.version'];
	const detail = [
		...(version.current ? ['runs now'] : []),
		...(lastGood?.imageId === version.imageId ? [lastGood.proved ? 'last good' : 'best guess'] : []),
		recordWords(record, version.current, now),
		...(createdAt === undefined ? [] : [`built ${agoWords(createdAt, now)}`]),
		...(label === undefined || version.image.endsWith(`:${label}`) ? [] : [`version ${label}`]),
		...(pinned ? ['kept'] : []),
		shortId(version.imageId),
	];
	return {
		value: version.image,
		image: version.image,
		imageId: version.imageId,
		title: imageWords(version),
		detail: detail.join(', ').slice(0, mostDetail),
		tags: version.tags.slice(0, mostTags),
		...(createdAt === undefined ? {} : { createdAt }),
		current: version.current,
		pinned,
		good: record?.provedAt !== undefined,
		...(record === undefined ? {} : { healthyMs: record.healthyMs, ranAt: record.lastSeenAt }),
		...(version.current ? { disabled: 'it runs now: nothing would change' } : {}),
	};
};

/** Rows of all versions, newest built first; the last good one and the current one are never among those cut off. */
export const versionRows = (known: Known): { readonly rows: readonly VersionRow[]; readonly more: number } => {
	const all = known.versions.map((version) => rowOf(version, known));
	const named = (row: VersionRow): boolean => row.current || row.imageId === known.lastGood?.imageId;
	let bytes = 0;
	let count = 0;
	const kept = new Set<VersionRow>();
	for (const row of [...all.filter(named), ...all.filter((each) => !named(each))]) {
		bytes += Buffer.byteLength(JSON.stringify(row));
		if (++count > mostRows || (bytes > mostBytes && !named(row))) break;
		kept.add(row);
	}
	const rows = all.filter((row) => kept.has(row));
	return { rows, more: all.length - rows.length };
};
