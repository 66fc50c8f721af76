import { join } from 'node:path';
import envPaths from 'env-paths';
import type { Connection } from '../../connection.ts';

/** Where files of ours for compose are kept, where nobody named a folder. They have to outlive us: containers name them. */
export function overrideFolder({ ports: { compose = {} } }: Connection): string {
	const { environment = process.env, overrideFolder: named } = compose;
	return named ?? join(environment['SITREP_STATE_DIR'] ?? envPaths('sitrep', { suffix: '' }).data, 'compose');
}
