import process from 'node:process';
import envPaths from 'env-paths';

/** Where sitrep keeps the journal and the files of runs: `SITREP_STATE_DIR`, else the user's data folder. */
export const stateFolder = (): string => process.env['SITREP_STATE_DIR'] ?? envPaths('sitrep', { suffix: '' }).data;
