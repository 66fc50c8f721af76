import type { CommandEnd } from '../../domain/run/execution.ts';
import { evidenceOf } from './evidence.ts';
import type { ProcessTable } from './processTable.ts';
import { readEnd } from './readRecords.ts';

/** How often a look is taken whether the end was written. */
const lookMs = 50;
/** How often it is made sure that the supervisor lives, in looks. */
const looksPerCheck = 20;

/** An execution whose supervisor is gone without a word on its end. */
export class CommandLost extends Error {
	override readonly name = 'CommandLost';
	/** Processes of the command that still run, `pid name` each. */
	readonly alive: readonly string[];
	constructor(words: string, alive: readonly string[]) {
		super(words);
		this.alive = alive;
	}
}

export interface EndWatch {
	/** Rejects with `CommandLost`. Never settles after `stop`. */
	readonly ended: Promise<CommandEnd>;
	/** Looks at once. */
	hurry(): void;
	stop(): void;
}

/** Waits for the end of an execution, whoever started it. Keeps the process alive until then. */
export const watchEnd = (folder: string, table: ProcessTable): EndWatch => {
	const { promise: ended, resolve, reject } = Promise.withResolvers<CommandEnd>();
	// Who only cancels or detaches need not listen.
	ended.catch(() => undefined);
	let over = false;
	let looks = 0;
	let timer: NodeJS.Timeout | undefined;
	const settle = (act: () => void): void => {
		if (over) return;
		over = true;
		clearTimeout(timer);
		act();
	};
	const look = async (check: boolean): Promise<void> => {
		const end = await readEnd(folder);
		if (end !== undefined && !('unreadable' in end)) return settle(() => resolve(end));
		if (!check) return;
		const evidence = await evidenceOf(folder, table);
		if (evidence.kind === 'ended') settle(() => resolve(evidence.end));
		else if (evidence.kind === 'lost') settle(() => reject(new CommandLost(evidence.words, evidence.alive)));
		else if (evidence.kind === 'never') settle(() => reject(new CommandLost(`${folder}: the files of the execution are gone`, [])));
	};
	const turn = (): void => {
		looks += 1;
		void look(looks % looksPerCheck === 0).finally(() => {
			if (!over) timer = setTimeout(turn, lookMs);
		});
	};
	turn();
	return {
		ended,
		hurry: () => void look(true),
		stop: () => settle(() => undefined),
	};
};
