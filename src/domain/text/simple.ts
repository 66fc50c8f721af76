/** ASCII, Latin letters, the ellipsis, boxes, blocks and braille. */
const characters = String.raw`\u0020-\u007e\u00c0-\u017f\u2026\u2500-\u259f\u2800-\u28ff`;

const simple = new RegExp(`^[${characters}]*$`);
const simpleWithControls = new RegExp(`^[\\n\\u001b${characters}]*$`);

/**
 * Whether a text is made only of characters that are one cell wide, harmless, and stand alone whatever is beside them. Nearly all that a
 * screen shows is, and neither its width nor its characters need Unicode's tables then.
 */
export const isSimple = (text: string): boolean => simple.test(text);

/** The same, with escapes and line feeds between them, which stand alone as well. */
export const standAlone = (text: string): boolean => simpleWithControls.test(text);
