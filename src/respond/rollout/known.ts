import { JournalError, type RolloutRecord, type VersionRecord } from '../../domain/journal.ts';
import type { FoundSubject, ServiceVersion } from '../../domain/rollout.ts';
import { lastGood, type LastGoodAnswer, type VersionFacts } from './lastGood.ts';
import type { RolloutSpec, RolloutToolPorts } from './ports.ts';
import { wordsOf } from './failure.ts';

/** What there is to go to, with what is known of it. */
export interface Known extends VersionFacts, LastGoodAnswer {
	readonly subject: FoundSubject;
	readonly versions: readonly ServiceVersion[];
	/** Image ids that are kept from being cleaned away. */
	readonly pinned: ReadonlySet<string>;
}

/** What came before says nothing any more. */
const mostMoves = 20;

/** Moves that were made on this engine: one journal may know services of the same name on several. Newest first. */
export const movesHere = async (spec: RolloutSpec, journal: RolloutToolPorts['journal'], filter: { readonly planId?: string; readonly unended?: boolean } = {}): Promise<readonly RolloutRecord[]> =>
	journal.rollouts({ ...(filter.planId === undefined ? { service: spec.service } : {}), ...filter, engine: spec.engineAddress, limit: mostMoves });

/** What the journal knows; reading steps go on without it, and say so. */
const remembered = async (spec: RolloutSpec, { journal, print }: RolloutToolPorts): Promise<{ readonly records: readonly VersionRecord[]; readonly moves: readonly RolloutRecord[] }> => {
	try {
		const [records, moves] = await Promise.all([journal.versions(spec.service, spec.engineAddress), movesHere(spec, journal)]);
		return { records, moves };
	} catch (error) {
		if (!(error instanceof JournalError)) throw error;
		print(`what ran before is not known: ${wordsOf(error)}`);
		return { records: [], moves: [] };
	}
};

/** Asks the engine and the journal for the versions of a service. @throws EngineError */
export const knownVersions = async (spec: RolloutSpec, ports: RolloutToolPorts): Promise<Known> => {
	const { rollout, clock, signal } = ports;
	const [subject, memory] = await Promise.all([rollout.subject(spec.action.service, { signal }), remembered(spec, ports)]);
	const [versions, pins] = await Promise.all([rollout.versions([subject], { signal }), rollout.pins(subject.name, { signal })]);
	const runs = versions.find((version) => version.current);
	const facts: VersionFacts = { versions, ...memory, current: runs, now: clock.now() };
	const pinned = new Set([...pins.map((pin) => pin.imageId), ...versions.filter((version) => version.pinned).map((version) => version.imageId)]);
	return { ...facts, subject, versions, pinned, ...lastGood(facts) };
};
