import type { PostgresAction } from '../../../domain/playbook/step.ts';
import { DatabaseError, type DatabasePorts, type DatabaseResult } from '../work.ts';
import { backups } from './backups.ts';
import { integrity, query, tidy } from './care.ts';
import { backup } from './dump.ts';
import { containerReach, hostReach } from './reach.ts';
import { restore } from './restore.ts';
import { schema } from './schema.ts';
import type { Target } from './target.ts';

/** Carries out one step on a PostgreSQL database, through PostgreSQL's own tools. @throws DatabaseError */
export const runPostgres = async (action: PostgresAction, password: string | undefined, ports: DatabasePorts): Promise<DatabaseResult> => {
	for (const value of [action.database, action.host, action.port, action.user, action.file, action.folder]) {
		const plain = value?.replace(/^container:/, '');
		if (plain?.startsWith('-') === true || plain?.includes('\0') === true) throw new DatabaseError(`${JSON.stringify(value)}: a value cannot begin with a dash or hold a NUL byte`);
	}
	const reach = action.inContainer === undefined ? hostReach(ports) : await containerReach(action.inContainer, await ports.engine(), ports);
	const target: Target = { reach, action, env: password === undefined ? {} : { PGPASSWORD: password }, ports };
	switch (action.action) {
		case 'backup':
			return backup(target);
		case 'backups':
			return backups(target);
		case 'schema':
			return schema(target);
		case 'restore':
			return restore(target);
		case 'integrity':
			return integrity(target);
		case 'vacuum':
		case 'analyze':
		case 'reindex':
			return tidy(target, action.action);
		case 'query':
			return query(target);
	}
};
