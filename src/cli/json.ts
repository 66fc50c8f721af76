/** Version of every JSON shape the commands write. It grows when a field is taken away or changes its meaning; new fields do not change it. */
export const schemaVersion = 1;

/** Epoch ms as ISO 8601 in UTC, `2026-11-21T03:14:07.000Z`; null where it is no time. */
export const isoTime = (at: number): string => new Date(at).toISOString();
