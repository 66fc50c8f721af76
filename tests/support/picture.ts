// `npm run picture`: makes docs/screen.svg from the cells of a real terminal in which the console shows the range.
// Needs an engine with the range up and a fault made (npm run demo, or sitrep drill up and sitrep drill break).
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { openTerminal, type SeenCell } from './terminal.ts';

const columns = 120;
const rows = 36;
/** Cell in px, for a 13 px monospace font. */
const cell = { width: 7.8, height: 17 };
const margin = 12;

const base = ['#000000', '#cd3131', '#0dbc79', '#e5e510', '#2472c8', '#bc3fbc', '#11a8cd', '#e5e5e5'];
const bright = ['#666666', '#f14c4c', '#23d18b', '#f5f543', '#3b8eea', '#d670d6', '#29b8db', '#ffffff'];
const foreground = '#d4d4d4';
const background = '#16181d';

/** Colour of an xterm palette index: 16 named ones, a 6x6x6 cube, 24 greys. */
const colour = (index: number | string | undefined, otherwise: string): string => {
	if (index === undefined) return otherwise;
	if (typeof index === 'string') return index;
	if (index < 8) return base[index] ?? otherwise;
	if (index < 16) return bright[index - 8] ?? otherwise;
	if (index >= 232) {
		const grey = 8 + (index - 232) * 10;
		return `rgb(${grey},${grey},${grey})`;
	}
	const level = (step: number): number => (step === 0 ? 0 : 55 + step * 40);
	const cube = index - 16;
	return `rgb(${level(Math.floor(cube / 36))},${level(Math.floor(cube / 6) % 6)},${level(cube % 6)})`;
};

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const look = (seen: SeenCell): { readonly fill: string; readonly back: string; readonly bold: boolean; readonly dim: boolean } => {
	const fill = colour(seen.foreground, foreground);
	const back = colour(seen.background, background);
	return seen.inverse ? { fill: back, back: fill, bold: seen.bold, dim: false } : { fill, back, bold: seen.bold, dim: seen.dim };
};

/** One row as runs of cells that look alike. */
const rowOf = (cells: readonly SeenCell[], row: number): string => {
	const parts: string[] = [];
	const y = margin + row * cell.height;
	for (let start = 0; start < cells.length; ) {
		const first = cells[start];
		if (first === undefined) break;
		const style = look(first);
		let end = start + 1;
		while (end < cells.length && JSON.stringify(look(cells[end] ?? first)) === JSON.stringify(style)) end++;
		const text = cells.slice(start, end).map((each) => (each.text === '' ? ' ' : each.text)).join('');
		const x = margin + start * cell.width;
		const width = (end - start) * cell.width;
		if (style.back !== background) parts.push(`<rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${cell.height}" fill="${style.back}"/>`);
		if (text.trim() !== '') {
			const weight = style.bold ? ' font-weight="bold"' : '';
			const opacity = style.dim ? ' opacity="0.6"' : '';
			parts.push(`<text x="${x.toFixed(1)}" y="${y + 13}" textLength="${width.toFixed(1)}" fill="${style.fill}"${weight}${opacity} xml:space="preserve">${escape(text)}</text>`);
		}
		start = end;
	}
	return parts.join('');
};

const state = mkdtempSync(join(tmpdir(), 'sitrep-picture-'));
await using terminal = await openTerminal({
	command: fileURLToPath(new URL('../../bin/sitrep', import.meta.url)),
	env: { DOCKER_HOST: process.env['DOCKER_HOST'], SITREP_STATE_DIR: state },
	columns,
	rows,
});
await terminal.waitFor(/P0 cloud-native-poc/, { timeout: 60_000 });
// Its log has come. The error itself may have been some lines before.
await terminal.waitFor(/INFO|ERROR/, { timeout: 60_000 });
// The playbook for it, up to the first change that asks.
terminal.type('p');
await terminal.waitFor(/P0: container crashed/);
terminal.type('P0: container crashed');
await terminal.waitFor(/> P0 P0: container crashed|P0 P0: container crashed/);
terminal.type('\r');
await terminal.waitFor(/> Start </);
terminal.type('\r');
await terminal.waitFor(/run it\? CHANGE/, { timeout: 60_000 });
rmSync(state, { recursive: true, force: true });
const width = columns * cell.width + 2 * margin;
const height = rows * cell.height + 2 * margin;
const lines = Array.from({ length: rows }, (_, row) => rowOf(terminal.cells(row), row));
writeFileSync(
	new URL('../../docs/screen.svg', import.meta.url),
	`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13">
<title>sitrep showing a container that was killed for memory, and the playbook for it</title>
<rect width="100%" height="100%" rx="8" fill="${background}"/>
${lines.join('\n')}
</svg>
`,
);
terminal.type('q');
