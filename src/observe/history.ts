import type { EngineEvent } from '../domain/engine.ts';
import type { ContainerEnd, ContainerHistory } from '../domain/service.ts';

/** How far back starts and ends are kept, ms. */
export const historyWindowMs = 3_600_000;
/** A memory kill and an end belong together where so little time is between them, ms. */
const oomLateMs = 5000;
/** At most so many of each are kept for one container: a loop that restarts each second stays bounded. */
const maxKept = 500;

interface Entry {
	starts: number[];
	ends: ContainerEnd[];
	oomAt?: number;
}

/**
 * Starts and ends of containers, counted from events, by name: a container that was removed and made
 * again under its name keeps its past; an end for its removal by force was asked for. The engine's own restart count misses manual restarts.
 */
export class HistoryBook {
	readonly #byName = new Map<string, Entry>();

	record(event: EngineEvent): void {
		switch (event.kind) {
			case 'started':
				this.#entry(event.name).starts.push(event.at);
				break;
			case 'oom': {
				const entry = this.#entry(event.name);
				const last = entry.ends.at(-1);
				// Two messengers tell the engine of the kill and of the end, and either may come first.
				const late = last !== undefined && last.exitCode === 137 && !last.asked && event.at - last.at < oomLateMs && (entry.starts.at(-1) ?? 0) <= last.at;
				if (late) entry.ends[entry.ends.length - 1] = { ...last, oom: true };
				else entry.oomAt = event.at;
				break;
			}
			case 'died': {
				const entry = this.#entry(event.name);
				const oom = entry.oomAt !== undefined && event.at - entry.oomAt < oomLateMs;
				entry.ends.push({ at: event.at, exitCode: event.exitCode ?? -1, oom, asked: false });
				delete entry.oomAt;
				break;
			}
			case 'stopped': {
				// The engine tells of an asked stop only after the end itself.
				const entry = this.#entry(event.name);
				const last = entry.ends.at(-1);
				if (last !== undefined && event.at - last.at < 5000) {
					const { certain: _, ...end } = last;
					entry.ends[entry.ends.length - 1] = { ...end, asked: true };
				}
				break;
			}
			case 'removed': {
				// Removed by force: it was killed for that. What a memory kill or itself ended, and the engine took away, was no wish of anybody's.
				const entry = this.#byName.get(event.name);
				const last = entry?.ends.at(-1);
				if (entry !== undefined && last?.exitCode === 137 && !last.oom && event.at - last.at < 5000 && (entry.starts.at(-1) ?? 0) <= last.at) {
					const { certain: _, ...end } = last;
					entry.ends[entry.ends.length - 1] = { ...end, asked: true };
				}
				return;
			}
			default:
				return;
		}
		this.#trim(event.name, event.at);
	}

	/** It is settled that nobody asked for the last end: the engine will say nothing else of it. */
	settle(name: string, at: number): void {
		const ends = this.#byName.get(name)?.ends;
		const last = ends?.at(-1);
		if (ends !== undefined && last !== undefined && last.at === at && !last.asked) ends[ends.length - 1] = { ...last, certain: true };
	}

	/** Adds what the engine remembers of times in which we were not connected. What is known already is not counted twice. @returns the names it told of */
	seed(past: readonly EngineEvent[]): ReadonlySet<string> {
		const remembered = new HistoryBook();
		for (const event of past) {
			if (event.kind === 'renamed') remembered.rename((event.attributes['oldName'] ?? '').replace(/^\//, ''), event.name);
			remembered.record(event);
		}
		for (const [name, { starts, ends }] of remembered.#byName) {
			const entry = this.#entry(name);
			entry.starts = [...new Set([...starts, ...entry.starts])].sort((a, b) => a - b);
			const known = new Set(entry.ends.map((end) => end.at));
			entry.ends = [...ends.filter((end) => !known.has(end.at)), ...entry.ends].sort((a, b) => a.at - b.at);
		}
		return new Set(remembered.#byName.keys());
	}

	/** A container took a new name. */
	rename(from: string, to: string): void {
		const entry = this.#byName.get(from);
		if (entry === undefined || from === to) return;
		this.#byName.delete(from);
		this.#byName.set(to, entry);
	}

	history(containerId: string, name: string): ContainerHistory | undefined {
		const entry = this.#byName.get(name);
		if (entry === undefined) return undefined;
		return { containerId, starts: entry.starts, ends: entry.ends };
	}

	/** Forgets names that nobody has any more and whose past has left the window. */
	sweep(now: number, alive: ReadonlySet<string>): void {
		for (const [name, entry] of this.#byName) {
			const last = Math.max(entry.starts.at(-1) ?? 0, entry.ends.at(-1)?.at ?? 0);
			if (!alive.has(name) && now - last > historyWindowMs) this.#byName.delete(name);
		}
	}

	#entry(name: string): Entry {
		let entry = this.#byName.get(name);
		if (entry === undefined) {
			entry = { starts: [], ends: [] };
			this.#byName.set(name, entry);
		}
		return entry;
	}

	#trim(name: string, now: number): void {
		const entry = this.#entry(name);
		const from = now - historyWindowMs;
		if ((entry.starts[0] ?? now) < from || entry.starts.length > maxKept) {
			entry.starts = entry.starts.filter((at) => at >= from).slice(-maxKept);
		}
		if ((entry.ends[0]?.at ?? now) < from || entry.ends.length > maxKept) {
			entry.ends = entry.ends.filter((end) => end.at >= from).slice(-maxKept);
		}
	}
}
