import type { Glyphs } from '../../src/console/theme.ts';
import { bindingsIn, contextOf, keyLabel } from '../../src/console/keymap.ts';
import type { KeyContext } from '../../src/console/bindings.ts';
import type { ConsoleView } from '../../src/console/view.ts';
import { type Pen, type Piece, piece, row, widthOf } from './cells.ts';

/** The most useful first; hints that are not named here come before all of them, in the order of the keymap. */
const order: readonly string[] = ['act', 'search', 'filter', 'open', 'pane', 'zoom', 'commands', 'level', 'wrap', 'move'];

const rank = (hint: string | undefined): number => (hint === undefined ? order.length : order.indexOf(hint));

/** Answers to a run: worth a word only while it asks for something. */
const answers: ReadonlySet<string> = new Set(['answer', 'skip']);

/** What the keys do in a context, as many as fit, the most useful first; help is always among them. @param asked a run waits for an answer */
const hintPieces = (context: KeyContext, asked: boolean, width: number, glyphs: Glyphs): readonly Piece[] => {
	const useful = bindingsIn(context).filter(({ hint }) => asked || hint === undefined || !answers.has(hint));
	const ranked = useful.toSorted((a, b) => rank(a.hint) - rank(b.hint));
	const hinted = ranked.flatMap((binding) => {
		const key = binding.keys[0];
		return binding.hint === undefined || key === undefined ? [] : [{ key: key === 'j' ? 'j k' : key === '[' ? '[ ]' : key === 'e' ? 'e E' : keyLabel(key, glyphs), hint: binding.hint, last: binding.hint === 'help' || binding.hint === 'quit' }];
	});
	const size = (one: { readonly key: string; readonly hint: string }): number => widthOf(one.key) + 1 + widthOf(one.hint) + 2;
	const last = hinted.filter((one) => one.last);
	let left = width - 1 - last.reduce((sum, one) => sum + size(one), 0);
	const kept = hinted.filter((one) => {
		if (one.last || size(one) > left) return false;
		left -= size(one);
		return true;
	});
	return [piece(' '), ...[...kept, ...last].flatMap((one): readonly Piece[] => [piece(one.key, 'strong'), piece(` ${one.hint}  `, 'muted')])];
};

/** The bottom line. */
export const presentHints = (view: ConsoleView, width: number, pen: Pen): string =>
	row(hintPieces(contextOf(view), view.playbook.run?.asks !== undefined, width, pen.glyphs.name), width, pen);

/** The notice: what was done, or what failed. */
export const presentNotice = (notice: ConsoleView['notice'], width: number, pen: Pen): string =>
	notice === undefined ? ' '.repeat(width) : row([piece(` ${notice.text}`, notice.tone === 'plain' ? 'strong' : [notice.tone, 'strong'])], width, pen);
