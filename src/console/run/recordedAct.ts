import type { Engine } from '../../domain/engine.ts';
import type { JournalEvent, NewJournalEvent } from '../../domain/journal.ts';
import type { Act } from '../acts.ts';

/** One act of the action menu on one container. */
export interface ActRequest {
	readonly act: Act;
	readonly container: { readonly id: string; readonly name: string };
	/** Id of the service it was asked for on. */
	readonly service?: string;
}

export interface ActResult {
	readonly outcome: 'done' | 'failed' | 'not done';
	readonly words: string;
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Does an act whose record is durable before the engine is asked; without a record nothing is done. @param record rejects with JournalError */
export const recordedAct = async ({ act, container, service }: ActRequest, engine: Engine, record: (event: NewJournalEvent['event']) => Promise<JournalEvent>): Promise<ActResult> => {
	let started: JournalEvent;
	try {
		started = await record({ kind: 'act_started', act: act.id, command: act.command, container: container.name, risk: act.risk, ...(service === undefined ? {} : { service }) });
	} catch (error) {
		return { outcome: 'not done', words: `no record, no change: ${wordsOf(error)}` };
	}
	const end = await act.run(engine, container.id).then(
		() => ({ outcome: 'done' as const, words: act.command }),
		(error: unknown) => ({ outcome: 'failed' as const, words: `${act.command}: ${wordsOf(error)}` }),
	);
	try {
		await record({ kind: 'act_ended', startedSeq: started.seq, outcome: end.outcome, words: end.words });
		return end;
	} catch (error) {
		return { ...end, words: `${end.words}; its end is not in the record: ${wordsOf(error)}` };
	}
};
