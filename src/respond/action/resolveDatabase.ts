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

const words = (both: Both | undefined): string | undefined => (both === undefined ? undefined : word(both));

const withStopped = (shown: string, stopped: readonly Both[] | undefined): string => (stopped === undefined || stopped.length === 0 ? shown : `${shown}, with ${stopped.map(word).join(', ')} stopped`);

interface Places {
	readonly file: string | undefined;
	readonly folder: string | undefined;
}

const sqliteWords = (action: SqliteAction, path: string, { file, folder }: Places): string => {
	switch (action.action) {
		case 'backups':
			return `sqlite backups of ${path}${folder === undefined ? '' : ` in ${folder}`}`;
		case 'schema':
			return `sqlite schema of ${path}${file === undefined ? '' : ` beside that of ${file}`}`;
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
	const folder = optional(filler, action.folder, 'folder');
	const shown = sqliteWords(action, word(path), { file: words(file), folder: words(folder) });
	return {
		action: {
			...action,
			path: path.text,
			...(file === undefined ? {} : { file: file.text }),
			...(folder === undefined ? {} : { folder: folder.text }),
			...(stopped === undefined ? {} : { stopped: stopped.map((each) => each.text) }),
		},
		shown: withStopped(shown, stopped),
		target: path.shown,
		scriptEnv: {},
	};
};

/** As one would type it; the step itself does more, such as opening a backup before it counts. */
const postgresWords = (action: PostgresAction, connection: string, database: string, { file, folder }: Places): string => {
	const psql = (sql: string): string => `psql ${connection}-d ${database} -c ${quote(sql)}`;
	switch (action.action) {
		case 'backup':
			return `pg_dump ${connection}-Fc -d ${database} > ${file ?? '?'}`;
		case 'backups':
			return `backups of ${database} in ${folder ?? '?'}, the newest ones read with pg_restore`;
		case 'schema':
			return `${psql('SELECT version_num FROM alembic_version')}${file === undefined ? '' : `, and its rows beside those of ${file}`}`;
		case 'restore':
			return `pg_restore ${connection}--single-transaction --exit-on-error ${file ?? '?'}, into a new database beside it that then takes the name ${database}`;
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
	const folder = optional(filler, action.folder, 'folder');
	const stopped = action.stopped?.map((template, index) => filler.argument(template, `stopped[${index}]`));
	const password = action.passwordParam === undefined ? undefined : filler.scope.secrets?.[`params.${action.passwordParam}`];
	if (action.passwordParam !== undefined && filler.unresolved === 'fail') refuseMark(action.passwordParam, password, 'passwordParam');
	const flag = (name: string, both: Both | undefined): string => (both === undefined ? '' : `${name} ${word(both)} `);
	const connection = flag('-h', host) + flag('-p', port) + flag('-U', user);
	const command = postgresWords(action, connection, word(database), { file: words(file), folder: words(folder) });
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
			...(folder === undefined ? {} : { folder: folder.text }),
			...(stopped === undefined ? {} : { stopped: stopped.map((each) => each.text) }),
		},
		shown: withStopped(`${where}${command}`, stopped),
		target: database.shown,
		scriptEnv: password === undefined ? {} : { [passwordVariable]: password },
	};
};

export const resolveDatabase = (action: DatabaseAction, filler: Filler): Resolution => (action.system === 'sqlite' ? resolveSqlite(action, filler) : resolvePostgres(action, filler));
