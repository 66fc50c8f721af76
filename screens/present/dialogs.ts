import type { ConfirmDialog, Dialog, MenuItem, PaletteItem } from '../../src/console/view.ts';
import { fit, type Pen, type Piece, piece, widthOf } from './cells.ts';
import { type Content, type DialogBox, firstOf, framed } from './dialogFrame.ts';
import { helpLines } from './help.ts';
import { runDialogContent } from './runDialogs.ts';
import { prompt } from './title.ts';
import { wrapLines } from './wrap.ts';

const paletteContent = (dialog: Extract<Dialog, { kind: 'palette' }>, columns: number, rows: number, pen: Pen): Content => {
	const width = Math.min(72, columns - 4);
	const room = Math.min(10, rows - 9);
	const first = firstOf(dialog.selected, room, dialog.items.length);
	const keyCells = Math.min(14, dialog.items.reduce((most, item) => Math.max(most, widthOf(item.keys)), 0));
	const line = (item: PaletteItem): readonly Piece[] => [piece(` ${fit(item.title, width - 6 - keyCells, pen)} `), piece(fit(item.keys, keyCells, pen), 'muted')];
	const listed = dialog.items.slice(first, first + room).map(line);
	const none = dialog.items.length === 0 ? [[piece(' no command matches', 'muted')]] : [];
	// A fixed height: the box does not jump while one types.
	const blank = Array.from({ length: Math.max(0, room - listed.length - none.length) }, () => [piece('')]);
	return {
		title: 'commands',
		lines: [prompt(': ', dialog.query, pen), [], ...listed, ...none, ...blank],
		...(dialog.items.length === 0 ? {} : { selected: dialog.selected - first + 2 }),
		frame: 'plain',
		width,
		foot: dialog.items.length > room ? `${first + 1}-${Math.min(first + room, dialog.items.length)} of ${dialog.items.length}` : 'Enter choose  Esc cancel',
	};
};

const riskWords: Readonly<Record<MenuItem['risk'], string>> = { read: '', change: 'change', destructive: 'DESTRUCTIVE' };

const menuContent = (dialog: Extract<Dialog, { kind: 'menu' }>, columns: number, rows: number, pen: Pen): Content => {
	const width = Math.min(70, columns - 4);
	const room = rows - 7;
	const first = firstOf(dialog.selected, room, dialog.items.length);
	const line = (item: MenuItem): readonly Piece[] => {
		const right = item.disabled === undefined ? riskWords[item.risk] : '';
		const text = item.disabled === undefined ? item.title : `${item.title}: ${item.disabled}`;
		return [piece(` ${fit(text, width - 18, pen)} `, item.disabled === undefined ? 'plain' : 'muted'), piece(fit(right, 11, pen), item.risk === 'destructive' ? 'p0' : 'muted')];
	};
	return {
		title: dialog.title,
		lines: dialog.items.length === 0 ? [[piece(' nothing can be done here', 'muted')]] : dialog.items.slice(first, first + room).map(line),
		...(dialog.items.length === 0 ? {} : { selected: dialog.selected - first }),
		frame: 'plain',
		width,
		foot: 'Enter choose  Esc cancel',
	};
};

const labelled = (label: string, text: string, width: number, role: Piece['role']): readonly (readonly Piece[])[] =>
	wrapLines(text, Math.max(10, width - 12)).map((part, index) => [piece((index === 0 ? label : '').padEnd(8), 'muted'), piece(part, role)]);

/** @param where how one comes to see the rest */
const shortened = (lines: readonly (readonly Piece[])[], room: number, where: string): readonly (readonly Piece[])[] =>
	lines.length <= room ? lines : [...lines.slice(0, room - 1), [piece(''.padEnd(8)), piece(`${lines.length - room + 1} more lines: ${where}`, 'muted')]];

const button = (label: string, focused: boolean, ready: boolean): Piece =>
	piece(focused ? `> ${label} <` : `  ${label}  `, focused ? ['selected', 'strong'] : ready ? 'plain' : 'muted');

/** The lines of what is confirmed, the facts beside it, and how many rows each has. */
interface ConfirmParts {
	readonly where: readonly (readonly Piece[])[];
	readonly facts: readonly (readonly Piece[])[];
	readonly act: readonly (readonly Piece[])[];
	readonly loss: readonly (readonly Piece[])[];
	readonly actRows: number;
	readonly factRows: number;
}

const confirmWidth = (columns: number): number => Math.min(72, columns - 4);

/** A blank line and the buttons; before them what is typed, with a blank line too. */
const answerRows = (destructive: boolean): number => (destructive ? 5 : 2);

