import type { Engine } from '../../domain/engine.ts';
import type { DatabaseAction } from '../../domain/playbook/step.ts';
import { runPostgres } from './postgres/postgres.ts';
import { runSqlite } from './sqlite/sqlite.ts';
import { DatabaseError, type DatabaseResult } from './work.ts';

export interface DatabaseToolOptions {
	readonly password?: string;
	/** Connects only when it is asked for. */
	readonly engine: () => Promise<Engine>;
	readonly timeoutMs: number;
	/** Epoch ms. */
	readonly now: () => number;
	/** One line for the person. */
	readonly print: (line: string) => void;
	readonly signal: AbortSignal;
}

/** Carries out one database step and says in words what it does. Never rejects for what a database can do wrong: that is a result. */
export const runDatabaseTool = async (action: DatabaseAction, options: DatabaseToolOptions): Promise<DatabaseResult> => {
	try {
		return await (action.system === 'sqlite' ? runSqlite(action, options) : runPostgres(action, options.password, options));
	} catch (error) {
		const words = error instanceof Error ? error.message : String(error);
		const advice = error instanceof DatabaseError ? error.advice : undefined;
		// One line: the last one is what the step's row shows.
		options.print(advice === undefined ? words : `${words}. ${advice}`);
		return { ok: false, value: { error: words, ...(advice === undefined ? {} : { advice }) } };
	}
};
