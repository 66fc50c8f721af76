import type { Action, CommandAction, ContainerAction, HttpAction } from '../../domain/playbook/step.ts';
import type { ResolvedAction } from '../../domain/run/action.ts';
import { ExpressionError } from './expression.ts';
import { fill, TemplateError } from './fill.ts';
import { type Both, type Filler, makeFiller, word } from './filler.ts';
import { quote } from './quote.ts';
import { resolveDatabase } from './resolveDatabase.ts';
import { resolveRollout, rolloutAsWritten } from './resolveRollout.ts';
import type { Scope } from './scope.ts';
import { scriptVariables } from './script.ts';

/** A resolved action in pieces: `shown` is complete only where nothing was left as it stands. */
export interface Resolution {
	readonly action: Action;
	readonly shown: string;
	readonly target?: string;
	readonly scriptEnv: Readonly<Record<string, string>>;
}

/** Default of the engine itself, seconds. */
export const defaultGraceSeconds = 10;
export const defaultTail = 200;

const record = (filler: Filler, entries: Readonly<Record<string, string>>, where: string): { readonly values: Readonly<Record<string, string>>; readonly filled: readonly (readonly [string, Both])[] } => {
	const filled = Object.entries(entries).map(([name, template]) => [name, filler.value(template, `${where}.${name}`)] as const);
	return { values: Object.fromEntries(filled.map(([name, both]) => [name, both.text])), filled };
};

const resolveCommand = (action: CommandAction, filler: Filler): Resolution => {
	const container = action.inContainer === undefined ? undefined : filler.argument(action.inContainer, 'inContainer');
	const folder = action.workingDir === undefined ? undefined : filler.argument(action.workingDir, 'workingDir');
	const env = record(filler, action.env, 'env');
	const assignments = env.filled.map(([name, both]) => `${name}=${word(both)}`);
	const base = {
		kind: 'command',
		env: env.values,
		...(container === undefined ? {} : { inContainer: container.text }),
		...(folder === undefined ? {} : { workingDir: folder.text }),
	} as const;
	const target = container === undefined ? {} : { target: container.shown };
	const into = (words: readonly string[], variables: readonly string[]): string => {
		if (container === undefined) return [...(folder === undefined ? [] : [`cd ${word(folder)} &&`]), ...variables, ...words].join(' ');
		const flags = [...(folder === undefined ? [] : ['-w', word(folder)]), ...variables.flatMap((each) => ['-e', each])];
		return ['docker exec', ...flags, word(container), ...words].join(' ');
	};
	if (action.sh !== undefined) {
		const script = scriptVariables(action.sh, filler.scope, filler.unresolved);
		const variables = [...assignments, ...script.shown];
		const body = action.sh.trimEnd();
		const shown =
			container === undefined
				? [...(folder === undefined ? [] : [`cd ${word(folder)}`]), ...(variables.length === 0 ? [] : [variables.join(' ')]), body].join('\n')
				: into(['sh', '-eu', '-c', `'${body.replaceAll("'", String.raw`'\''`)}'`], variables);
		return { action: { ...base, sh: action.sh }, shown, ...target, scriptEnv: script.env };
	}
	const argv = (action.run ?? []).map((template, index) => filler.argument(template, `run[${index}]`));
	const [program] = argv;
	if (program === undefined || program.text === '') throw new TemplateError('run', undefined, 'there is no program to run');
	return { action: { ...base, run: argv.map((each) => each.text) }, shown: into(argv.map(word), assignments), ...target, scriptEnv: {} };
};

/** The words of the action menu: what one would type. */
const containerWords = (action: ContainerAction, name: string): readonly string[] => {
	switch (action.action) {
		case 'stop':
		case 'restart':
			return [action.action, '-t', String(action.graceSeconds ?? defaultGraceSeconds), name];
		case 'kill':
			return ['kill', '-s', action.signal ?? 'SIGKILL', name];
		case 'logs':
			return ['logs', '--tail', String(action.tail ?? defaultTail), ...(action.sinceSeconds === undefined ? [] : ['--since', `${action.sinceSeconds}s`]), name];
		default:
			return [action.action, name];
	}
};

const resolveContainer = (action: ContainerAction, filler: Filler): Resolution => {
	const name = filler.argument(action.name, 'name');
	if (name.text === '') throw new TemplateError('name', undefined, 'the name of the container is empty');
	return { action: { ...action, name: name.text }, shown: ['docker', ...containerWords(action, word(name))].join(' '), target: name.shown, scriptEnv: {} };
};

