import type { ExecutionEvidence } from '../../domain/run/execution.ts';
import { familyOf, nameOf, sameProcess } from './family.ts';
import type { ProcessTable } from './processTable.ts';
import { readEnd, readIdentity } from './readRecords.ts';
import { type ExecutionIdentity, markName } from './records.ts';

/** Whether the very process that wrote the identity lives, and not another one under its number. */
export const supervisorLives = (identity: ExecutionIdentity, table: ProcessTable): boolean => {
	if (identity.bootId !== table.bootId()) return false;
	const seen = table.look(identity.supervisor.pid);
	return seen !== undefined && !seen.zombie && sameProcess(seen, identity.supervisor);
};

const when = (at: number): string => new Date(at).toISOString().replace('T', ' ').replace(/\.\d+Z$/, ' UTC');

const lost = (identity: ExecutionIdentity, table: ProcessTable): ExecutionEvidence => {
	const started = `it was started at ${when(identity.startedAt)}`;
	if (identity.bootId !== table.bootId()) {
		return { kind: 'lost', words: `${started}, and the machine was started anew since, before its end was written down: nothing of it runs, and how far it came is not known`, alive: [] };
	}
	// Where the supervisor had no time to write down the command's own process, the mark alone tells.
	const root = identity.child ?? { pid: -1, start: identity.supervisor.start };
	const alive = familyOf(table.all(`${markName}=${identity.mark}`, root.start), root).map(nameOf);
	const rest = alive.length === 0 ? 'nothing of it runs any more' : `still running: ${alive.join(', ')}`;
	return { kind: 'lost', words: `${started}, and its supervisor (process ${identity.supervisor.pid}) was killed before it could write down the end: ${rest}; how it ended is not known`, alive };
};

/** What became of the execution that a folder belongs to. */
export const evidenceOf = async (folder: string, table: ProcessTable): Promise<ExecutionEvidence> => {
	const end = await readEnd(folder);
	if (end !== undefined && !('unreadable' in end)) return { kind: 'ended', end };
	const identity = await readIdentity(folder);
	// It is written before anything is spawned: where it is missing, nothing was.
	if (identity === undefined) return end === undefined ? { kind: 'never' } : { kind: 'lost', words: end.unreadable, alive: [] };
	if ('unreadable' in identity) return { kind: 'lost', words: identity.unreadable, alive: [] };
	if (supervisorLives(identity, table)) return { kind: 'running', startedAt: identity.startedAt };
	// It may have ended between the two looks.
	const late = await readEnd(folder);
	if (late !== undefined && !('unreadable' in late)) return { kind: 'ended', end: late };
	const words = lost(identity, table);
	return late === undefined || words.kind !== 'lost' ? words : { ...words, words: `${words.words} (${late.unreadable})` };
};
