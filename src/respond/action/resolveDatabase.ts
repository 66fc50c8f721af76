import type { DatabaseAction, PostgresAction, SqliteAction } from '../../domain/playbook/step.ts';
import { refuseMark, TemplateError } from './fill.ts';
import { type Both, type Filler, word } from './filler.ts';
import { quote } from './quote.ts';
import type { Resolution } from './resolve.ts';

/** Environment variable by which PostgreSQL's tools take a password. */
export const passwordVariable = 'PGPASSWORD';

const optional = (filler: Filler, template: string | undefined, where: string): Both | undefined => (template === undefined ? undefined : filler.argument(template, where));

const noTemplate = (sql: string | undefined): void => {
	if (sql?.includes('${{') === true) throw new TemplateError('sql', undefined, 'a statement takes no ${{ }}: a value in it could change what it does');
};

const sqliteWords = (action: SqliteAction, path: string, file: string | undefined): string => {
	switch (action.action) {
		case 'backup':
			return `sqlite backup of ${path} to ${file ?? '?'}`;
		case 'restore':
			return `sqlite restore of ${path} from ${file ?? '?'}`;
		case 'query':
			return `sqlite query of ${path}: ${action.sql ?? ''}`;
		case 'integrity':
			return `sqlite integrity check of ${path}`;
		case 'quick-check':
			return `sqlite quick check of ${path}`;
		default:
			return `sqlite ${action.action} of ${path}`;
	}
};

const resolveSqlite = (action: SqliteAction, filler: Filler): Resolution => {
	noTemplate(action.sql);
	const path = filler.argument(action.path, 'path');
	const file = optional(filler, action.file, 'file');
	const stopped = action.stopped?.map((template, index) => filler.argument(template, `stopped[${index}]`));
	const shown = sqliteWords(action, word(path), file === undefined ? undefined : word(file));
	return {
		action: {
			...action,
			path: path.text,
			...(file === undefined ? {} : { file: file.text }),
			...(stopped === undefined ? {} : { stopped: stopped.map((each) => each.text) }),
		},
		shown: stopped === undefined || stopped.length === 0 ? shown : `${shown}, with ${stopped.map(word).join(', ')} stopped`,
		target: path.shown,
		scriptEnv: {},
	};
};

/** As one would type it; the step itself does more, such as opening a backup before it counts. */
const postgresWords = (action: PostgresAction, connection: string, database: string, file: string | undefined): string => {
	const psql = (sql: string): string => `psql ${connection}-d ${database} -c ${quote(sql)}`;
	switch (action.action) {
		case 'backup':
			return `pg_dump ${connection}-Fc -d ${database} > ${file ?? '?'}`;
		case 'restore':
			return `pg_restore ${connection}--clean --if-exists --no-owner --single-transaction --exit-on-error -d ${database} ${file ?? '?'}`;
		case 'integrity':
			return `pg_dump ${connection}-Fc -d ${database} > /dev/null`;
		case 'vacuum':
			return psql('VACUUM (ANALYZE)');
		case 'analyze':
			return psql('ANALYZE');
		case 'reindex':
			return psql(`REINDEX DATABASE "${database}"`);
		case 'query':
			return psql(action.sql ?? '');
	}
};

const resolvePostgres = (action: PostgresAction, filler: Filler): Resolution => {
	noTemplate(action.sql);
	const database = filler.argument(action.database, 'database');
	const container = optional(filler, action.inContainer, 'inContainer');
	const host = optional(filler, action.host, 'host');
	const port = optional(filler, action.port, 'port');
	const user = optional(filler, action.user, 'user');
	const file = optional(filler, action.file, 'file');
	const password = action.passwordParam === undefined ? undefined : filler.scope.secrets?.[`params.${action.passwordParam}`];
	if (action.passwordParam !== undefined && filler.unresolved === 'fail') refuseMark(action.passwordParam, password, 'passwordParam');
	const flag = (name: string, both: Both | undefined): string => (both === undefined ? '' : `${name} ${word(both)} `);
	const connection = flag('-h', host) + flag('-p', port) + flag('-U', user);
	const command = postgresWords(action, connection, word(database), file === undefined ? undefined : word(file));
	const secret = action.passwordParam === undefined ? '' : `${passwordVariable}=(secret)`;
	const where = container === undefined ? (secret === '' ? '' : `${secret} `) : `docker exec ${secret === '' ? '' : `-e ${secret} `}${word(container)} `;
	return {
		action: {
			...action,
			database: database.text,
			...(container === undefined ? {} : { inContainer: container.text }),
			...(host === undefined ? {} : { host: host.text }),
			...(port === undefined ? {} : { port: port.text }),
			...(user === undefined ? {} : { user: user.text }),
			...(file === undefined ? {} : { file: file.text }),
		},
		shown: `${where}${command}`,
		target: database.shown,
		scriptEnv: password === undefined ? {} : { [passwordVariable]: password },
	};
};

export const resolveDatabase = (action: DatabaseAction, filler: Filler): Resolution => (action.system === 'sqlite' ? resolveSqlite(action, filler) : resolvePostgres(action, filler));
