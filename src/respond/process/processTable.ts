import process from 'node:process';
import { procTable } from './procTable.ts';
import { psTable } from './psTable.ts';

export interface SeenProcess {
	readonly pid: number;
	readonly parent: number;
	readonly group: number;
	readonly session: number;
	/** When it started; larger is later. Unit and origin are the table's own. */
	readonly start: number;
	readonly name: string;
	/** Over, and only not yet cleared away by its parent. */
	readonly zombie: boolean;
	/** Whether its environment holds what was asked for. */
	readonly marked: boolean;
}

/** The processes of this machine. */
export interface ProcessTable {
	/** Differs after each start of the machine. */
	bootId(): string;
	/** `undefined` where there is none. */
	look(pid: number): SeenProcess | undefined;
	/** All that started at `since` or later. @param mark text that the environment of a marked one holds */
	all(mark: string, since: number): readonly SeenProcess[];
}

/** The table of the system this runs on. */
export const systemProcesses = (): ProcessTable => (process.platform === 'linux' ? procTable('/proc') : psTable());
