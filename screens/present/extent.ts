import type { ConsoleView } from '../../src/console/view.ts';
import type { Pen } from './cells.ts';
import { helpScrollMost } from './dialogs.ts';
import { healthLineCount } from './health.ts';

/** How far the parts that scroll by lines can scroll in a view, so that the store can bound what it keeps. */
export interface Extents {
	readonly health: number;
	readonly help: number;
}

/** @param healthBox the box of the health pane, its title row included; absent where it is not drawn */
export const scrollExtents = (view: ConsoleView, healthBox: { readonly width: number; readonly height: number } | undefined, pen: Pen): Extents => ({
	health:
		healthBox === undefined
			? 0
			: Math.max(0, healthLineCount(view.health, view.header.now, healthBox.width, healthBox.height) - (healthBox.height - 1)),
	help: view.dialog?.kind === 'help' ? helpScrollMost(view.columns, view.rows, pen) : 0,
});
