import { isDeepStrictEqual } from 'node:util';
import type { RolloutChange } from '../../../domain/rollout.ts';
import { fields, isFields, number, strings, stringMap, text, type Fields } from '../narrow.ts';
import { variableName } from './mergeDefaults.ts';

/**
 * What differs between two configurations of a container (`Config`, the engine's defaults filled in).
 * Values of variables are left out where they look like secrets.
 */
export function configChanges(before: Fields, after: Fields): readonly RolloutChange[] {
	return [
		...entries('environment', variables(before), variables(after)),
		...entries('labels', stringMap(before['Labels']), stringMap(after['Labels'])),
		...words('entrypoint', commandWords(before['Entrypoint']), commandWords(after['Entrypoint'])),
		...words('command', commandWords(before['Cmd']), commandWords(after['Cmd'])),
		...words('working folder', text(before['WorkingDir']), text(after['WorkingDir'])),
		...words('user', text(before['User']), text(after['User'])),
		...words('stop signal', text(before['StopSignal']), text(after['StopSignal'])),
		...words('shell', commandWords(before['Shell']), commandWords(after['Shell'])),
		...healthChange(before['Healthcheck'], after['Healthcheck']),
		...keys('ports', before['ExposedPorts'], after['ExposedPorts'], 'exposed'),
		...keys('volumes', before['Volumes'], after['Volumes'], 'declared'),
	];
}

function entries(field: RolloutChange['field'], before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): RolloutChange[] {
	return [...new Set([...Object.keys(before), ...Object.keys(after)])]
		.filter((key) => before[key] !== after[key])
		.sort()
		.map((key) => ({ field, key, ...sides(hidden(key, before[key]), hidden(key, after[key])) }));
}

/** A plan is shown and stored: what is named like a secret is not spelt out. */
const secretName = /pass|secret|token|credential|api_?key|private/i;
const hidden = (key: string, value: string | undefined): string | undefined => (value !== undefined && secretName.test(key) ? '(secret)' : value);

function variables(config: Fields): Readonly<Record<string, string>> {
	return Object.fromEntries(strings(config['Env']).map((entry) => [variableName(entry), entry.slice(variableName(entry).length + 1)]));
}

function words(field: RolloutChange['field'], before: string | undefined, after: string | undefined): RolloutChange[] {
	return before === after ? [] : [{ field, ...sides(before, after) }];
}

function sides(before: string | undefined, after: string | undefined): Pick<RolloutChange, 'before' | 'after'> {
	return { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}

function commandWords(value: unknown): string | undefined {
	const argv = strings(value);
	return argv.length === 0 ? undefined : argv.map((word) => (/^[\w./:=@%+,-]+$/.test(word) ? word : JSON.stringify(word))).join(' ');
}

function keys(field: RolloutChange['field'], before: unknown, after: unknown, word: string): RolloutChange[] {
	const all = (value: unknown) => Object.fromEntries(Object.keys(fields(value)).map((key) => [key, word]));
	return entries(field, all(before), all(after));
}

function healthChange(before: unknown, after: unknown): RolloutChange[] {
	return isDeepStrictEqual(before ?? null, after ?? null) ? [] : words('health check', healthWords(before), healthWords(after));
}

/** `wget -q localhost every 5 s, 3 s long, 3 in a row`, with the engine's defaults where none are set. */
export function healthWords(value: unknown): string | undefined {
	if (!isFields(value)) {
		return undefined;
	}
	const [kind, ...test] = strings(value['Test']);
	if (kind === undefined || kind === 'NONE') {
		return kind === 'NONE' ? 'none' : undefined;
	}
	const seconds = (part: string, fallback: number) => (number(value[part]) || fallback * 1e9) / 1e9;
	const start = seconds('StartPeriod', 0);
	return `${test.join(' ')} every ${seconds('Interval', 30)} s, ${seconds('Timeout', 30)} s long, ${number(value['Retries']) || 3} in a row${start === 0 ? '' : `, from ${start} s on`}`;
}
