import type { ConsoleView } from '../../src/console/view.ts';
import type { Pen } from './cells.ts';
import { confirmScrollMost, helpScrollMost } from './dialogs.ts';
import { healthLineCount } from './health.ts';

/** How far the parts that scroll by lines can scroll in a view, so that the store can bound what it keeps. */
export interface Extents {
	readonly health: number;
	/** The open dialog. */
	readonly dialog: number;
}

const dialogMost = ({ dialog, columns, rows }: ConsoleView, pen: Pen): number =>
	dialog?.kind === 'help' ? helpScrollMost(columns, rows, pen) : dialog?.kind === 'confirm' ? confirmScrollMost(dialog, columns, rows) : 0;

/** @param healthBox the box of the health pane, its title row included; absent where it is not drawn */
export const scrollExtents = (view: ConsoleView, healthBox: { readonly width: number; readonly height: number } | undefined, pen: Pen): Extents => ({
	health:
		healthBox === undefined
			? 0
			: Math.max(0, healthLineCount(view.health, view.header.now, healthBox.width, healthBox.height) - (healthBox.height - 1)),
	dialog: dialogMost(view, pen),
});
