import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { GraphemeSegmenter } from '../../../src/domain/text/graphemes.ts';
import { standAlone } from '../../../src/domain/text/simple.ts';
import widthOf from '../../../src/domain/text/width.ts';

/** Texts like those of a screen, with rarer characters in between. */
const texts = fc
	.array(
		fc.oneof(
			{ weight: 6, arbitrary: fc.string({ unit: fc.constantFrom('a', 'Z', ' ', '~', 'é', 'ÿ', 'ſ', '…', '─', '│', '┌', '▁', '█', '▟', '⠁', '⣿') }) },
			{ weight: 2, arbitrary: fc.constantFrom('\u001b[31m', '\u001b[0m', '\u001b[1;38;5;9m', '\u001b[K', '\u001b', '\n') },
			{ weight: 1, arbitrary: fc.constantFrom('\r', '\r\n', '\t', '\u0301', '漢', '👩‍🚀', '🇩🇪', '1️⃣', '\u200d', '가', '\u00ad') },
		),
	)
	.map((parts) => parts.join(''));

test('characters are those of Intl.Segmenter', () => {
	const real = new Intl.Segmenter();
	const ours = new GraphemeSegmenter();
	fc.assert(
		fc.property(texts, (text) => {
			expect([...ours.segment(text)]).toEqual([...real.segment(text)]);
		}),
		{ numRuns: 2000 },
	);
});

test('words are still words', () => {
	const words = [...new GraphemeSegmenter('en', { granularity: 'word' }).segment('two words')].map((each) => each.segment);
	expect(words).toEqual(['two', ' ', 'words']);
});

test('widths are those of string-width', () => {
	fc.assert(
		fc.property(texts, fc.constantFrom(undefined, { countAnsiEscapeCodes: true }, { ambiguousIsNarrow: false }), (text, options) => {
			expect(widthOf(text, options)).toBe(stringWidth(text, options));
		}),
		{ numRuns: 3000 },
	);
});

test('every single character that stands alone is one cell wide', () => {
	const alone = Array.from({ length: 0x3000 - 0x20 }, (_, index) => String.fromCharCode(0x20 + index)).filter(standAlone);
	expect(alone.length).toBeGreaterThan(600);
	expect(alone.filter((character) => stringWidth(character) !== 1)).toEqual([]);
});
