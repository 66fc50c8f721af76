import { GraphemeSegmenter } from '../../domain/text/graphemes.ts';
import type { Action } from '../actions.ts';

const segmenter = new GraphemeSegmenter('en', { granularity: 'grapheme' });

/** What a prompt holds after typing or erasing. */
export const edited = (text: string, action: Extract<Action, { kind: 'type' | 'erase' }>): string => {
	if (action.kind === 'type') return text + action.text;
	if (action.what === 'all') return '';
	if (action.what === 'word') return text.replace(/\S+\s*$/, '');
	const characters = [...segmenter.segment(text)].map((each) => each.segment);
	return characters.slice(0, -1).join('');
};

/** Moves an index within 0 … total − 1. */
export const moved = (
	index: number,
	total: number,
	visible: number,
	by: 'row' | 'half' | 'page' | 'all',
	direction: -1 | 1,
): number => {
	const distance = { row: 1, half: Math.max(1, Math.floor(visible / 2)), page: Math.max(1, visible - 1), all: total }[by];
	return Math.max(0, Math.min(total - 1, index + direction * distance));
};
