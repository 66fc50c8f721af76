import type { Glyphs } from '../../src/console/theme.ts';

/** Characters that are not words. Each is one cell wide. */
export interface GlyphSet {
	readonly name: Glyphs;
	readonly ellipsis: string;
	readonly rule: string;
	readonly divider: string;
	/** Corners: top left, top right, bottom left, bottom right. */
	readonly corners: readonly [string, string, string, string];
	/** Sparkline levels, the lowest first; a gap is a space. */
	readonly levels: readonly string[];
	readonly threshold: string;
	readonly axis: string;
}

const unicode: GlyphSet = {
	name: 'unicode',
	ellipsis: '…',
	rule: '─',
	divider: '│',
	corners: ['┌', '┐', '└', '┘'],
	levels: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
	threshold: '┈',
	axis: '│',
};

const ascii: GlyphSet = {
	name: 'ascii',
	ellipsis: '~',
	rule: '-',
	divider: '|',
	corners: ['+', '+', '+', '+'],
	levels: ['_', '.', '-', '=', 'o', '*', '%', '#'],
	threshold: '-',
	axis: '|',
};

export const glyphSet = (name: Glyphs): GlyphSet => (name === 'unicode' ? unicode : ascii);
