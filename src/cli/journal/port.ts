import type { RunSummary } from '../../domain/journal.ts';
import type { Verification } from '../../record/verify.ts';

/** What the journal commands need: reading only, and never making a journal. `journalTools` of the record stage is one. */
export interface JournalTools {
	/** Where it is. */
	readonly path: string;
	/** @param onProgress called now and then with how many of how many events were checked @throws JournalError where it cannot be opened */
	verify(onProgress?: (checked: number, total: number) => void): Promise<Verification>;
	/** JSON lines, oldest event first. @throws JournalError */
	export(filter: { readonly runId?: string }): AsyncIterable<string>;
	/** Newest first. @throws JournalError */
	runs(filter: { readonly unfinished?: boolean; readonly service?: string; readonly limit?: number }): Promise<readonly RunSummary[]>;
}