const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

const resolveHttp = (action: HttpAction, filler: Filler): Resolution => {
	const url = filler.address(action.url, 'url');
	const headers = record(filler, action.headers, 'headers');
	for (const [name, both] of headers.filled) {
		if (!headerName.test(name)) throw new TemplateError('headers', undefined, `${name} is no name of a header`);
		if (/[\r\n]/.test(both.text)) throw new TemplateError(`headers.${name}`, undefined, 'a value with a line break would begin another header');
	}
	const body = action.body === undefined ? undefined : filler.value(action.body, 'body');
	const json = action.json === undefined ? undefined : filler.json(action.json, 'json');
	const method = action.method === 'GET' ? [] : action.method === 'HEAD' ? ['-I'] : ['-X', action.method];
	const typed = Object.keys(action.headers).some((name) => name.toLowerCase() === 'content-type');
	const sent = json === undefined ? [] : [...(typed ? [] : ['-H', quote('Content-Type: application/json')]), '--data-raw', quote(JSON.stringify(json.shown))];
	const words = [
		'curl',
		'-fsS',
		...(action.followRedirects ? ['-L'] : []),
		...method,
		...headers.filled.flatMap(([name, both]) => ['-H', quote(`${name}: ${both.shown}`)]),
		...(body === undefined ? [] : ['--data-raw', word(body)]),
		...sent,
		url.complete ? quote(url.shown) : url.shown,
	];
	return {
		action: {
			...action,
			url: url.text,
			headers: headers.values,
			...(body === undefined ? {} : { body: body.text }),
			...(json === undefined ? {} : { json: json.value }),
		},
		shown: words.join(' '),
		target: url.complete ? new URL(url.shown.replaceAll('(secret)', 'secret')).host : url.shown,
		scriptEnv: {},
	};
};

const resolveWith = (action: Action, filler: Filler): Resolution => {
	switch (action.kind) {
		case 'command':
			return resolveCommand(action, filler);
		case 'container':
			return resolveContainer(action, filler);
		case 'http':
			return resolveHttp(action, filler);
		case 'database':
			return resolveDatabase(action, filler);
		case 'rollout':
			return resolveRollout(action, filler);
	}
};

/**
 * Fills in every template of an action. The result holds secrets, `shown` and `target` apart.
 * @param unresolved `keep` leaves what is not known yet as it stands, for a dry run: such an action must not be carried out
 * @throws TemplateError naming the place, and what has no value or is refused
 */
export const resolveAction = (action: Action, scope: Scope, unresolved: 'fail' | 'keep' = 'fail'): ResolvedAction => {
	const filler = makeFiller(scope, unresolved);
	const { target, ...resolved } = resolveWith(action, filler);
	const secrets = filler.secrets();
	return { ...resolved, ...(target === undefined || target === '' ? {} : { target }), ...(secrets.length === 0 ? {} : { secrets }) };
};

/** An action before it can be carried out: what is not known yet stands as `${{ … }}`; `refused` says what would keep it from running. */
export interface ActionPreview {
	readonly shown: string;
	readonly target?: string;
	readonly refused?: string;
}

const asWritten = (action: Action): string => {
	switch (action.kind) {
		case 'command':
			return action.sh?.trimEnd() ?? action.run?.join(' ') ?? '';
		case 'container':
			return ['docker', ...containerWords(action, action.name)].join(' ');
		case 'http':
			return `${action.method} ${action.url}`;
		case 'database':
			return `${action.system} ${action.action} ${action.system === 'sqlite' ? action.path : action.database}`;
		case 'rollout':
			return rolloutAsWritten(action);
	}
};

/** Shows an action for a dry run. Never throws. */
export const previewAction = (action: Action, scope: Scope): ActionPreview => {
	try {
		const { shown, target } = resolveWith(action, makeFiller(scope, 'keep'));
		return { shown, ...(target === undefined || target === '' ? {} : { target }) };
	} catch (error) {
		if (error instanceof TemplateError || error instanceof ExpressionError) return { shown: asWritten(action), refused: error.message };
		throw error;
	}
};

/** A text of the playbook for people, such as `loses` or the instructions: what is not known yet stands as `${{ … }}`, secrets as `(secret)`. Never throws. */
export const previewText = (template: string, scope: Scope): string => {
	try {
		return fill(template, scope, { unresolved: 'keep' }).shown;
	} catch (error) {
		if (error instanceof TemplateError || error instanceof ExpressionError) return template;
		throw error;
	}
};
