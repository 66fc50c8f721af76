import { formatBytes } from '../../domain/bytes.ts';
import { type DoctorCheck, errorWords } from './check.ts';
import type { SystemPort } from './systemPort.ts';

/** Oldest Node the SQLite addon runs on: on 20 it takes the process with it. */
const minNode = [22, 12] as const;
/** Below this the journal may stop being written during an incident, bytes. */
const littleSpace = 100 * 1024 * 1024;
const noSpace = 5 * 1024 * 1024;

const nodeIsNew = (version: string): boolean => {
	const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
	return major > minNode[0] || (major === minNode[0] && minor >= minNode[1]);
};

/** Versions of what sitrep stands on. */
export const versionChecks = async (version: string, system: SystemPort): Promise<readonly DoctorCheck[]> => [
	{ id: 'versions.sitrep', group: 'versions', state: 'ok', title: 'sitrep', words: version },
	nodeIsNew(system.nodeVersion)
		? { id: 'versions.node', group: 'versions', state: 'ok', title: 'node', words: `${system.nodeVersion} on ${system.platform}` }
		: {
				id: 'versions.node',
				group: 'versions',
				state: 'fail',
				title: 'node',
				words: `${system.nodeVersion} on ${system.platform}`,
				advice: `Node ${minNode.join('.')} or newer is needed.`,
			},
	await sqlite(system),
];

const sqlite = async (system: SystemPort): Promise<DoctorCheck> => {
	try {
		return { id: 'versions.sqlite', group: 'versions', state: 'ok', title: 'sqlite', words: `${await system.sqliteVersion()}, the addon loads` };
	} catch (error) {
		return {
			id: 'versions.sqlite',
			group: 'versions',
			state: 'fail',
			title: 'sqlite',
			words: `the addon better-sqlite3 does not load: ${errorWords(error)}`,
			advice: 'Nothing can be recorded without it, so nothing can be changed. Install sitrep again with this Node.',
		};
	}
};

/** Whether records can be written, and for how long. */
export const diskChecks = async (system: SystemPort): Promise<readonly DoctorCheck[]> => [await stateDir(system), await space(system)];

const stateDir = async (system: SystemPort): Promise<DoctorCheck> => {
	try {
		await system.tryWriting(system.stateDir);
		return { id: 'disk.state', group: 'disk', state: 'ok', title: 'state', words: `${system.stateDir} can be written` };
	} catch (error) {
		return {
			id: 'disk.state',
			group: 'disk',
			state: 'fail',
			title: 'state',
			words: `${system.stateDir} cannot be written: ${errorWords(error)}`,
			advice: 'Without a record nothing is changed: make the directory yours, or set XDG_STATE_HOME to one that is.',
		};
	}
};

const space = async (system: SystemPort): Promise<DoctorCheck> => {
	const base = { id: 'disk.space', group: 'disk', title: 'space' } as const;
	try {
		const { freeBytes, totalBytes } = await system.space(system.stateDir);
		const words = `${formatBytes(freeBytes)} free of ${formatBytes(totalBytes)}`;
		if (freeBytes < noSpace) return { ...base, state: 'fail', words, advice: 'Make room: the journal cannot be written, and without it nothing is changed.' };
		return freeBytes < littleSpace ? { ...base, state: 'warn', words, advice: 'Make room before an incident does it for you.' } : { ...base, state: 'ok', words };
	} catch (error) {
		return { ...base, state: 'warn', words: `free space is unknown: ${errorWords(error)}`, advice: 'Look at it with `df -h`.' };
	}
};
