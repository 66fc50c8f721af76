import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ContainerSummary } from '../../../src/domain/container.ts';
import type { Actor, Journal, VersionEvent } from '../../../src/domain/journal.ts';
import { groupServices } from '../../../src/observe/services.ts';
import { SignalStore } from '../../../src/observe/signals.ts';
import { openJournal } from '../../../src/record/journal.ts';
import type { VersionKeeperParts } from '../../../src/main/respond/versionKeeper.ts';

export const engine = 'unix:///fake';
export const actor: Actor = { user: 'ops', host: 'prod-1', session: 'boot:1:1' };

export const testJournal = async (): Promise<Journal> => {
	const folder = await mkdtemp(join(tmpdir(), 'sitrep-keeper-'));
	const journal = await openJournal(join(folder, 'journal.db'));
	onTestFinished(async () => {
		await journal.close();
		await rm(folder, { recursive: true, force: true });
	});
	return journal;
};

export const versionEvents = async (journal: Pick<Journal, 'read'>): Promise<readonly VersionEvent[]> =>
	(await journal.read(0, 10_000)).flatMap(({ event }) => (event.kind === 'version_seen' || event.kind === 'version_proved' || event.kind === 'version_left' ? [event] : []));

/** What is observed, as a test says. */
export class Observed {
	readonly signals = new SignalStore();
	listed = true;
	freshAt = 0;
	containers: readonly ContainerSummary[] = [];
	/** When it says so itself, the engine was heard of just now. */
	readonly #now: () => number;

	constructor(now: () => number) {
		this.#now = now;
	}

	get live(): VersionKeeperParts['live'] {
		const freshAt = (): number => (this.freshAt === 0 ? this.#now() : this.freshAt);
		const services = () => groupServices(this.containers);
		const statuses = () => services().map((service) => ({ service, mark: 'ok', reason: 'healthy', alerts: [], inconclusive: [], restarts: 0, probes: [] }) as const);
		const containers = () => new Map(this.containers.map((each) => [each.id, each]));
		const isListed = () => this.listed;
		return {
			get services() {
				return services();
			},
			status: (id) => statuses().find(({ service }) => service.id === id),
			signalsOf: (id) => this.signals.of(id),
			inventory: {
				get listed() {
					return isListed();
				},
				get freshAt() {
					return freshAt();
				},
				get containers() {
					return containers();
				},
				history: () => undefined,
			},
		};
	}
}
