import type { VersionEvent, VersionRecord } from '../domain/journal.ts';
import type { ProjectionSpec } from './projected.ts';
import type { EventRow } from './row.ts';
import { storedJson } from './storedJson.ts';

/** One row of `versions`. */
export interface VersionRow {
	readonly service: string;
	readonly engine: string;
	readonly imageId: string;
	readonly image: string;
	readonly firstSeenAt: number;
	readonly lastSeenAt: number;
	readonly since: number;
	readonly healthyMs: number;
	readonly provedAt: number | null;
	readonly figures: string | null;
	readonly words: string;
	readonly hasLeft: number;
	readonly lastSeq: number;
}

type Stored = Omit<VersionEvent, 'kind'>;

/** STRICT tables take whole numbers only, and no figure of an event may keep it out of the record. */
const whole = (value: number): number => (Number.isSafeInteger(Math.round(value)) ? Math.round(value) + 0 : 0);

const rowAfter = (row: VersionRow | undefined, { seq, at, kind, data }: EventRow): VersionRow => {
	const { service, engine, image, imageId, since, healthyMs, words, figures } = storedJson<Stored>(data);
	const proves = kind === 'version_proved';
	return {
		// As SQLite will give them back.
		service: service.toWellFormed(),
		engine: engine.toWellFormed(),
		imageId: imageId.toWellFormed(),
		image: image.toWellFormed(),
		firstSeenAt: row?.firstSeenAt ?? Math.min(whole(since), at),
		lastSeenAt: at,
		since: whole(since),
		healthyMs: Math.max(row?.healthyMs ?? 0, whole(healthyMs)),
		provedAt: proves ? at : (row?.provedAt ?? null),
		figures: proves && figures !== undefined ? JSON.stringify(figures) : (row?.figures ?? null),
		words: words.toWellFormed(),
		hasLeft: kind === 'version_left' ? 1 : 0,
		lastSeq: seq,
	};
};

/** A version is known by its image id: names move from one to another. */
export const versionProjection: ProjectionSpec<VersionRow> = {
	table: 'versions',
	title: 'list of versions',
	sinceVersion: 2,
	columns: ['service', 'engine', 'imageId', 'image', 'firstSeenAt', 'lastSeenAt', 'since', 'healthyMs', 'provedAt', 'figures', 'words', 'hasLeft', 'lastSeq'],
	key: ['service', 'engine', 'imageId'],
	changing: ['image', 'lastSeenAt', 'since', 'healthyMs', 'provedAt', 'figures', 'words', 'hasLeft', 'lastSeq'],
	kinds: ['version_seen', 'version_proved', 'version_left'],
	keyOf({ data }) {
		const { service, engine, imageId } = storedJson<Stored>(data);
		return [service.toWellFormed(), engine.toWellFormed(), imageId.toWellFormed()];
	},
	project: rowAfter,
};

export const versionRecordOf = (row: VersionRow): VersionRecord => ({
	service: row.service,
	engine: row.engine,
	image: row.image,
	imageId: row.imageId,
	firstSeenAt: row.firstSeenAt,
	lastSeenAt: row.lastSeenAt,
	since: row.since,
	healthyMs: row.healthyMs,
	...(row.provedAt === null ? {} : { provedAt: row.provedAt }),
	...(row.figures === null ? {} : { figures: storedJson<Readonly<Record<string, number>>>(row.figures) }),
	words: row.words,
	left: row.hasLeft === 1,
});
