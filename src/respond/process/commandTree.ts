import process from 'node:process';
import { type TreeEnd, endTree } from './endTree.ts';
import { familyOf } from './family.ts';
import type { ProcessTable, SeenProcess } from './processTable.ts';
import { markName, type ProcessIdentity } from './records.ts';

/** All processes of one command. */
export interface CommandTree {
	alive(known: readonly SeenProcess[]): readonly SeenProcess[];
	/** TERM, grace, KILL, verified. */
	end(graceMs: number): Promise<TreeEnd>;
}

const signal = (target: number, name: NodeJS.Signals): boolean => {
	try {
		process.kill(target, name);
		return true;
	} catch (error) {
		return !(error instanceof Error && 'code' in error && error.code === 'EPERM');
	}
};

export const commandTree = (table: ProcessTable, root: ProcessIdentity, mark: string): CommandTree => {
	const alive = (known: readonly SeenProcess[]): readonly SeenProcess[] => familyOf(table.all(`${markName}=${mark}`, root.start), root, known);
	return {
		alive,
		end: (graceMs) =>
			endTree(
				{
					alive,
					group: root.pid,
					signalGroup: (name) => void signal(-root.pid, name),
					signal: (seen, name) => signal(seen.pid, name),
					now: () => performance.now(),
					sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
				},
				graceMs,
			),
	};
};
