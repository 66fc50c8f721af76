import type { TestTerminal } from '../support/terminal.ts';

/** What the playbook pane says, read from the screen as a person reads it. */
export interface Pane {
	/** Title of the playbook that is shown. */
	readonly title: string;
	/** `3 of 19`; absent where the run is over. */
	readonly position?: string;
	/** What the run asks, or says. */
	readonly ask: string;
	/** Title of the step that stands next, or has failed and waits for a word, as far as the row shows it. */
	readonly next: string;
}

const heading = /^ 4 PLAYBOOK (.+?) {2}(?:DRY RUN {2})?(?:step (\d+ of \d+)|\d+ steps)/;

export const readPane = (terminal: TestTerminal): Pane | undefined => {
	const lines = terminal.screen();
	const at = lines.findIndex((line) => heading.test(line));
	const found = heading.exec(lines[at] ?? '');
	if (found === null) return undefined;
	const next = lines.slice(at).find((line) => /^>(?:next|run|FAIL) /.test(line));
	return {
		title: found[1] ?? '',
		...(found[2] === undefined ? {} : { position: found[2] }),
		ask: (lines[at + 1] ?? '').trim(),
		next: /^>\w+ +(.+?)(?: {2}|$)/.exec(next ?? '')?.[1] ?? '',
	};
};

/** Inside of a dialog's rows, from its title to its foot; empty where none is open. The line of the selected row is marked. */
export const readDialog = (terminal: TestTerminal): { readonly title: string; readonly rows: readonly { readonly text: string; readonly selected: boolean }[] } | undefined => {
	const lines = terminal.screen();
	const top = lines.findIndex((line) => /┌─ .+ ─+┐/.test(line));
	const frame = /┌─ (.+?) ─+┐/.exec(lines[top] ?? '');
	if (frame === null) return undefined;
	const left = frame.index;
	const rows: { readonly text: string; readonly selected: boolean }[] = [];
	for (let row = top + 1; row < lines.length && lines[row]?.[left] === '│'; row++) {
		const cells = terminal.cells(row).slice(left + 1, left + frame[0].length - 1);
		rows.push({ text: cells.map((cell) => cell.text).join('').trim(), selected: cells.some((cell) => cell.inverse) });
	}
	return { title: frame[1] ?? '', rows };
};
