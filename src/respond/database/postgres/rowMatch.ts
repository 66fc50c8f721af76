import { lossByCounts, lossOf, tablesOf, type Loss } from '../loss.ts';
import type { RowCounts } from '../counts.ts';
import type { RowSink } from './dumpReader.ts';

/** Rows that are remembered of all tables together; a table that goes beyond it is only counted. Some 60 MB of memory. */
const maxRemembered = 1_000_000;

/**
 * Compares two dumps row by row: the backup is read first and remembered by the hashes of its rows, then what is there now is held
 * against it. Rows without a partner in the backup are lost: written or changed after it.
 */
export class RowMatch {
	readonly #remembered = new Map<string, Map<number, number>>();
	readonly #lost = new Map<string, number>();
	readonly #tooLarge = new Set<string>();
	#total = 0;

	/** Remembers the backup. */
	readonly backup: RowSink = {
		begin: (table) => {
			if (!this.#remembered.has(table)) this.#remembered.set(table, new Map());
		},
		row: (table, key) => {
			if (this.#tooLarge.has(table)) return;
			const rows = this.#remembered.get(table);
			if (rows === undefined) return;
			if (++this.#total > maxRemembered) {
				this.#total -= rows.size;
				this.#tooLarge.add(table);
				this.#remembered.set(table, new Map());
				return;
			}
			rows.set(key, (rows.get(key) ?? 0) + 1);
		},
	};

	/** Holds what is there now against it. */
	readonly now: RowSink = {
		begin: () => undefined,
		row: (table, key) => {
			if (this.#tooLarge.has(table)) return;
			const rows = this.#remembered.get(table);
			const left = rows?.get(key) ?? 0;
			if (left === 0) this.#lost.set(table, (this.#lost.get(table) ?? 0) + 1);
			else if (left === 1) rows?.delete(key);
			else rows?.set(key, left - 1);
		},
	};

	/** @param now rows of each table now @param backup rows of each table in the backup */
	loss(now: RowCounts, backup: RowCounts): Loss {
		return lossOf(
			tablesOf(now, backup).map((table) => {
				const [here, there] = [now[table], backup[table]];
				if (this.#tooLarge.has(table) || here === undefined || there === undefined) return lossByCounts(table, here, there);
				const back = [...(this.#remembered.get(table)?.values() ?? [])].reduce((sum, count) => sum + count, 0);
				return { table, now: here, backup: there, lost: this.#lost.get(table) ?? 0, back, compared: true };
			}),
		);
	}
}
