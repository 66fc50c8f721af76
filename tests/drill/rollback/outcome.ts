import type { RolloutOutcome } from '../../../src/domain/rollout.ts';
import type { LoadSpan } from '../load.ts';
import type { LoadWindow } from '../loadStats.ts';
import type { PlaybookRecovery } from '../outcome.ts';

/** What the record says of a move. */
export interface RecordedMove {
	readonly end: RolloutOutcome['end'];
	readonly words: string;
	/** Epoch ms. */
	readonly begunAt: number;
	readonly endedAt: number;
	/** Time in which nobody answered, ms; absent where somebody always did. */
	readonly gapMs?: number;
	readonly tookMs: number;
}

/** What the record says of the restore of a backup. */
export interface RecordedRestore {
	/** Age of the backup, s: how far back the data goes. */
	readonly rpoSeconds: number;
	/** How long the restore itself took, ms. */
	readonly rtoMs: number;
	/** Rows written after the backup, which are lost. */
	readonly rowsLost?: number;
}

/** What came of one rollback by a person at the console. */
export interface RollbackRecovery extends PlaybookRecovery {
	/** Version that runs at the end; empty where none does. */
	readonly endedOn: string;
	/** The service is well at the end, on whichever version. */
	readonly up: boolean;
	/** The move that ended last; absent where none was made. */
	readonly move?: RecordedMove;
	/** Absent where no backup was restored. */
	readonly restored?: RecordedRestore;
	/** Requests from outside to the published port while it was made. */
	readonly requests?: LoadSpan;
	/** Requests of the range's own load generator since the fault showed; absent where it was restarted meanwhile. */
	readonly sinceFault?: LoadWindow;
}
