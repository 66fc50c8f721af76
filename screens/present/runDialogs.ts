import type { FormField, OptionItem, PickerItem, RunDialog } from '../../src/console/run/view.ts';
import { fit, type Pen, type Piece, piece, widthOf } from './cells.ts';
import { type Content, firstOf } from './dialogFrame.ts';
import { severityRole } from './roles.ts';
import { criteriaLines } from './rollback.ts';
import { riskPiece } from './stepDetail.ts';
import { prompt } from './title.ts';
import { wrapWords } from './wrap.ts';

type DialogOf<Kind extends RunDialog['kind']> = Extract<RunDialog, { kind: Kind }>;
type Line = readonly Piece[];

const explained = (lines: readonly string[], width: number): readonly Line[] => {
	const wrapped = lines.flatMap((line) => wrapWords(line, width - 6)).map((text): Line => [piece(` ${text}`)]);
	return wrapped.length === 0 ? [] : [...wrapped, [piece('')]];
};

const range = (first: number, room: number, total: number, keys: string): string => (total > room ? `${first + 1}-${Math.min(first + room, total)} of ${total}` : keys);

const pickerContent = (dialog: DialogOf<'picker'>, columns: number, rows: number, pen: Pen): Content => {
	const width = Math.min(100, columns - 4);
	const room = Math.min(14, rows - 9);
	const first = firstOf(dialog.selected, room, dialog.items.length);
	const inner = width - 4;
	const titleWidth = Math.min(Math.floor(inner * 0.5), dialog.all.reduce((most, item) => Math.max(most, widthOf(item.title)), 10));
	const line = (item: PickerItem): Line => [
		piece(item.severity === undefined ? '   ' : `${item.severity} `, item.severity === undefined ? 'plain' : severityRole(item.severity)),
		piece(`${fit(item.title, titleWidth, pen)}  `, item.disabled !== undefined ? 'muted' : item.fires ? 'strong' : 'plain'),
		piece(fit(item.disabled ?? item.why, Math.max(0, inner - titleWidth - 5), pen), item.fires ? 'plain' : 'muted'),
	];
	const listed = dialog.items.slice(first, first + room).map(line);
	const none: readonly Line[] = dialog.items.length === 0 ? [[piece(' no playbook matches', 'muted')]] : [];
	const blank = Array.from({ length: Math.max(0, room - listed.length - none.length) }, (): Line => [piece('')]);
	return {
		title: dialog.title,
		lines: [prompt('/ ', dialog.query, pen), [], ...listed, ...none, ...blank],
		...(dialog.items.length === 0 ? {} : { selected: dialog.selected - first + 2 }),
		frame: 'plain',
		width,
		foot: range(first, room, dialog.items.length, 'type to filter  Enter open  Esc cancel'),
	};
};

const fieldLines = (field: FormField, focused: boolean, labelWidth: number, width: number, pen: Pen): readonly Line[] => {
	const value = field.secret ? '*'.repeat(field.value.length) : field.value;
	const room = width - labelWidth - 6;
	const typed: readonly Piece[] = focused ? prompt('', value.length > room ? value.slice(-room) : value, pen) : [piece(fit(value, Math.min(room, Math.max(1, widthOf(value))), pen), 'strong')];
	return [
		[piece(focused ? '> ' : '  ', 'strong'), piece(fit(field.title, labelWidth, pen), focused ? 'strong' : 'plain'), piece('  '), ...typed, piece(value === '' || focused ? `  ${field.hint}` : '', 'muted')],
		...(field.problem === undefined ? [] : wrapWords(field.problem, width - labelWidth - 6).map((text): Line => [piece(' '.repeat(labelWidth + 4)), piece(text, ['p1', 'strong'])])),
	];
};

