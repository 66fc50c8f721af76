import type { SqliteAction } from '../../../domain/playbook/step.ts';
import { DatabaseError, type DatabasePorts, type DatabaseResult } from '../work.ts';
import { backup } from './backup.ts';
import { backups } from './backups.ts';
import { check, checkpoint, query, tidy } from './care.ts';
import { restore } from './restore.ts';
import { schema } from './schema.ts';

const given = (value: string | undefined, what: string): string => {
	if (value === undefined || value === '') throw new DatabaseError(`${what} is missing`);
	return value;
};

/** Carries out one step on an SQLite database. @throws DatabaseError */
export const runSqlite = async (action: SqliteAction, ports: DatabasePorts): Promise<DatabaseResult> => {
	const path = given(action.path, 'the path of the database');
	switch (action.action) {
		case 'backup':
			return backup(path, action.file, ports);
		case 'backups':
			return backups(path, action.folder, ports);
		case 'schema':
			return schema(path, action.file, ports);
		case 'restore':
			return restore(path, given(action.file, 'the backup to restore'), action.stopped ?? [], ports);
		case 'integrity':
			return check(path, 'integrity_check', ports);
		case 'quick-check':
			return check(path, 'quick_check', ports);
		case 'checkpoint':
			return checkpoint(path, ports);
		case 'vacuum':
		case 'analyze':
		case 'reindex':
			return tidy(path, action.action, ports);
		case 'query':
			return query(path, given(action.sql, 'the statement'), ports);
	}
};