/** In a low window facts give way, then the lines of a long script, which scroll: what goes and the buttons never do. */
const confirmParts = (dialog: ConfirmDialog, columns: number, rows: number): ConfirmParts => {
	const destructive = dialog.risk === 'destructive';
	const inner = confirmWidth(columns) - 4;
	const where = [
		...labelled('host', dialog.host, inner, 'strong'),
		// A script names nothing that it acts on.
		...(dialog.target === '' ? [] : labelled('target', dialog.target, inner, 'strong')),
	];
	const facts = (dialog.facts ?? []).flatMap((fact) => labelled(fact.label, fact.text, inner, fact.tone === 'plain' ? 'strong' : [fact.tone, 'strong']));
	const act = labelled('act', dialog.act, inner, 'plain');
	const loss = labelled('loss', dialog.loss, inner, destructive ? ['p0', 'strong'] : 'plain');
	const room = Math.max(2, rows - 4 - where.length - loss.length - answerRows(destructive));
	const actRows = Math.min(act.length, Math.max(1, room - Math.min(facts.length, 1)));
	return { where, facts, act, loss, actRows, factRows: Math.max(1, room - actRows) };
};

/** How many lines of what is confirmed are out of sight, so that the store can bound its scroll. */
export const confirmScrollMost = (dialog: ConfirmDialog, columns: number, rows: number): number => {
	const { act, actRows } = confirmParts(dialog, columns, rows);
	return act.length <= actRows ? 0 : act.length - Math.max(1, actRows - 1);
};

/** As many lines as there is room for, from where one has scrolled to, and where that is. */
const windowOf = (lines: readonly (readonly Piece[])[], room: number, scroll: number): readonly (readonly Piece[])[] => {
	if (lines.length <= room) return lines;
	const visible = Math.max(1, room - 1);
	const first = Math.max(0, Math.min(scroll, lines.length - visible));
	return [...lines.slice(first, first + visible), ...(room < 2 ? [] : [[piece(''.padEnd(8)), piece(`lines ${first + 1}-${first + visible} of ${lines.length}: Up and Down scroll`, 'muted')]])];
};

const confirmContent = (dialog: ConfirmDialog, columns: number, rows: number, pen: Pen): Content => {
	const destructive = dialog.risk === 'destructive';
	const typedRight = dialog.typed === dialog.target;
	const verb = dialog.title.replace(/\?$/, '');
	// A destructive act is confirmed by the name alone: until it stands there, the act cannot have the focus.
	const focus = destructive ? (typedRight ? 'confirm' : 'cancel') : dialog.focus;
	const typing: readonly (readonly Piece[])[] = destructive
		? [
				[],
				[piece('Type '), piece(dialog.target, 'strong'), piece(' to confirm:')],
				[...prompt('> ', dialog.typed, pen), piece(typedRight ? '  matches: Enter does it' : dialog.typed !== '' && !dialog.target.startsWith(dialog.typed) ? '  does not match' : '', 'muted')],
			]
		: [];
	const { where, facts, act, loss, actRows, factRows } = confirmParts(dialog, columns, rows);
	const answer = [...typing, [], [button('Cancel', focus === 'cancel', true), piece('   '), button(verb, focus === 'confirm', !destructive)]];
	const acts = windowOf(act, actRows, dialog.scroll ?? 0);
	const shown = shortened(facts, factRows, 'look at the plan');
	return {
		title: destructive ? `DESTRUCTIVE: ${dialog.title}` : dialog.title,
		lines: [...where, ...shown, ...acts, ...loss, ...answer],
		frame: destructive ? 'p0' : 'plain',
		width: confirmWidth(columns),
		foot: destructive ? 'Esc cancel' : 'Tab other button  Enter choose  Esc cancel',
	};
};

const helpWidth = (columns: number): number => Math.min(columns - 2, 120);

const helpContent = (scroll: number, columns: number, rows: number, pen: Pen): Content => {
	const width = helpWidth(columns);
	const lines = helpLines(width - 4, pen);
	const room = rows - 4;
	const first = Math.max(0, Math.min(scroll, lines.length - room));
	const foot = lines.length > room ? `${first + 1}-${Math.min(first + room, lines.length)} of ${lines.length}  j k scroll  Esc close` : 'Esc close';
	return { title: 'keys', lines: lines.slice(first, first + room), frame: 'plain', width, foot };
};

/** How many lines the help has in a window of this width, so that the store can bound its scroll. */
export const helpScrollMost = (columns: number, rows: number, pen: Pen): number =>
	Math.max(0, helpLines(helpWidth(columns) - 4, pen).length - (rows - 4));

/** A dialog in its box, centred over the panes. It never covers the header. */
export const presentDialog = (dialog: Dialog, columns: number, rows: number, pen: Pen): DialogBox => {
	switch (dialog.kind) {
		case 'help':
			return framed(helpContent(dialog.scroll, columns, rows, pen), columns, rows, pen);
		case 'palette':
			return framed(paletteContent(dialog, columns, rows, pen), columns, rows, pen);
		case 'menu':
			return framed(menuContent(dialog, columns, rows, pen), columns, rows, pen);
		case 'confirm':
			return framed(confirmContent(dialog, columns, rows, pen), columns, rows, pen);
		default:
			return framed(runDialogContent(dialog, columns, rows, pen), columns, rows, pen);
	}
};
