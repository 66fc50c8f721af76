import type { Param, ParamValue } from '../../domain/playbook/param.ts';
import type { Playbook } from '../../domain/playbook/playbook.ts';
import { ParamError, readParams } from '../../respond/action/params.ts';
import type { FormField, RunDialog } from './view.ts';

const fieldHint = (field: { readonly type: string; readonly choices?: readonly string[]; readonly min?: number; readonly max?: number; readonly optional: boolean }): string => {
	const range = field.min === undefined && field.max === undefined ? '' : ` ${field.min ?? ''} to ${field.max ?? ''}`;
	const kind = field.choices === undefined ? `${field.type}${range}` : `one of ${field.choices.join(', ')}`;
	return field.optional ? `${kind}, may stay empty` : kind;
};

/** Parameters or input fields as rows of a form. */
export const formFields = (
	fields: Readonly<Record<string, { readonly type: string; readonly title?: string; readonly default?: ParamValue; readonly choices?: readonly string[]; readonly min?: number; readonly max?: number; readonly optional: boolean }>>,
	values: Readonly<Record<string, string>>,
): readonly FormField[] =>
	Object.entries(fields).map(([name, field]) => ({
		name,
		title: field.title ?? name,
		value: values[name] ?? (field.default === undefined ? '' : String(field.default)),
		secret: field.type === 'secret',
		hint: fieldHint(field),
	}));

/** The form that opens before a run: parameters filled in from the service. */
export const startForm = (offer: { readonly id: string; readonly title: string; readonly summary?: string; readonly fields: readonly FormField[]; readonly service?: string }): RunDialog => {
	const missing = offer.fields.findIndex((field) => field.value === '' && !field.hint.endsWith('may stay empty'));
	return {
		kind: 'form',
		title: offer.title,
		lines: offer.summary === undefined ? [] : [offer.summary],
		fields: offer.fields,
		selected: missing === -1 ? offer.fields.length : missing,
		buttons: ['Start', 'Dry run'],
		subject: { kind: 'start', playbook: offer.id, ...(offer.service === undefined ? {} : { service: offer.service }) },
	};
};

/** The form of a playbook that would be started on a service. */
export const formOf = (playbook: Playbook, values: Readonly<Record<string, string>>, service: string | undefined): RunDialog =>
	startForm({
		id: playbook.id,
		title: playbook.title,
		...(playbook.summary === undefined ? {} : { summary: playbook.summary }),
		fields: formFields(playbook.params, values),
		...(service === undefined ? {} : { service }),
	});

const missing = (param: Param, value: string | undefined): boolean => !param.optional && param.default === undefined && param.type !== 'secret' && (value ?? '') === '';

/** Whether a run cannot start before the person has given something. The run itself asks for secrets. */
export const needsForm = (playbook: Playbook, values: Readonly<Record<string, string>>): boolean => Object.entries(playbook.params).some(([name, param]) => missing(param, values[name]));

type Form = Extract<RunDialog, { kind: 'form' }>;

/** By field, what is wrong with what stands in a form. A secret may stay empty: the run asks for it. */
const problemsOf = (definitions: Readonly<Record<string, Param>>, fields: readonly FormField[]): ReadonlyMap<string, string> => {
	const pick = (secret: boolean) => Object.fromEntries(fields.filter((field) => field.secret === secret && !(secret && field.value === '')).map((field) => [field.name, field.value]));
	try {
		readParams(definitions, pick(false), { secrets: pick(true) });
		return new Map();
	} catch (error) {
		if (!(error instanceof ParamError)) throw error;
		return new Map(error.problems.map(({ name, message }) => [name, message]));
	}
};

/** The form with what is wrong beside each field, the first of them selected; absent where nothing is. */
export const refusedForm = (form: Form, definitions: Readonly<Record<string, Param>>): Form | undefined => {
	const problems = problemsOf(definitions, form.fields);
	const fields = form.fields.map(({ problem: _problem, ...field }): FormField => {
		const problem = problems.get(field.name);
		return problem === undefined ? field : { ...field, problem };
	});
	const first = fields.findIndex((field) => field.problem !== undefined);
	return first === -1 ? undefined : { ...form, fields, selected: first };
};
