import type { InputStep } from '../../domain/playbook/step.ts';
import { sanitiseText } from '../../domain/sanitise.ts';
import type { OfferedValue, Waiting } from '../../domain/run/state.ts';
import type { RunScene } from '../reduce/scene.ts';
import { command, dialog, never, options, titleOf } from './dialogParts.ts';
import { formFields } from './form.ts';
import type { FormField, OptionItem, RunDialog } from './view.ts';

type Asking = Extract<Waiting, { kind: 'input' }>;
type Offers = NonNullable<Asking['offers']>[string];

/** Offered values that a hint has room for. */
const hinted = 4;

const withOffers = (field: FormField, offers: Offers | undefined): FormField => {
	if (offers === undefined) return field;
	const open = offers.choices.filter((each) => each.disabled === undefined).map((each) => each.value);
	const more = open.length > hinted ? `, ${open.length - hinted} more` : '';
	return {
		...field,
		value: field.value === '' ? (offers.suggested ?? '') : field.value,
		...(open.length === 0 ? {} : { hint: `such as ${sanitiseText(open.slice(0, hinted).join(', '))}${more}` }),
	};
};

const inputForm = (title: string, step: InputStep | undefined, waiting: Asking): RunDialog => ({
	kind: 'form',
	title,
	lines: [],
	fields: step === undefined ? [] : formFields(step.fields, {}).map((field) => withOffers(field, waiting.offers?.[field.name])),
	selected: 0,
	buttons: ['Give'],
	subject: { kind: 'input', step: waiting.step },
});

const offered = (waiting: Asking, field: string, { value, title, detail, disabled }: OfferedValue): OptionItem => ({
	id: value,
	title: sanitiseText(title),
	...(detail === undefined ? {} : { detail: sanitiseText(detail) }),
	risk: 'read',
	...(disabled === undefined ? {} : { disabled: sanitiseText(disabled) }),
	answer: command({ kind: 'input', step: waiting.step, values: { [field]: value } }),
});

/** What is typed in place of an offered value, in words. */
const otherWords = (type: string | undefined): string => (type === 'image' ? 'Type another image' : 'Type another value');

/** Where one value is asked for and some are offered: the one suggested is selected. A form in every other case. */
export const inputDialog = (run: RunScene, waiting: Asking): RunDialog => {
	const found = run.state.playbook.steps.find((each) => each.id === waiting.step);
	const step = found?.kind === 'input' ? found : undefined;
	const title = titleOf(run, waiting.step);
	const form = inputForm(title, step, waiting);
	const [field, ...others] = Object.keys(step?.fields ?? {});
	const offers = field === undefined ? undefined : waiting.offers?.[field];
	if (field === undefined || offers === undefined || others.length > 0 || offers.choices.length === 0) return form;
	const suggested = offers.choices.findIndex((each) => each.value === offers.suggested && each.disabled === undefined);
	const open = offers.choices.findIndex((each) => each.disabled === undefined);
	const other: OptionItem = { id: 'type another', title: otherWords(step?.fields[field]?.type), risk: 'read', answer: dialog(form) };
	return options(
		title,
		[suggested === -1 ? 'None is suggested: choose one.' : 'The one suggested is selected.'],
		[...offers.choices.map((each) => offered(waiting, field, each)), other, never],
		{ selected: suggested !== -1 ? suggested : open !== -1 ? open : offers.choices.length },
	);
};
