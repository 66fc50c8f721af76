import type { PaneWords } from '../../src/console/view.ts';
import { harmless, type Pen, piece, row } from './cells.ts';
import { wrapWords } from './wrap.ts';

/** What a pane says where it has nothing to list: what is missing and why, then what to do. */
export const wordsRows = (words: PaneWords, width: number, height: number, pen: Pen): readonly string[] => {
	const room = Math.max(1, width - 4);
	const first = wrapWords(harmless(words.text), room).map((text) => row([piece(`  ${text}`, words.kind === 'error' ? 'strong' : 'plain')], width, pen));
	const advice = words.advice === undefined ? [] : wrapWords(harmless(words.advice), room).map((text) => row([piece(`  ${text}`, 'muted')], width, pen));
	const rows = [...first, ...advice].slice(0, height);
	return [...rows, ...Array.from({ length: Math.max(0, height - rows.length) }, () => ' '.repeat(width))];
};
