import { bindings, type Binding, keyGroups } from '../../src/console/bindings.ts';
import { keysLabel } from '../../src/console/keymap.ts';
import { fit, type Pen, type Piece, piece } from './cells.ts';

type HelpLine = readonly Piece[];

const keyCells = 12;

/** Repeated in several dialogs with the same keys: named once. */
const distinct = (group: readonly Binding[]): readonly Binding[] => {
	const seen = new Set<string>();
	return group.filter((binding) => {
		const id = `${binding.keys.join(' ')} ${binding.title}`;
		return !seen.has(id) && seen.add(id) !== undefined;
	});
};

/** The keys by group, those of dialogs left out as each dialog names its own; one, two or three columns of them by width. */
export const helpLines = (width: number, pen: Pen): readonly HelpLine[] => {
	const columns = width >= 108 ? 3 : width >= 70 ? 2 : 1;
	const cells = Math.floor(width / columns);
	const blocks = keyGroups.filter((group) => group !== 'dialogs').map((group): readonly HelpLine[] => [
		[piece(fit(group, cells, pen), 'strong')],
		...distinct(bindings.filter((binding) => binding.group === group)).map((binding): HelpLine => [
			piece(` ${fit(keysLabel(binding, pen.glyphs.name), keyCells, pen)} `, 'strong'),
			piece(fit(binding.title, cells - keyCells - 2, pen)),
		]),
		[piece(' '.repeat(cells))],
	]);
	const lines = blocks.flat();
	const perColumn = Math.ceil(lines.length / columns);
	const blank: HelpLine = [piece(' '.repeat(cells))];
	return Array.from({ length: perColumn }, (_, index) => Array.from({ length: columns }, (__, column) => lines[column * perColumn + index] ?? blank).flat());
};
