import type { JournalEvent, NewJournalEvent } from '../../domain/journal.ts';
import type { LoadedPlaybook } from '../../domain/playbook/playbook.ts';
import type { PlaybookProblem } from '../../domain/playbook/problem.ts';
import type { Responder } from '../../domain/run/control.ts';
import type { ServiceStatus } from '../../domain/situation.ts';
import type { KnownMove } from './rollbackDialog.ts';

/** What stands behind the playbook pane. Made after the first frame: loading it takes a while. */
export interface RunBench {
	readonly responder: Responder;
	/** Reads the playbooks: takes a while, and an unfinished run can be opened meanwhile. @param turn waited for before each one */
	readLibrary(turn: () => Promise<void>): Promise<void>;
	/** Absent until they have been read. */
	readonly playbooks: readonly LoadedPlaybook[] | undefined;
	/** What keeps playbooks from being offered. */
	readonly problems: readonly PlaybookProblem[];
	/** Playbooks that fit, those whose triggers fire first. */
	fits(status: ServiceStatus | undefined): readonly { readonly loaded: LoadedPlaybook; readonly why: string; readonly fires: boolean; readonly values: Readonly<Record<string, string>> }[];
	/**
	 * Moves of the service between versions that can be taken up again, newest first: those left in the middle, and the newest that was done and can be
	 * taken back. Asked whenever `r` is pressed, so it answers from what it has read before.
	 */
	moves?(status: ServiceStatus): readonly KnownMove[];
	/** Records an act of the action menu: durable when it resolves. @throws JournalError */
	record(event: NewJournalEvent['event']): Promise<JournalEvent>;
}
