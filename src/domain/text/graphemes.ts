import { standAlone } from './simple.ts';

/** A piece of a text, as `Intl.Segmenter` gives it. */
export interface Grapheme {
	readonly segment: string;
	readonly index: number;
	readonly input: string;
}

// Taken apart here, since the build puts what is below in place of the member itself.
const { Segmenter } = Intl;
type Locales = string | string[] | undefined;

/**
 * `Intl.Segmenter`, as far as it is used here: its first one costs 13 ms, and each character of a screen some 0.3 µs. Texts
 * that are made of characters that stand alone are taken apart without it, and it is made when another one comes. The
 * build puts it in place of the one that the libraries use.
 */
export class GraphemeSegmenter {
	readonly #make: () => Intl.Segmenter;
	readonly #graphemes: boolean;
	#real: Intl.Segmenter | undefined;

	constructor(locales?: Locales, options?: Intl.SegmenterOptions) {
		this.#make = () => new Segmenter(locales, options);
		this.#graphemes = (options?.granularity ?? 'grapheme') === 'grapheme';
	}

	segment(text: string): Iterable<Grapheme> {
		if (this.#graphemes && standAlone(text)) return new Characters(text);
		this.#real ??= this.#make();
		return this.#real.segment(text);
	}
}

/** Each character for itself. */
class Characters implements Iterable<Grapheme> {
	readonly #text: string;

	constructor(text: string) {
		this.#text = text;
	}

	[Symbol.iterator](): Iterator<Grapheme> {
		const input = this.#text;
		let index = 0;
		return {
			next: () => (index < input.length ? { done: false, value: { segment: input.charAt(index), index: index++, input } } : { done: true, value: undefined }),
		};
	}
}