const formContent = (dialog: DialogOf<'form'>, columns: number, rows: number, pen: Pen): Content => {
	const width = Math.min(84, columns - 4);
	// Half for the names: a value that is too long shows its end while one types, a name that is cut says nothing.
	const labelWidth = Math.min(Math.floor((width - 4) / 2), dialog.fields.reduce((most, field) => Math.max(most, widthOf(field.title)), 6));
	const said = explained(dialog.lines, width).slice(0, 5);
	const problems = dialog.fields.reduce((sum, field) => sum + (field.problem === undefined ? 0 : wrapWords(field.problem, width - labelWidth - 10).length), 0);
	const isCut = (field: FormField): boolean => widthOf(field.title) > labelWidth;
	// A name that is cut is told in full while its field has the focus, on a line that is always there: the box does not jump.
	const focused = dialog.fields[dialog.selected];
	const whole: readonly Line[] = dialog.fields.some(isCut) ? [[piece(focused !== undefined && isCut(focused) ? `  ${focused.title}` : '', 'muted')]] : [];
	const room = Math.max(3, rows - 7 - said.length - problems - whole.length);
	const first = firstOf(Math.min(dialog.selected, Math.max(0, dialog.fields.length - 1)), room, dialog.fields.length);
	const fields = dialog.fields.slice(first, first + room).flatMap((field, index) => fieldLines(field, first + index === dialog.selected, labelWidth, width - 4, pen));
	const buttons = dialog.buttons.flatMap((label, index): readonly Piece[] => {
		const focused = dialog.selected === dialog.fields.length + index;
		return [piece(focused ? `> ${label} <` : `  ${label}  `, focused ? ['selected', 'strong'] : 'plain'), piece('   ')];
	});
	const none: readonly Line[] = dialog.fields.length === 0 ? [[piece('  It needs no values.', 'muted')]] : [];
	return {
		title: dialog.title,
		lines: [...said, ...none, ...fields, ...(whole.length === 0 ? [[piece('')]] : whole), buttons],
		frame: 'plain',
		width,
		foot: dialog.fields.length > room ? `${first + 1}-${Math.min(first + room, dialog.fields.length)} of ${dialog.fields.length}  Tab next` : 'Tab next  Enter next, or press  Esc cancel',
	};
};

const optionsContent = (dialog: DialogOf<'options'>, columns: number, rows: number, pen: Pen): Content => {
	const width = Math.min(dialog.criteria === undefined ? 90 : 130, columns - 4);
	const inner = width - 4;
	const said = explained(dialog.lines, width).slice(0, Math.max(2, rows - 10));
	const table = dialog.criteria === undefined ? [] : criteriaLines(dialog.criteria, inner - 2, Math.max(3, rows - 6 - said.length - dialog.items.length), pen).map((line): Line => [piece(' '), ...line]);
	const head = [...said, ...table, ...(table.length === 0 ? [] : [[piece('')]])];
	const room = Math.max(2, rows - 6 - head.length);
	const first = firstOf(dialog.selected, room, dialog.items.length);
	const line = (item: OptionItem): Line => {
		const risk = item.disabled === undefined && item.risk !== 'read' ? riskPiece(item.risk) : piece('');
		const right = risk.text === '' ? 0 : widthOf(risk.text) + 1;
		const aside = item.disabled ?? item.detail;
		const text = aside === undefined ? item.title : `${item.title}  `;
		const titleWidth = Math.min(widthOf(text), inner - 2 - right);
		return [
			piece(` ${fit(text, titleWidth, pen)}`, item.disabled === undefined ? 'plain' : 'muted'),
			piece(fit(aside ?? '', Math.max(0, inner - 1 - titleWidth - right), pen), 'muted'),
			...(right === 0 ? [] : [piece(' '), risk]),
		];
	};
	return {
		title: dialog.title,
		lines: [...head, ...dialog.items.slice(first, first + room).map(line)],
		...(dialog.items.length === 0 ? {} : { selected: dialog.selected - first + head.length }),
		frame: dialog.tone,
		width,
		foot: range(first, room, dialog.items.length, 'Enter choose  Esc cancel'),
	};
};

const textContent = (dialog: DialogOf<'text'>, columns: number, pen: Pen): Content => {
	const width = Math.min(84, columns - 4);
	const room = width - 10;
	const shown = dialog.secret ? '*'.repeat(Math.min(room, dialog.text.length)) : dialog.text.length > room ? dialog.text.slice(-room) : dialog.text;
	return { title: dialog.title, lines: [...explained(dialog.lines, width), prompt('> ', shown, pen)], frame: 'plain', width, foot: 'Enter give  Esc cancel' };
};

/** What stands in the box of a dialog of a run. */
export const runDialogContent = (dialog: Exclude<RunDialog, { kind: 'confirm' }>, columns: number, rows: number, pen: Pen): Content => {
	switch (dialog.kind) {
		case 'picker':
			return pickerContent(dialog, columns, rows, pen);
		case 'form':
			return formContent(dialog, columns, rows, pen);
		case 'options':
			return optionsContent(dialog, columns, rows, pen);
		case 'text':
			return textContent(dialog, columns, pen);
	}
};
