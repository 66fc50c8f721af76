import type { InputStep, OfferedFrom } from '../../domain/playbook/step.ts';
import type { OfferedValue, Waiting } from '../../domain/run/state.ts';
import type { ParamValue } from '../../domain/playbook/param.ts';
import type { Refusal } from '../../domain/run/control.ts';
import { toText } from '../action/plain.ts';
import type { Scope } from '../action/scope.ts';
import { valueOf } from './figure.ts';

/** What may be chosen for the fields of an input. */
export type Offers = NonNullable<Extract<Waiting, { kind: 'input' }>['offers']>;

/** So many values are offered for a field; the rest can be typed, and is counted. */
const maxOffered = 200;

type Redact = (text: string) => string;

const isPlain = (value: unknown): value is string | number | boolean => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

const offered = (from: unknown, redact: Redact): OfferedValue | undefined => {
	if (isPlain(from)) return { value: toText(from), title: redact(toText(from)) };
	if (typeof from !== 'object' || from === null) return undefined;
	const field = (name: string): string | undefined => {
		const value: unknown = Object.getOwnPropertyDescriptor(from, name)?.value;
		return isPlain(value) && value !== '' ? redact(toText(value)) : undefined;
	};
	const value: unknown = Object.getOwnPropertyDescriptor(from, 'value')?.value;
	if (!isPlain(value)) return undefined;
	const detail = field('detail');
	const disabled = field('disabled');
	// `false` says that it can be chosen; `true` gives no reason, but refuses all the same.
	const reason = disabled === 'false' ? undefined : disabled === 'true' ? 'it cannot be chosen' : disabled;
	return { value: toText(value), title: field('title') ?? redact(toText(value)), ...(detail === undefined ? {} : { detail }), ...(reason === undefined ? {} : { disabled: reason }) };
};

const offersOf = ({ choices, suggested }: OfferedFrom, scope: Scope, redact: Redact): Offers[string] => {
	const result = valueOf(choices, scope);
	if (result.kind !== 'value') return { choices: [], why: redact(result.why) };
	const list: unknown = result.value;
	if (!Array.isArray(list)) return { choices: [], why: `${choices} is no list` };
	const all = list.flatMap((each) => offered(each, redact) ?? []);
	const unread = list.length - all.length;
	const over = Math.max(0, all.length - maxOffered);
	const why = [unread === 0 ? '' : `${unread} without a value`, over === 0 ? '' : `${over} more are not listed`].filter((each) => each !== '').join('; ');
	const picked = suggested === undefined ? undefined : valueOf(suggested, scope);
	const value = picked?.kind === 'value' && isPlain(picked.value) ? toText(picked.value) : undefined;
	const usable = value !== undefined && value !== '' && all.find((each) => each.value === value)?.disabled === undefined;
	return { choices: all.slice(0, maxOffered), ...(usable ? { suggested: value } : {}), ...(why === '' && all.length > 0 ? {} : { why: why === '' ? 'there is nothing to choose from' : why }) };
};

/** What may be chosen for the fields of an input, worked out from what is known now. */
export const offersFor = (step: InputStep, scope: Scope, redact: Redact): Offers | undefined =>
	step.offers === undefined ? undefined : Object.fromEntries(Object.entries(step.offers).map(([field, from]) => [field, offersOf(from, scope, redact)]));

/** Why values that were given cannot be taken, because they are offered as ones that cannot be chosen. */
export const refuseOffered = (offers: Offers | undefined, values: Readonly<Record<string, ParamValue>>): Refusal | undefined => {
	for (const [field, { choices }] of Object.entries(offers ?? {})) {
		const given = values[field];
		if (given === undefined) continue;
		const found = choices.find((each) => each.value === toText(given));
		if (found?.disabled !== undefined) return { refused: `${field}: ${found.title} cannot be chosen: ${found.disabled}`, advice: 'choose another one' };
	}
	return undefined;
};
