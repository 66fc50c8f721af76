import stringWidth, { type Options } from 'string-width';
import { isSimple } from './simple.ts';

/** The colours and weights that programs and our own rows are written with (SGR). */
const styles = /\u001b\[[\d;:]*m/g;

/**
 * Cells that a text takes in a terminal; what it is styled with takes none. The build puts it in place of `string-width` in
 * the libraries: that one builds a pattern of all emoji, 16 ms, at the first character that is not ASCII, which a line of a box is.
 */
const widthOf = (text: string, options?: Options): number => {
	if (options?.ambiguousIsNarrow !== false) {
		if (isSimple(text)) return text.length;
		if (options?.countAnsiEscapeCodes !== true && text.includes('\u001b[')) {
			const plain = text.replaceAll(styles, '');
			if (isSimple(plain)) return plain.length;
		}
	}
	return stringWidth(text, options);
};

// The name and the form of what it stands for.
export default widthOf;
